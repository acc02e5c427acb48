/** Lets a volume go when no claim has it any more (`pkg/controller/volume/pvprotection/pv_protection_controller.go`). */
import { type KubernetesObject, phaseOf } from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { keyOf, splitKey } from "../keys.ts"
import { isDeletionCandidate, needsFinalizer, withFinalizer } from "../protectionFinalizer.ts"

const FINALIZER = "kubernetes.io/pv-protection"

class PVProtectionController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: 1, sync: (key) => this.#sync(key) })
    const changed = (volume: KubernetesObject): void => {
      if (needsFinalizer(volume, FINALIZER) || isDeletionCandidate(volume, FINALIZER)) this.#queue.add(keyOf(volume))
    }
    informers.on("PersistentVolume", { added: changed, updated: changed })
  }

  *#sync(key: string): Course<Synced> {
    const { client, informers } = this.#tools
    const volume = informers.get("PersistentVolume", undefined, splitKey(key)[1])
    if (volume === undefined) return undefined
    const adds = needsFinalizer(volume, FINALIZER)
    const removes = isDeletionCandidate(volume, FINALIZER) && phaseOf(volume) !== "Bound"
    if (!adds && !removes) return undefined
    return refusalOf(yield* client.update(withFinalizer(volume, FINALIZER, adds))) === undefined ? undefined : "retry"
  }
}

export const startPVProtectionController = (context: ControllerContext): void => {
  new PVProtectionController(controllerTools(context, "pvprotection", "pv-protection-controller"))
}
