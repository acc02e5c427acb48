/** Makes the claims of generic ephemeral volumes, each of its pod alone (`pkg/controller/volume/ephemeral/controller.go`). */
import {
  claimNameOf,
  controllerOf,
  isPod,
  type JsonObject,
  type KubernetesObject,
  notForPod,
  type PodObject
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { indexPodsByClaim, keyOf, podsOfClaim, splitKey } from "../keys.ts"

/** `--concurrent-ephemeralvolume-syncs`. */
const WORKERS = 5

const isEphemeral = (volume: JsonObject): boolean => volume["ephemeral"] !== undefined

const claimFor = (pod: PodObject, volume: JsonObject): KubernetesObject => {
  const { volumeClaimTemplate } = volume["ephemeral"] as { readonly volumeClaimTemplate?: JsonObject }
  const { metadata, spec } = (volumeClaimTemplate ?? {}) as {
    readonly metadata?: JsonObject
    readonly spec?: JsonObject
  }
  const { name, namespace = "", uid = "" } = pod.metadata
  const owner = { apiVersion: "v1", kind: "Pod", name, uid, controller: true, blockOwnerDeletion: true }
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimNameOf(name, volume) ?? "",
      namespace,
      ownerReferences: [owner],
      ...(metadata?.["annotations"] === undefined ? {} : { annotations: metadata["annotations"] as never }),
      ...(metadata?.["labels"] === undefined ? {} : { labels: metadata["labels"] as never })
    },
    spec: spec ?? {}
  }
}

class EphemeralController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    indexPodsByClaim(informers)
    informers.on("Pod", { added: (pod) => this.#enqueue(pod) })
    informers.on("PersistentVolumeClaim", {
      deleted: (claim) => {
        for (const pod of podsOfClaim(informers, keyOf(claim))) this.#enqueue(pod)
      }
    })
  }

  /** Pods that go need none any more. */
  #enqueue(pod: KubernetesObject): void {
    if (!isPod(pod) || pod.metadata.deletionTimestamp !== undefined) return
    if (pod.spec.volumes?.some(isEphemeral) === true) this.#queue.add(keyOf(pod))
  }

  *#sync(key: string): Course<Synced> {
    const pod = this.#tools.informers.get("Pod", ...splitKey(key))
    if (pod === undefined || !isPod(pod) || pod.metadata.deletionTimestamp !== undefined) return undefined
    for (const volume of (pod.spec.volumes ?? []).filter(isEphemeral)) {
      const failure = yield* this.#make(pod, volume)
      if (failure === undefined) continue
      const message = `ephemeral volume ${String(volume["name"])}: ${failure}`
      this.#tools.events.record(eventAbout(pod, "Warning", "FailedBinding", message))
      return "retry"
    }
    return undefined
  }

  *#make(pod: PodObject, volume: JsonObject): Course<string | undefined> {
    const { client, informers } = this.#tools
    const claim = claimFor(pod, volume)
    const { name, namespace = "" } = claim.metadata
    const there = informers.get("PersistentVolumeClaim", namespace, name)
    if (there !== undefined) return controllerOf(there)?.uid === pod.metadata.uid ? undefined : notForPod(pod, there)
    const refusal = refusalOf(yield* client.create(claim, namespace))
    return refusal === undefined ? undefined : `create PVC ${name}: ${refusal.message}`
  }
}

export const startEphemeralController = (context: ControllerContext): void => {
  new EphemeralController(controllerTools(context, "ephemeral", "ephemeral_volume"))
}
