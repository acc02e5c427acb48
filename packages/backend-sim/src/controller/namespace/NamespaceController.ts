/** Empties the namespaces that are deleted (`pkg/controller/namespace`, `deletion/namespaced_resources_deleter.go`; C-342…C-347). */
import {
  apiResource,
  isPod,
  type JsonObject,
  type KubernetesObject,
  keptKinds,
  type NamespaceRemains,
  namespaceConditions,
  parseInstant,
  SECOND,
  servedKinds
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { CLIENT_LIMIT, type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"

/** Until every API server knows of the deletion (namespaceDeletionGracePeriod; C-343). */
const GRACE_PERIOD = 5 * SECOND
const WORKERS = 10
/** nsControllerRateLimiter. */
const BACK_OFF = { first: 5_000, most: 60 * SECOND }
/** finalizerEstimateSeconds. */
const FINALIZER_ESTIMATE = 15
/** It asks much more than others (`cmd/kube-controller-manager/app/core.go`). */
const LIMIT = { qps: 20 * CLIENT_LIMIT.qps, burst: 100 * CLIENT_LIMIT.burst }
/** The finalizer of its own. */
const TOKEN = "kubernetes"

interface Emptied {
  readonly remaining: number
  readonly finalizers: ReadonlyMap<string, number>
  /** Seconds until what remains may be gone. */
  readonly estimate: number
  readonly error?: string
}

const specFinalizers = ({ spec }: KubernetesObject): ReadonlyArray<string> =>
  ((spec as JsonObject | undefined)?.["finalizers"] ?? []) as ReadonlyArray<string>

class NamespaceController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #exists: (kind: string) => boolean

  /** `exists`: is there some object of that kind? Nobody waits for answers about kinds that nobody uses. */
  constructor(tools: ControllerTools, exists: (kind: string) => boolean) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#exists = exists
    const sync = (name: string) => this.#sync(name)
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync, backOff: BACK_OFF })
    const enqueue = ({ metadata }: KubernetesObject): void => {
      if (metadata.deletionTimestamp !== undefined) this.#queue.addAfter(metadata.name, GRACE_PERIOD)
    }
    informers.on("Namespace", { added: enqueue, updated: enqueue })
  }

  *#sync(name: string): Course<Synced> {
    if (this.#tools.informers.get("Namespace", undefined, name) === undefined) return undefined
    const namespace = yield* this.#tools.client.get({ kind: "Namespace", namespace: "", name })
    if (namespace?.metadata.deletionTimestamp === undefined || specFinalizers(namespace).length === 0) return undefined
    const pods = yield* this.#empty("Pod", namespace)
    const estimate = pods.remaining > 0 ? yield* this.#waitForPods(namespace, pods) : yield* this.#emptyRest(namespace)
    if (estimate === "retry") return "retry"
    if (estimate > 0) return { after: (Math.trunc(estimate / 2) + 1) * SECOND }
    return yield* this.#finalize(namespace)
  }

  /** While pods remain nothing else is deleted, and the conditions are written as if all were well (C-344, C-345). */
  *#waitForPods(namespace: KubernetesObject, pods: Emptied): Course<number | "retry"> {
    const errors = pods.error === undefined ? [] : [pods.error]
    yield* this.#tell(namespace, { resources: [], finalizers: new Map(), errors })
    return pods.error === undefined ? pods.estimate : "retry"
  }

  *#emptyRest(namespace: KubernetesObject): Course<number | "retry"> {
    const all = [...servedKinds(), ...keptKinds().filter(this.#exists)]
    const kinds = all.filter((kind) => kind !== "Pod" && apiResource(kind).namespaced)
    const resources: Array<{ resource: ReturnType<typeof apiResource>; count: number }> = []
    const finalizers = new Map<string, number>()
    const errors: Array<string> = []
    let estimate = 0
    for (const kind of kinds) {
      const emptied = yield* this.#empty(kind, namespace)
      estimate = Math.max(estimate, emptied.estimate)
      if (emptied.remaining > 0) resources.push({ resource: apiResource(kind), count: emptied.remaining })
      for (const [name, count] of emptied.finalizers) finalizers.set(name, (finalizers.get(name) ?? 0) + count)
      if (emptied.error !== undefined) errors.push(emptied.error)
    }
    yield* this.#tell(namespace, { resources, finalizers, errors })
    return errors.length > 0 ? "retry" : estimate
  }

  /** deleteAllContentForGroupVersionResource. */
  *#empty(kind: string, namespace: KubernetesObject): Course<Emptied> {
    const { client } = this.#tools
    const { name } = namespace.metadata
    const estimate = kind === "Pod" ? this.#grace(yield* client.list(kind, name), namespace) : 0
    yield* client.deleteCollection(kind, name, { propagationPolicy: "Background" })
    const left = yield* client.list(kind, name)
    const finalizers = new Map<string, number>()
    for (const { metadata } of left)
      for (const one of metadata.finalizers ?? []) finalizers.set(one, (finalizers.get(one) ?? 0) + 1)
    const remaining = left.length
    if (remaining === 0 || estimate > 0) return { remaining, finalizers, estimate: remaining === 0 ? 0 : estimate }
    if (finalizers.size > 0) return { remaining, finalizers, estimate: FINALIZER_ESTIMATE }
    const { group, resource, version } = apiResource(kind)
    const gvr = `${group}/${version}, Resource=${resource}`
    const error = `unexpected items still remain in namespace: ${name} for gvr: ${gvr}`
    return { remaining, finalizers, estimate: 0, error }
  }

  /** estimateGracefulTermination: the longest grace period, unless it would be over already. */
  #grace(pods: ReadonlyArray<KubernetesObject>, { metadata }: KubernetesObject): number {
    const running = pods.filter(isPod).filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed")
    const most = Math.max(0, ...running.map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0))
    const since = parseInstant(metadata.deletionTimestamp ?? "") ?? this.#tools.engine.now
    return this.#tools.engine.now - since >= most * SECOND ? 0 : most
  }

  *#tell(namespace: KubernetesObject, remains: NamespaceRemains): Course {
    const { client, engine } = this.#tools
    const status = namespaceConditions((namespace["status"] ?? {}) as JsonObject, remains, engine.now)
    if (status !== undefined) yield* client.update({ ...namespace, status }, "status")
  }

  *#finalize({ metadata }: KubernetesObject): Course<Synced> {
    const { client } = this.#tools
    for (;;) {
      const latest = yield* client.get({ kind: "Namespace", namespace: "", name: metadata.name })
      if (latest?.metadata.uid !== metadata.uid || latest === undefined) return undefined
      const finalizers = specFinalizers(latest).filter((one) => one !== TOKEN)
      const refusal = refusalOf(yield* client.update({ ...latest, spec: { finalizers } }, "finalize"))
      if (refusal?.code !== 409) return refusal === undefined || refusal.code === 404 ? undefined : "retry"
    }
  }
}

export const startNamespaceController = (context: ControllerContext): void => {
  const { store } = context
  new NamespaceController(controllerTools(context, "namespace", "namespace-controller", LIMIT), (kind) =>
    store.has(kind)
  )
}
