/** Lets a pod in, makes room for it, or refuses it (`pkg/kubelet/kubelet.go`, HandlePodAdditions, rejectPod; `pkg/kubelet/preemption`; K-006, K-290…K-301). */
import {
  admitNodeShutdown,
  admitPod,
  failedBy,
  type NodeObject,
  type PodObject,
  parsePod,
  preemptionCondition,
  preemptionMessage,
  preemptionReason,
  type Refusal,
  rejectedPod,
  type Taken
} from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"
import { killPodNow } from "./killPodNow.ts"
import type { PodWorker } from "./PodWorker.ts"
import { recordPodEvent } from "./podEvents.ts"

export interface PodAdmissionOptions {
  readonly node: KubeletNode
  readonly getNode: () => NodeObject | undefined
  /** The node's pods that are alive (GetActivePods). */
  readonly activePods: () => ReadonlyArray<PodObject>
  /** What all the others take, the dead included; `undefined`: that is not known. */
  readonly takenBeside: (pod: PodObject) => Taken | undefined
  readonly worker: (uid: string) => PodWorker | undefined
  readonly pressure: () => ReadonlyArray<string>
}

export class PodAdmission {
  readonly #o: PodAdmissionOptions

  constructor(options: PodAdmissionOptions) {
    this.#o = options
  }

  /** `done` gets whether the pod may run, at once unless others have to go first: until then the sync loop stands still. */
  admit(pod: PodObject, done: (admitted: boolean) => void): void {
    const { activePods, takenBeside } = this.#o
    const attributes = {
      pod,
      otherPods: () => activePods().filter(({ metadata }) => metadata.uid !== pod.metadata.uid),
      takenByOthers: takenBeside(pod),
      node: this.#o.getNode(),
      pressure: this.#o.pressure(),
      shuttingDown: this.#o.node.shutdown.status !== undefined
    }
    const answer = admitPod(attributes)
    if (answer === undefined) return done(true)
    if (answer._tag === "Refusal") {
      this.#reject(pod, answer)
      return done(false)
    }
    const goOn = this.#o.node.loop.hold()
    this.#preempt(answer.victims, () => {
      // The handlers behind the one that made room have their say, too.
      const refusal = admitNodeShutdown(attributes)
      if (refusal?._tag === "Refusal") this.#reject(pod, refusal)
      done(refusal === undefined)
      goOn()
    })
  }

  #reject(object: PodObject, refusal: Refusal): void {
    const { node } = this.#o
    const pod = parsePod(object)
    recordPodEvent(node, pod, { type: "Warning", reason: refusal.reason, message: refusal.message })
    node.status.set(pod, rejectedPod(pod, refusal))
  }

  /** One after the other, each until it is dead. */
  #preempt([victim, ...others]: ReadonlyArray<PodObject>, done: () => void): void {
    if (victim === undefined) return done()
    const worker = this.#o.worker(victim.metadata.uid ?? "")
    if (worker === undefined) return this.#preempt(others, done)
    const { node } = this.#o
    const words = { reason: preemptionReason, message: preemptionMessage }
    recordPodEvent(node, parsePod(victim), { type: "Warning", ...words })
    killPodNow(
      node,
      {
        pod: victim,
        worker,
        grace: undefined,
        status: (status) => failedBy(status, { ...words, condition: preemptionCondition })
      },
      () => this.#preempt(others, done)
    )
  }
}
