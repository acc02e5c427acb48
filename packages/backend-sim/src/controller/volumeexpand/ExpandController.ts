/** Leaves claims that grow to the driver of their volume, and says so (`pkg/controller/volume/expand/expand_controller.go`): no volume that it could make larger itself is left. */
import { asksForMore, hasMore, type KubernetesObject, needsExpansion, phaseOf, volumeNameOf } from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf, splitKey } from "../keys.ts"

/** defaultWorkerCount. */
const WORKERS = 10

class ExpandController {
  readonly #tools: ControllerTools

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    const queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    const enqueue = (claim: KubernetesObject): void => {
      if (phaseOf(claim) === "Bound") queue.add(keyOf(claim))
    }
    informers.on("PersistentVolumeClaim", {
      added: enqueue,
      updated: (claim, old) => {
        if (asksForMore(claim, old) || hasMore(claim, old)) enqueue(claim)
      }
    })
  }

  *#sync(key: string): Course<Synced> {
    const { client, events, informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const claim = informers.get("PersistentVolumeClaim", namespace, name)
    if (claim === undefined) return undefined
    const volume = yield* client.get({ kind: "PersistentVolume", namespace: "", name: volumeNameOf(claim) })
    if (volume === undefined) return "retry"
    if (!needsExpansion(claim)) return undefined
    const message = "waiting for an external controller to expand this PVC"
    events.record(eventAbout(claim, "Normal", "ExternalExpanding", message))
    return undefined
  }
}

export const startExpandController = (context: ControllerContext): void => {
  new ExpandController(controllerTools(context, "volume-expand", "volume_expand"))
}
