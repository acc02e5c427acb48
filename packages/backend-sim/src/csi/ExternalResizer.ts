/** The sidecar of a driver that makes volumes larger when their claims ask for it (`kubernetes-csi/external-resizer`, `pkg/controller/{controller,expand_and_recover}.go`). */
import {
  asksForMore,
  expansionBegins,
  expansionEnds,
  expansionOf,
  isExpanded,
  type Json,
  type JsonObject,
  type KubernetesObject,
  needsExpansion,
  nodeExpansionPending,
  SECOND,
  type StorageDriver,
  specOf,
  volumeNameOf
} from "@kubereel/core"
import { refusalOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import { type Synced, WorkQueue } from "../client/WorkQueue.ts"
import { type ControllerTools, eventAbout } from "../controller/ControllerContext.ts"
import { keyOf, splitKey } from "../controller/keys.ts"

/** `--workers`, `--retry-interval-start`, `--retry-interval-max`. */
const WORKERS = 10
const backOff = { first: SECOND, most: 300 * SECOND }

const driverOf = (volume: KubernetesObject): unknown => (specOf(volume)["csi"] as JsonObject | undefined)?.["driver"]

export class ExternalResizer {
  readonly #tools: ControllerTools
  readonly #driver: StorageDriver

  constructor(tools: ControllerTools, driver: StorageDriver) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#driver = driver
    const sync = (key: string) => this.#sync(key)
    const queue = new WorkQueue({ engine, entity, workers: WORKERS, sync, backOff, perKeyOnly: true })
    informers.on("PersistentVolume", {})
    informers.on("PersistentVolumeClaim", {
      added: (claim) => queue.add(keyOf(claim)),
      updated: (claim, old) => {
        if (asksForMore(claim, old)) queue.add(keyOf(claim))
      }
    })
  }

  #tell(claim: KubernetesObject, type: "Normal" | "Warning", reason: string, message: string): void {
    this.#tools.events.record(eventAbout(claim, type, reason, message))
  }

  *#sync(key: string): Course<Synced> {
    const { informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const claim = informers.get("PersistentVolumeClaim", namespace, name)
    if (claim === undefined || !needsExpansion(claim)) return undefined
    const volume = informers.get("PersistentVolume", undefined, volumeNameOf(claim))
    if (volume === undefined || driverOf(volume) !== this.#driver.name) return undefined
    const stage = expansionOf(claim)
    // What is left is the node's to do.
    if (isExpanded(claim, volume) && stage.startsWith("Node")) return undefined
    return yield* this.#expand(claim, volume)
  }

  *#expand(claim: KubernetesObject, volume: KubernetesObject): Course<Synced> {
    const { client, engine } = this.#tools
    const { name } = volume.metadata
    if (!(yield* this.#report(claim, expansionBegins(claim, engine.now)))) return "retry"
    this.#tell(claim, "Normal", "Resizing", `External resizer is resizing volume ${name}`)
    yield this.#driver.expand
    const error = this.#driver.expandError
    if (error !== undefined) {
      const resizer = JSON.stringify(this.#driver.name)
      const message = `resize volume ${JSON.stringify(name)} by resizer ${resizer} failed: ${error}`
      this.#tell(claim, "Warning", "VolumeResizeFailed", message)
      return "retry"
    }
    const storage = (specOf(claim)["resources"] as { readonly requests: JsonObject }).requests["storage"]
    const of = { kind: "PersistentVolume", namespace: "", name }
    const refusal = refusalOf(yield* client.patch(of, { type: "merge", body: { spec: { capacity: { storage } } } }))
    if (refusal !== undefined) return "retry"
    return (yield* this.#handOver(claim, storage ?? null)) ? undefined : "retry"
  }

  /** To the node, where there is something to do for it. */
  *#handOver(claim: KubernetesObject, size: Json): Course<boolean> {
    const newest = yield* this.#tools.client.get(this.#nameOf(claim))
    if (newest === undefined) return true
    if (!this.#driver.nodeExpansion) {
      if (!(yield* this.#report(newest, expansionEnds(newest, size)))) return false
      this.#tell(newest, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded")
      return true
    }
    if (!(yield* this.#report(newest, nodeExpansionPending(newest, this.#tools.engine.now)))) return false
    this.#tell(newest, "Normal", "FileSystemResizeRequired", "Require file system resize of volume on node")
    return true
  }

  #nameOf({ metadata }: KubernetesObject) {
    return { kind: "PersistentVolumeClaim", namespace: metadata.namespace ?? "", name: metadata.name }
  }

  *#report(claim: KubernetesObject, status: JsonObject): Course<boolean> {
    const patch = { type: "merge", body: { status } } as const
    const refusal = refusalOf(yield* this.#tools.client.patch(this.#nameOf(claim), patch, "status"))
    return refusal === undefined || refusal.code === 404
  }
}
