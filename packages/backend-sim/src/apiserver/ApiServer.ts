/** The API server: what it answers, and what it stores (`k8s.io/apiserver/pkg/registry`; the rules are core's `decide/apiserver`). */
import {
  type Answer,
  type ApplyPatch,
  admitPodResize,
  allocateService,
  allocationErrors,
  allocationRefusal,
  alreadyExists,
  apiResource,
  applyObject,
  askedObject,
  beforeDelete,
  bindPod,
  brokenLimitRange,
  conflict,
  createObject,
  createPod,
  type DeleteOptions,
  decideEviction,
  deleteNamespace,
  dropDisabledConditions,
  FIELD_MANAGER,
  type FieldValidation,
  generateName,
  generateNameConflict,
  groupVersionOf,
  type Instant,
  invalidObject,
  isNode,
  isPod,
  type JsonObject,
  jsonEqual,
  KUBERNETES_ADDRESS,
  type KubernetesObject,
  type KubernetesRelease,
  latestRelease,
  type ManagedFields,
  markForEviction,
  type NodeObject,
  namespaceObjects,
  noManagedFields,
  notFound,
  notFoundResource,
  ORPHANING_WARNING,
  otherLife,
  otherName,
  type Patch,
  type PodCondition,
  type PodObject,
  patchObject,
  podDeletion,
  refOf,
  refusedByTermination,
  refusedWith,
  removesOnUpdate,
  rescaled,
  type ServiceAllocator,
  type Status,
  scaleManagedFields,
  scaleObjectOf,
  sentWarnings,
  specOf,
  strategyOf,
  updateObject,
  updatePodStatus,
  warningsOnCreate,
  warningsOnUpdate,
  withPodCondition
} from "@kubereel/core"
import { Result } from "effect"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import { Admission, LOOPBACK } from "./Admission.ts"
import type { Store } from "./Store.ts"
import { apartFromFields, createBy, managedFieldsAfter, sameFields, shown, updateBy, type WrittenBy } from "./writes.ts"

/** What a component that is no kubelet writes into a pod's status. */
export interface PodStatusPatch {
  readonly condition?: PodCondition | undefined
  /** Empty: no node is kept for it any more. */
  readonly nominatedNodeName?: string | undefined
}

const namespaces = apiResource("Namespace")
const CONTROLLER_MANAGER = "kube-controller-manager"

/** Only pods are given time to end. */
const deletionOf = (kind: string) => ({
  resource: apiResource(kind),
  gracePeriod: () => undefined,
  orphansByDefault: strategyOf(kind).orphansByDefault === true
})

/** maxNameGenerationCreateAttempts. */
const NAME_ATTEMPTS = 8

const changed = "the object has been modified; please apply your changes to the latest version and try again"

export interface ObjectName {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

const nameOf = ({ kind, metadata: { name, namespace = "" } }: KubernetesObject): ObjectName => ({
  kind,
  name,
  namespace
})

export class ApiServer {
  readonly #engine: Engine
  readonly #store: Store
  readonly #seed: number
  readonly #release: KubernetesRelease
  readonly #admission: Admission
  readonly #streams = new Map<string, RandomStream>()
  /** What there was to say of the request that somebody waits for the answer of. */
  #said: Array<string> | undefined
  /** What becomes of fields that its request patches in and that its kind does not have. */
  #validation: FieldValidation = "Strict"

  constructor(engine: Engine, store: Store, seed: number, release = latestRelease) {
    this.#release = release
    this.#engine = engine
    this.#store = store
    this.#admission = new Admission(store, (warnings) => this.#warn(warnings))
    this.#seed = seed
  }

  /** One request with what the server says beside its answer. Components do not look at that: their requests are asked without. */
  withWarnings(ask: () => Answer, validation: FieldValidation = "Strict"): Answer {
    const said: Array<string> = []
    this.#said = said
    this.#validation = validation
    const answer = ask()
    this.#said = undefined
    this.#validation = "Strict"
    const warnings = sentWarnings(said)
    return warnings.length === 0 ? answer : { ...answer, warnings }
  }

