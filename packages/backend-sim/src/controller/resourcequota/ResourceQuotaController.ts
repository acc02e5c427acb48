/** Keeps what quotas say of what is used (`pkg/controller/resourcequota/resource_quota_controller.go`). */
import {
  apiResource,
  countsKind,
  isPod,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  quotaStatus,
  replenishesQuota,
  SECOND,
  servedKinds
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { indexByNamespace, inNamespace, keyOf, splitKey } from "../keys.ts"

const WORKERS = 5
/** ResourceQuotaSyncPeriod: everything is counted anew. */
const RESYNC = 300 * SECOND

const hardOf = ({ spec }: KubernetesObject) => ((spec ?? {}) as JsonObject)["hard"] ?? {}

/** Kinds that quotas can count. */
const countable = (): ReadonlyArray<string> =>
  servedKinds().filter((kind) => kind !== "Event" && apiResource(kind).namespaced)

class ResourceQuotaController {
  readonly #tools: ControllerTools
  /** Quotas whose status says nothing of what they ask for come first. */
  readonly #missingUsage: WorkQueue
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    const sync = (key: string) => this.#sync(key)
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync })
    this.#missingUsage = new WorkQueue({ engine, entity, workers: WORKERS, sync })
    indexByNamespace(informers, "ResourceQuota")
    informers.on("ResourceQuota", {
      added: (quota) => this.#added(quota),
      updated: (quota, old) => jsonEqual(hardOf(quota), hardOf(old)) || this.#added(quota),
      deleted: (quota) => this.#queue.add(keyOf(quota))
    })
    for (const kind of countable()) this.#watch(kind)
  }

  #watch(kind: string): void {
    const { engine, informers } = this.#tools
    indexByNamespace(informers, kind)
    informers.on(kind, {
      updated: (object, old) => {
        if (isPod(object) && isPod(old) && replenishesQuota(old, object, engine.now)) this.#replenish(object)
      },
      deleted: (object) => this.#replenish(object)
    })
  }

  #added(quota: KubernetesObject): void {
    const { hard, used } = (quota["status"] ?? {}) as JsonObject
    const known = jsonEqual(hard ?? {}, hardOf(quota)) && used !== undefined
    ;(known ? this.#queue : this.#missingUsage).add(keyOf(quota))
  }

  /** replenishQuota: something that quotas count is there no more. */
  #replenish({ kind, metadata }: KubernetesObject): void {
    for (const quota of inNamespace(this.#tools.informers, "ResourceQuota", metadata.namespace))
      if (countsKind(quota, kind)) this.#queue.add(keyOf(quota))
  }

  *#sync(key: string): Course<Synced> {
    const { client, engine, informers } = this.#tools
    const quota = informers.get("ResourceQuota", ...splitKey(key))
    if (quota === undefined) return undefined
    const namespace = quota.metadata.namespace ?? ""
    const objects = (kind: string) => inNamespace(informers, kind, namespace)
    const status = quotaStatus(quota, countable(), objects, engine.now)
    const refusal = status && refusalOf(yield* client.update({ ...quota, status }, "status"))
    return refusal === undefined ? { after: RESYNC } : "retry"
  }
}

export const startResourceQuotaController = (context: ControllerContext): void => {
  new ResourceQuotaController(controllerTools(context, "resourcequota", "resourcequota-controller"))
}
