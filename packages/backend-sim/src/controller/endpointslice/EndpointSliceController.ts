/** Keeps the EndpointSlices of services (`pkg/controller/endpointslice/endpointslice_controller.go`; C-338…C-341). */
import {
  CONTROLLER_NAME,
  type Instant,
  isPod,
  isPodReady,
  jsonEqual,
  type KubernetesObject,
  MANAGED_BY,
  type PodObject,
  parseInstant,
  reconcileSlices,
  SECOND,
  SERVICE_NAME,
  type SliceChanges,
  selects,
  specOf,
  toTime
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { indexByNamespace, inNamespace, keyOf, splitKey } from "../keys.ts"
import { isNamespaceTerminating } from "../PodControl.ts"
import { EndpointSliceTracker } from "./EndpointSliceTracker.ts"

const WORKERS = 5
const MOST_RETRIES = 15
/** defaultSyncBackOff, maxSyncBackOff. */
const BACK_OFF = { first: SECOND, most: 1_000 * SECOND }
/** endpointSliceChangeMinSyncDelay. */
const SLICE_DELAY = SECOND
const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time"
const OF_SERVICE = "endpointslice/service"
const ZONE = "topology.kubernetes.io/zone"

const serviceKey = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.labels?.[SERVICE_NAME] ?? ""}`
const isManaged = ({ metadata }: KubernetesObject): boolean => metadata.labels?.[MANAGED_BY] === CONTROLLER_NAME
const ipsOf = ({ status }: PodObject) => status.podIPs ?? []

/** podEndpointsChanged: does a change of the pod show in a slice? */
const showsInSlices = (pod: PodObject, old: PodObject): boolean =>
  pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
  isPodReady(pod) !== isPodReady(old) ||
  !jsonEqual(ipsOf(pod), ipsOf(old))

const belongsElsewhere = (pod: PodObject, old: PodObject): boolean =>
  !jsonEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {}) ||
  pod.spec["hostname"] !== old.spec["hostname"] ||
  pod.spec["subdomain"] !== old.spec["subdomain"]

class EndpointSliceController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #tracker = new EndpointSliceTracker()
  /** When each pod of a service last became ready or unready, as of its last sync (TriggerTimeTracker). */
  readonly #triggers = new Map<string, ReadonlyMap<string, Instant>>()

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    const sync = (key: string) => this.#syncOrGiveUp(key)
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync, backOff: BACK_OFF })
    for (const kind of ["Service", "Pod"]) indexByNamespace(informers, kind)
    informers.index("EndpointSlice", OF_SERVICE, (slice) => (isManaged(slice) ? [serviceKey(slice)] : []))
    informers.on("Node", {})
    const wake = (service: KubernetesObject): void => this.#queue.add(keyOf(service))
    informers.on("Service", { added: wake, updated: wake, deleted: wake })
    informers.on("Pod", {
      added: (pod) => this.#wakeServices(pod),
      updated: (pod, old) => isPod(pod) && isPod(old) && this.#podUpdated(pod, old),
      deleted: (pod) => this.#wakeServices(pod)
    })
    informers.on("EndpointSlice", {
      added: (slice) => this.#sliceSeen(slice),
      updated: (slice, old) => this.#sliceUpdated(slice, old),
      deleted: (slice) => {
        if (isManaged(slice) && !this.#tracker.handleDeletion(serviceKey(slice), slice)) this.#wakeLater(slice)
      }
    })
  }

  #podUpdated(pod: PodObject, old: PodObject): void {
    const [shows, moved] = [showsInSlices(pod, old), belongsElsewhere(pod, old)]
    if (!shows && !moved) return
    const [after, before] = [this.#servicesOf(pod), this.#servicesOf(old)]
    const both = new Set([...after, ...before])
    for (const key of both) if (shows || after.has(key) !== before.has(key)) this.#queue.add(key)
  }

  #wakeServices(pod: KubernetesObject): void {
    for (const key of this.#servicesOf(pod)) this.#queue.add(key)
  }

  #servicesOf({ metadata }: KubernetesObject): ReadonlySet<string> {
    const services = inNamespace(this.#tools.informers, "Service", metadata.namespace)
    const selecting = services.filter((service) => {
      const { selector } = specOf(service)
      return selector !== undefined && selects({ matchLabels: selector }, metadata.labels)
    })
    return new Set(selecting.map(keyOf))
  }

  #sliceSeen(slice: KubernetesObject): void {
    if (isManaged(slice) && this.#tracker.shouldSync(serviceKey(slice), slice)) this.#wakeLater(slice)
  }

  #sliceUpdated(slice: KubernetesObject, old: KubernetesObject): void {
    if (serviceKey(slice) !== serviceKey(old)) {
      this.#wakeLater(slice)
      this.#wakeLater(old)
    } else if (isManaged(slice) !== isManaged(old)) this.#wakeLater(slice)
    else this.#sliceSeen(slice)
  }

  #wakeLater(slice: KubernetesObject): void {
    this.#queue.addAfter(serviceKey(slice), SLICE_DELAY)
  }

  *#syncOrGiveUp(key: string): Course<Synced> {
    const synced = yield* this.#sync(key)
    return synced === "retry" && this.#queue.numRequeues(key) >= MOST_RETRIES ? undefined : synced
  }

  *#sync(key: string): Course<Synced> {
    const { informers } = this.#tools
    const service = informers.get("Service", ...splitKey(key))
    if (service === undefined) {
      this.#triggers.delete(key)
      this.#tracker.deleteService(key)
      return undefined
    }
    const { selector, type } = specOf(service)
    if (type === "ExternalName" || selector === undefined) return undefined
    const pods = this.#podsOf(service)
    const slices = informers
      .byIndex("EndpointSlice", OF_SERVICE, key)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    if (this.#tracker.isStale(key, slices)) return "retry"
    const trigger = this.#triggerTime(key, service, pods)
    const zoneOf = (name: string) => {
      const node = informers.get("Node", undefined, name)
      return node === undefined ? undefined : (node.metadata.labels?.[ZONE] ?? "")
    }
    const changes = reconcileSlices({ service, pods, zoneOf }, slices)
    return yield* this.#carryOut(service, changes, trigger)
  }

  #podsOf(service: KubernetesObject): ReadonlyArray<PodObject> {
    const { selector = {} } = specOf(service)
    return inNamespace(this.#tools.informers, "Pod", service.metadata.namespace)
      .filter(isPod)
      .filter(({ metadata }) => selects({ matchLabels: selector }, metadata.labels))
  }

  /** ComputeEndpointLastChangeTriggerTime: the earliest change since the last sync; the service's own making at the first. */
  #triggerTime(key: string, { metadata }: KubernetesObject, pods: ReadonlyArray<PodObject>): Instant | undefined {
    const before = this.#triggers.get(key)
    const now = new Map<string, Instant>()
    const changed: Array<Instant> = []
    for (const pod of pods) {
      const ready = pod.status.conditions?.find(({ type }) => type === "Ready")
      const at = parseInstant(ready?.lastTransitionTime ?? "")
      if (at === undefined) continue
      now.set(pod.metadata.name, at)
      if (at > (before?.get(pod.metadata.name) ?? 0)) changed.push(at)
    }
    this.#triggers.set(key, now)
    if (before === undefined) return parseInstant(metadata.creationTimestamp ?? "")
    return changed.length === 0 ? undefined : (Math.min(...changed) as Instant)
  }

  *#carryOut(service: KubernetesObject, changes: SliceChanges, trigger: Instant | undefined): Course<Synced> {
    const { client } = this.#tools
    const key = keyOf(service)
    const isLeaving = service.metadata.deletionTimestamp !== undefined
    for (const slice of isLeaving ? [] : changes.create) {
      const answer = yield* client.create(stamped(slice, trigger), service.metadata.namespace ?? "")
      const refusal = refusalOf(answer)
      if (refusal !== undefined)
        return isNamespaceTerminating(refusal) ? undefined : this.#failed(service, "create", "", refusal.message)
      this.#tracker.update(key, storedOf(answer))
    }
    for (const slice of changes.update) {
      const answer = yield* client.update(stamped(slice, trigger))
      const refusal = refusalOf(answer)
      if (refusal !== undefined) return this.#failed(service, "update", `${slice.metadata.name} `, refusal.message)
      this.#tracker.update(key, storedOf(answer))
    }
    for (const slice of changes.remove) {
      const { name, namespace = "" } = slice.metadata
      const refusal = refusalOf(yield* client.delete({ kind: "EndpointSlice", namespace, name }))
      if (refusal !== undefined) return this.#failed(service, "delete", `${name} `, refusal.message)
      this.#tracker.expectDeletion(key, slice)
    }
    const [lost] = changes.withoutNode
    if (lost === undefined) return undefined
    const why = `skipping Pod ${lost.metadata.name} for Service ${key}: Node ${lost.spec.nodeName ?? ""} Not Found`
    return this.#tell(service, why)
  }

  #failed(service: KubernetesObject, verb: string, slice: string, why: string | undefined): Synced {
    return this.#tell(service, `failed to ${verb} ${slice}EndpointSlice for Service ${keyOf(service)}: ${why}`)
  }

  #tell(service: KubernetesObject, why: string): Synced {
    const message = `Error updating Endpoint Slices for Service ${keyOf(service)}: ${why}`
    this.#tools.events.record(eventAbout(service, "Warning", "FailedToUpdateEndpointSlices", message))
    return "retry"
  }
}

/** addTriggerTimeAnnotation: or none, if nothing has changed that has a time. */
const stamped = (slice: KubernetesObject, trigger: Instant | undefined): KubernetesObject => {
  const { annotations, ...rest } = slice.metadata
  const { [TRIGGER_TIME]: _, ...others } = annotations ?? {}
  const next = trigger === undefined ? others : { ...others, [TRIGGER_TIME]: toTime(trigger) }
  return { ...slice, metadata: { ...rest, ...(Object.keys(next).length === 0 ? {} : { annotations: next }) } }
}

export const startEndpointSliceController = (context: ControllerContext): void => {
  new EndpointSliceController(controllerTools(context, "endpointslice", "endpoint-slice-controller"))
}