  #warn(warnings: () => ReadonlyArray<string>): void {
    this.#said?.push(...warnings())
  }

  get now(): Instant {
    return this.#engine.now
  }

  getPod(namespace: string, name: string): PodObject | undefined {
    const object = this.#store.get("Pod", namespace, name)
    return object !== undefined && isPod(object) ? object : undefined
  }

  /** What the store has of any kind. */
  get({ kind, name, namespace }: ObjectName): KubernetesObject | undefined {
    return this.#store.get(kind, apiResource(kind).namespaced ? namespace : undefined, name)
  }

  /** POST. `namespace`: of the request; `manager`: who it is. */
  create(manifest: KubernetesObject, namespace: string, manager = FIELD_MANAGER, entries?: ManagedFields): Answer {
    const by = { manager, now: this.#engine.now, ...(entries && { entries }) }
    if (manifest.kind === "Namespace") return this.#createNamespace(manifest, by)
    const resource = apiResource(manifest.kind)
    const within = resource.namespaced ? this.#store.get("Namespace", undefined, namespace) : undefined
    if (resource.namespaced && within === undefined) return refusedWith(notFound(namespaces, namespace))
    const ending = within && refusedByTermination(resource, manifest.metadata.name ?? "", within)
    if (ending !== undefined) return refusedWith(ending)
    return manifest.kind === "Pod"
      ? this.#createPod(manifest, namespace, by)
      : this.#createObject(manifest, namespace, by)
  }

  #createNamespace(manifest: KubernetesObject, by: WrittenBy): Answer {
    const { now } = this.#engine
    const answer = this.#createObject(manifest, "", by)
    const { name } = manifest.metadata
    if (answer.status === 201)
      for (const object of namespaceObjects(name))
        this.#createObject(object, name, { manager: CONTROLLER_MANAGER, now })
    return answer
  }

