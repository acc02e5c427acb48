/** The sidecar of a driver that attaches what it is asked for by an object, and says so in it (`kubernetes-csi/external-attacher`, `pkg/controller/csi_handler.go`). */
import { type JsonObject, type KubernetesObject, SECOND, type StorageDriver, toTime } from "@kubereel/core"
import { refusalOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import { type Synced, WorkQueue } from "../client/WorkQueue.ts"
import type { ControllerTools } from "../controller/ControllerContext.ts"

/** `--worker-threads`, `--retry-interval-start`, `--retry-interval-max`. */
const WORKERS = 10
const backOff = { first: SECOND, most: 300 * SECOND }

export class ExternalAttacher {
  readonly #tools: ControllerTools
  readonly #driver: StorageDriver
  readonly #finalizer: string

  constructor(tools: ControllerTools, driver: StorageDriver) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#driver = driver
    this.#finalizer = `external-attacher/${driver.name.replaceAll(".", "-")}`
    const sync = (key: string) => this.#sync(key)
    const queue = new WorkQueue({ engine, entity, workers: WORKERS, sync, backOff, perKeyOnly: true })
    const heard = (attachment: KubernetesObject): void => {
      if ((attachment["spec"] as JsonObject)["attacher"] === driver.name) queue.add(attachment.metadata.name)
    }
    informers.on("VolumeAttachment", { added: heard, updated: heard })
  }

  *#sync(name: string): Course<Synced> {
    const attachment = this.#tools.informers.get("VolumeAttachment", undefined, name)
    if (attachment === undefined) return undefined
    if (attachment.metadata.deletionTimestamp !== undefined) return yield* this.#detach(attachment)
    return (attachment["status"] as JsonObject)["attached"] === true ? undefined : yield* this.#attach(attachment)
  }

  /** Until it is detached the object stays. */
  *#attach(attachment: KubernetesObject): Course<Synced> {
    const { client, engine } = this.#tools
    const of = { kind: "VolumeAttachment", namespace: "", name: attachment.metadata.name }
    if (attachment.metadata.finalizers?.includes(this.#finalizer) !== true) {
      const body = { metadata: { finalizers: [this.#finalizer] } }
      const refusal = refusalOf(yield* client.patch(of, { type: "merge", body }))
      // Its next version is looked at.
      return refusal === undefined ? undefined : "retry"
    }
    yield this.#driver.attach
    const message = this.#driver.attachError
    const failed = { attached: false, attachError: { message: message ?? "", time: toTime(engine.now) } }
    const status = message === undefined ? { attached: true, attachError: null } : failed
    const known = (attachment["status"] as JsonObject)["attachError"] != null && message !== undefined
    if (!known) yield* client.patch(of, { type: "merge", body: { status } }, "status")
    return message === undefined ? undefined : "retry"
  }

  *#detach(attachment: KubernetesObject): Course<Synced> {
    const { client } = this.#tools
    if (attachment.metadata.finalizers?.includes(this.#finalizer) !== true) return undefined
    yield this.#driver.detach
    const of = { kind: "VolumeAttachment", namespace: "", name: attachment.metadata.name }
    const refusal = refusalOf(yield* client.patch(of, { type: "merge", body: { metadata: { finalizers: null } } }))
    return refusal === undefined || refusal.code === 404 ? undefined : "retry"
  }
}
