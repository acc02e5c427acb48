/** Lets a claim go when no pod uses it any more (`pkg/controller/volume/pvcprotection/pvc_protection_controller.go`). */
import { claimNameOf, isPod, isPodTerminated, type KubernetesObject, type PodObject } from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { claimKeysOf, indexPodsByClaim, keyOf, podsOfClaim, splitKey } from "../keys.ts"
import { isDeletionCandidate, needsFinalizer, withFinalizer } from "../protectionFinalizer.ts"

const FINALIZER = "kubernetes.io/pvc-protection"

/** The kubelet is through with it, or it was deleted by force (podIsShutDown). */
const isShutDown = ({ metadata }: PodObject): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0

/** podUsesPVCForDeletion: pods without a node will not start with a claim that is being deleted. */
const uses = (pod: PodObject, claim: KubernetesObject): boolean =>
  (pod.spec.nodeName ?? "") !== "" &&
  (pod.spec.volumes ?? []).some(
    (volume) =>
      claimNameOf(pod.metadata.name, volume) === claim.metadata.name &&
      (volume["ephemeral"] === undefined || !isShutDown(pod))
  )

class PVCProtectionController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: 1, sync: (key) => this.#sync(key) })
    indexPodsByClaim(informers)
    const changed = (claim: KubernetesObject): void => {
      if (needsFinalizer(claim, FINALIZER) || isDeletionCandidate(claim, FINALIZER)) this.#queue.add(keyOf(claim))
    }
    informers.on("PersistentVolumeClaim", { added: changed, updated: changed })
    informers.on("Pod", {
      added: (pod) => this.#podChanged(pod),
      updated: (pod) => this.#podChanged(pod),
      deleted: (pod) => this.#wake(pod)
    })
  }

  /** Only pods that are through, or have no node yet, let go of a claim. */
  #podChanged(pod: KubernetesObject): void {
    if (!isPod(pod) || pod.spec.volumes === undefined) return
    if (isPodTerminated(pod) || (pod.spec.nodeName ?? "") === "") this.#wake(pod)
  }

  #wake(pod: KubernetesObject): void {
    if (isPod(pod)) for (const key of claimKeysOf(pod)) this.#queue.add(key)
  }

  *#sync(key: string): Course<Synced> {
    const { client, informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const claim = informers.get("PersistentVolumeClaim", namespace, name)
    if (claim === undefined) return undefined
    if (needsFinalizer(claim, FINALIZER))
      return refusalOf(yield* client.update(withFinalizer(claim, FINALIZER, true))) === undefined ? undefined : "retry"
    if (!isDeletionCandidate(claim, FINALIZER) || (yield* this.#isUsed(claim))) return undefined
    return refusalOf(yield* client.update(withFinalizer(claim, FINALIZER, false))) === undefined ? undefined : "retry"
  }

  /** A pod may be there that the cache does not have yet: before the claim goes they are listed. */
  *#isUsed(claim: KubernetesObject): Course<boolean> {
    const { client, informers } = this.#tools
    if (podsOfClaim(informers, keyOf(claim)).some((pod) => uses(pod, claim))) return true
    const pods = yield* client.list("Pod", claim.metadata.namespace ?? "")
    return pods.some((pod) => isPod(pod) && uses(pod, claim))
  }
}

export const startPVCProtectionController = (context: ControllerContext): void => {
  new PVCProtectionController(controllerTools(context, "pvcprotection", "pvc-protection-controller"))
}