  /** The `status` subresource; answers with the stored object, which is `pod` itself when nothing changed. */
  updatePodStatus(pod: PodObject, status: JsonObject, manager = "kubelet"): PodObject {
    const next = updatePodStatus(pod, status)
    const by = { manager, subresource: "status", now: this.#engine.now }
    return next === pod ? pod : (updateBy(this.#store, pod, next, by) as PodObject)
  }

  /** As the scheduler does it; answers with the Status's message if it is refused. */
  bindPod(pod: PodObject, node: string): string | undefined {
    return this.bind(refOf(pod), node)?.message
  }

  /** POST of a binding; the Status if it is refused. `uid`: of the life that is meant; any if absent. */
  bind(
    { name, namespace, uid }: { readonly namespace: string; readonly name: string; readonly uid?: string | undefined },
    node: string
  ): Status | undefined {
    const current = this.getPod(namespace, name)
    if (current === undefined) return notFound(podDeletion.resource, name)
    if (uid !== undefined && current.metadata.uid !== uid)
      return conflict(podDeletion.resource, name, "the UID in the precondition does not match")
    const bound = bindPod(current, node, this.#engine.now, this.#nodeLabels(node))
    if (Result.isFailure(bound)) return bound.failure
    this.#store.update(bound.success)
    return undefined
  }

  /** What pods get of the labels of their node. */
  #nodeLabels(node: string): { readonly [label: string]: string } | undefined {
    if (!this.#release.gates.PodTopologyLabelsAdmission) return undefined
    return this.#store.get("Node", undefined, node)?.metadata.labels
  }

  /** PATCH of one condition, of the nominated node or of both. `false`: that life of the name is over. */
  patchPodStatus(pod: PodObject, { condition, nominatedNodeName }: PodStatusPatch): boolean {
    const current = this.getPod(pod.metadata.namespace ?? "", pod.metadata.name)
    if (current === undefined || current.metadata.uid !== pod.metadata.uid) return false
    const conditions =
      condition === undefined
        ? current.status.conditions
        : dropDisabledConditions(withPodCondition(current, condition), this.#release)
    const status = {
      ...current.status,
      ...(conditions === undefined ? {} : { conditions }),
      ...(nominatedNodeName === undefined ? {} : { nominatedNodeName: nominatedNodeName || undefined })
    }
    this.updatePodStatus(current, status, "kube-scheduler")
    return true
  }

  /** POST of an Event in the version of the scheduler's client: the server adds its identity. */
  createEvent(event: KubernetesObject): void {
    this.#createObject(event, event.metadata.namespace ?? "default", this.#eventBy)
  }

  /** PATCH of such an Event. `false`: there is none. */
  patchEvent(namespace: string, name: string, changes: JsonObject): boolean {
    const event = this.#store.get("Event", namespace, name)
    if (event !== undefined) updateBy(this.#store, event, { ...event, ...changes }, this.#eventBy)
    return event !== undefined
  }

  get #eventBy(): WrittenBy {
    return { manager: "kube-scheduler", apiVersion: "events.k8s.io/v1", now: this.#engine.now }
  }

  /** PATCH of any kind, or of a subresource of it ("": of the object itself). */
  patch(of: ObjectName, subresource: string, patch: Patch, manager = FIELD_MANAGER): Answer {
    const object = this.get(of)
    if (object === undefined) return refusedWith(notFound(apiResource(of.kind), of.name))
    const target = subresource === "scale" ? scaleObjectOf(object) : shown(this.#store, object)
    if (target === undefined) return refusedWith(notFoundResource)
    const patched = patchObject(target, patch, apiResource(of.kind), this.#dropped)
    if (Result.isFailure(patched)) return refusedWith(patched.failure)
    return this.#write(object, patched.success, { manager, subresource, now: this.#engine.now })
  }

  /** Whoever asks strictly gets a refusal instead. */
  get #dropped(): ((warnings: ReadonlyArray<string>) => void) | undefined {
    const validation = this.#validation
    return validation === "Strict" ? undefined : (warnings) => validation === "Warn" && this.#warn(() => warnings)
  }

  /** Server-side apply: makes the object if it is not there. */
  apply(of: ObjectName, subresource: string, { body, force = false }: ApplyPatch, manager = FIELD_MANAGER): Answer {
    const live = this.get(of)
    const apiVersion = live?.apiVersion ?? groupVersionOf(apiResource(of.kind))
    const namespace = apiResource(of.kind).namespaced ? of.namespace : ""
    const writer = { manager, apiVersion, subresource, now: this.#engine.now, force }
    const entries = live === undefined ? noManagedFields : this.#store.managedFields(live)
    const applied = applyObject({ ...of, namespace, apiVersion }, { body, entries, live }, writer)
    if (Result.isFailure(applied)) return refusedWith(applied.failure)
    const { entries: after, object } = applied.success
    if (live !== undefined) return this.#update(live, object, subresource, () => after)
    if (subresource !== "") return refusedWith(notFound(apiResource(of.kind), of.name))
    const config = body as unknown as KubernetesObject
    const named = { ...config, metadata: { ...config.metadata, name: of.name } }
    return this.create(named, of.namespace, manager, after)
  }

  /** PUT of any kind, or of a subresource of it. One that names no resourceVersion overwrites whatever is there. */
  update(next: KubernetesObject, subresource: string, of = nameOf(next), manager = FIELD_MANAGER): Answer {
    const { metadata } = next
    // A `scale` is one of what is scaled.
    const resource = apiResource(of.kind)
    const object = this.get(of)
    if (object === undefined) return refusedWith(notFound(resource, of.name))
    const other = otherName(next, of) ?? otherLife(next, object)
    if (other !== undefined) return refusedWith(other)
    const expected = metadata.resourceVersion ?? object.metadata.resourceVersion
    if (expected !== object.metadata.resourceVersion) return refusedWith(conflict(resource, metadata.name, changed))
    return this.#write(object, next, { manager, subresource, now: this.#engine.now })
  }

  #write(object: KubernetesObject, asked: JsonObject, by: WrittenBy): Answer {
    if (by.subresource === "scale") return this.#rescale(object, asked, by)
    const { given, rest } = apartFromFields(asked)
    return this.#update(object, rest, by.subresource ?? "", (next) =>
      managedFieldsAfter(this.#store, object, next, { by, given })
    )
  }

  /** `fields`: who owns what when that is stored. */
  #update(
    object: KubernetesObject,
    asked: JsonObject,
    subresource: string,
    fields: (next: KubernetesObject) => ManagedFields
  ): Answer {
    const updated = updateObject(object, asked, subresource, {
      release: this.#release,
      now: this.#engine.now
    })
    if (Result.isFailure(updated)) return refusedWith(updated.failure)
    const given = subresource === "" ? this.#reallocated(updated.success, object) : Result.succeed(updated.success)
    if (Result.isFailure(given)) return refusedWith(given.failure)
    const next = given.success
    this.#warn(() => warningsOnUpdate(next, object, subresource))
    const managed = fields(next)
    if (next === object && sameFields(managed, this.#store.managedFields(object))) return { status: 200, body: object }
    const forbidden = this.#forbidden(next, object, subresource)
    if (forbidden !== undefined) return refusedWith(forbidden)
    // Nothing holds a deleted object any more: it goes as it was.
    if (removesOnUpdate(object, next)) return { status: 200, body: this.#store.remove(object) }
    return { status: 200, body: this.#store.update(next, managed) }
  }

  #forbidden(next: KubernetesObject, old: KubernetesObject, subresource: string): Status | undefined {
    if (subresource === "resize") {
      const limits = this.#admission.limitRanges(next.metadata.namespace ?? "")
      const refusal = admitPodResize(next, old, this.#nodeOf(next)) ?? brokenLimitRange(next, limits)
      if (refusal !== undefined) return refusal
    }
    const counts = subresource === "resize" || (subresource === "" && next.kind !== "ResourceQuota")
    return counts ? this.#admission.validate({ object: next, old, subresource, now: this.#engine.now }) : undefined
  }

  /** A write of `scale` is one of the object's size, and is answered with what its size is then. */
  #rescale(object: KubernetesObject, scale: JsonObject, by: WrittenBy): Answer {
    const asked = rescaled(object, scale)
    if (Result.isFailure(asked)) return refusedWith(asked.failure)
    const { apiVersion } = object
    const old = scaleObjectOf(object) ?? {}
    const answer = this.#update(object, asked.success, "", (next) =>
      scaleManagedFields(this.#store.managedFields(object), { apiVersion, old, next: scaleObjectOf(next) ?? {} }, by)
    )
    return answer.status >= 400
      ? answer
      : { ...answer, body: scaleObjectOf(answer.body as unknown as KubernetesObject) ?? {} }
  }

  /** POST of an eviction. The budget that it is counted against is written first. */
  evict(namespace: string, name: string, options: DeleteOptions): Answer {
    const pod = this.getPod(namespace, name)
    if (pod === undefined) return refusedWith(notFound(podDeletion.resource, name))
    const budgets = this.#store.list("PodDisruptionBudget").filter(({ metadata }) => metadata.namespace === namespace)
    const decided = decideEviction(pod, budgets, this.#engine.now)
    if (Result.isFailure(decided)) return refusedWith(decided.failure)
    if (decided.success !== undefined) this.update(decided.success, "status", nameOf(decided.success), LOOPBACK)
    const marked = markForEviction(pod, this.#engine.now)
    const answer = this.deletePod(marked === pod ? pod : (this.#store.update(marked) as PodObject), options)
    if (answer.status >= 400) return answer
    return { status: 201, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" } }
  }

  deletePod(pod: PodObject, options: DeleteOptions): Answer {
    const current = this.getPod(pod.metadata.namespace ?? "", pod.metadata.name)
    if (current === undefined) return refusedWith(notFound(podDeletion.resource, pod.metadata.name))
    return this.#carryOut(current, beforeDelete(current, options, this.#engine.now, podDeletion))
  }

  /** DELETE of any kind by its name. */
  delete(kind: string, namespace: string, name: string, options: DeleteOptions): Answer {
    const object = this.get({ kind, namespace, name })
    if (object === undefined) return refusedWith(notFound(apiResource(kind), name))
    if (isPod(object)) return this.deletePod(object, options)
    if (kind === "Job" && options.propagationPolicy === undefined) this.#warn(() => [ORPHANING_WARNING])
    const { now } = this.#engine
    const decision =
      kind === "Namespace"
        ? deleteNamespace(object, options, now)
        : beforeDelete(object, options, now, deletionOf(kind))
    return this.#carryOut(object, decision)
  }

  /** All of a kind in a namespace, in the order of their creation. */
  list(kind: string, namespace: string): ReadonlyArray<KubernetesObject> {
    return this.#store.list(kind).filter(({ metadata }) => metadata.namespace === namespace)
  }

  /** DELETE of all of a kind in a namespace, one after the other (C-143). */
  deleteCollection(kind: string, namespace: string, options: DeleteOptions): void {
    for (const { metadata } of this.list(kind, namespace)) this.delete(kind, namespace, metadata.name, options)
  }

  #nodeOf(object: KubernetesObject): NodeObject | undefined {
    const node = isPod(object) ? this.#store.get("Node", undefined, object.spec.nodeName ?? "") : undefined
    return node !== undefined && isNode(node) ? node : undefined
  }

  #carryOut(object: KubernetesObject, decision: ReturnType<typeof beforeDelete>): Answer {
    if (Result.isFailure(decision)) return refusedWith(decision.failure)
    const { remove, update } = decision.success
    const stored = update === undefined ? object : this.#store.update(update)
    return { status: 200, body: remove ? this.#store.remove(stored) : stored }
  }

  #createPod(manifest: KubernetesObject, namespace: string, by: WrittenBy): Answer {
    const random = this.#random(manifest, namespace)
    const created = createPod(manifest, {
      release: this.#release,
      namespace,
      uid: random.uuid(),
      resourceVersion: this.#store.nextVersion(),
      now: this.#engine.now,
      limitRanges: this.#admission.limitRanges(namespace),
      priorityClasses: this.#admission.priorityClasses(),
      runtimeClass: (name) => this.#store.get("RuntimeClass", undefined, name),
      serviceAccounts: (name) => this.#store.get("ServiceAccount", namespace, name),
      nodeLabels: (name) => this.#nodeLabels(name),
      suffix: random.suffix(5),
      nameSuffix: this.#nameSuffix(random, manifest, namespace)
    })
    if (Result.isFailure(created)) return refusedWith(created.failure)
    this.#warn(() => warningsOnCreate(created.success, askedObject(manifest, this.#release)))
    return this.#taken(created.success) ?? this.#admit(created.success, manifest, by)
  }

  /** The last word before an object is stored. */
  #admit(object: KubernetesObject, manifest: KubernetesObject, by: WrittenBy): Answer {
    const forbidden = this.#admission.validate({ object, now: this.#engine.now })
    if (forbidden !== undefined) return refusedWith(forbidden)
    return { status: 201, body: createBy(this.#store, object, by, askedObject(manifest, this.#release)) }
  }

  #createObject(manifest: KubernetesObject, namespace: string, by: WrittenBy): Answer {
    const { kind } = manifest
    const random = this.#random(manifest, manifest.metadata.namespace ?? "")
    const made = createObject(this.#admission.mutate(apartFromFields(manifest).rest as KubernetesObject), {
      namespace,
      release: this.#release,
      nameSuffix: manifest.metadata.name === undefined ? this.#nameSuffix(random, manifest, namespace) : "",
      uid: random.uuid(),
      resourceVersion: this.#store.nextVersion(),
      now: this.#engine.now
    })
    if (Result.isFailure(made)) return refusedWith(made.failure)
    this.#warn(() => warningsOnCreate(made.success))
    const taken = this.#taken(made.success)
    if (taken !== undefined) return taken
    const service = kind === "Service" ? this.#allocated(made.success, random) : Result.succeed(made.success)
    return Result.isFailure(service) ? refusedWith(service.failure) : this.#admit(service.success, manifest, by)
  }

  #allocated(service: KubernetesObject, random: RandomStream): Result.Result<KubernetesObject, Status> {
    const allocator = this.#allocator(random, service)
    const errors = allocationErrors(service, allocator)
    if (errors.length > 0)
      return Result.fail(invalidObject({ group: "", kind: "Service" }, service.metadata.name, errors))
    const refusal = allocationRefusal(service, allocator)
    return refusal === undefined ? Result.succeed(allocateService(service, allocator)) : Result.fail(refusal)
  }

  /** A service of another type, or with other ports, may lack what the server gives. */
  #reallocated(next: KubernetesObject, old: KubernetesObject): Result.Result<KubernetesObject, Status> {
    if (next.kind !== "Service" || next === old) return Result.succeed(next)
    const [spec, before] = [specOf(next), specOf(old)]
    const isSame = ["type", "clusterIP", "ports"].every((field) =>
      jsonEqual(spec[field] ?? null, before[field] ?? null)
    )
    return isSame ? Result.succeed(next) : this.#allocated(next, this.#random(next, next.metadata.namespace ?? ""))
  }

  /** What all services have but that one. */
  #allocator(random: RandomStream, { metadata }: KubernetesObject): ServiceAllocator {
    const isOwn = metadata.name === "kubernetes" && metadata.namespace === "default"
    const others = this.#store
      .list("Service")
      .filter(({ metadata: of }) => of.name !== metadata.name || of.namespace !== metadata.namespace)
      .map(specOf)
    const ports = others.flatMap((spec) => (spec["ports"] ?? []) as ReadonlyArray<JsonObject>)
    return {
      addresses: new Set([...(isOwn ? [] : [KUBERNETES_ADDRESS]), ...others.map((spec) => String(spec["clusterIP"]))]),
      nodePorts: new Set(ports.map((port) => Number(port["nodePort"] ?? 0))),
      draw: (n) => random.int(n)
    }
  }

  /** Whose name there is already is refused; one that was generated may be another one in a second. */
  #taken({ kind, metadata }: KubernetesObject): Answer | undefined {
    const { generateName, name, namespace } = metadata
    const there = this.#store.get(kind, namespace, name)
    if (there === undefined) return undefined
    const refusal = (generateName ?? "") === "" ? alreadyExists : generateNameConflict
    return refusedWith(refusal(apiResource(kind), name, there.metadata.deletionTimestamp !== undefined))
  }

  /** For a name that nobody has, should there be one among the first eight (createWithGenerateNameRetry; C-023). */
  #nameSuffix(random: RandomStream, { kind, metadata }: KubernetesObject, namespace: string): string {
    const base = (metadata.name ?? "") === "" ? (metadata.generateName ?? "") : ""
    const attempts = base !== "" && this.#release.gates.RetryGenerateName ? NAME_ATTEMPTS : 1
    let suffix = random.suffix(5)
    for (let attempt = 1; attempt < attempts; attempt++) {
      if (this.get({ kind, namespace, name: generateName(base, suffix) }) === undefined) break
      suffix = random.suffix(5)
    }
    return suffix
  }

  /** The identities of one name's lives depend on nothing else. */
  #random({ kind, metadata }: KubernetesObject, namespace: string): RandomStream {
    const key = `${kind}/${namespace}/${metadata.name ?? metadata.generateName ?? ""}`
    const known = this.#streams.get(key)
    if (known !== undefined) return known
    const made = stream(this.#seed, `apiserver/${key}`)
    this.#streams.set(key, made)
    return made
  }
}
