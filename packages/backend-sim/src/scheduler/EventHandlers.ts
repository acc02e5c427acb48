/**
 * What the scheduler makes of what it hears (`pkg/scheduler/eventhandlers.go`): which pods wait, which are on nodes, and which of
 * those that wait may be tried again.
 */
import {
  isTerminal,
  jsonEqual,
  type NodeObject,
  type PodInfo,
  type PodObject,
  type SchedulerCache
} from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { Change } from "./SchedulerOptions.ts"
import type { SchedulingQueue } from "./SchedulingQueue.ts"

export const SCHEDULER_NAME = "default-scheduler"

const uidOf = (pod: PodObject): string => pod.metadata.uid ?? ""
export const isAssigned = (pod: PodObject): boolean => (pod.spec.nodeName ?? "") !== ""
const isGated = (pod: PodObject): boolean => ((pod.spec["schedulingGates"] ?? []) as ReadonlyArray<unknown>).length > 0
const tolerations = (pod: PodObject): number => pod.spec.tolerations?.length ?? 0
/** The node that is kept for it, as it is written. */
export const nominatedNode = (pod: PodObject | undefined): string => pod?.status.nominatedNodeName ?? ""

/** Has the pod another version that the rules read otherwise? */
const isOther = (a: PodObject, b: PodObject): boolean =>
  a.metadata.generation !== b.metadata.generation ||
  a.spec.nodeName !== b.spec.nodeName ||
  !jsonEqual(a.metadata.labels ?? {}, b.metadata.labels ?? {})

export class EventHandlers {
  readonly #engine: Engine
  readonly #cache: SchedulerCache
  readonly #queue: SchedulingQueue
  /** The pods that its watch knows: those that have not ended. */
  readonly pods = new Map<string, PodObject>()
  /** Pods that have a node here, but not yet on the API server. */
  readonly assumed = new Set<string>()

  constructor(engine: Engine, cache: SchedulerCache, queue: SchedulingQueue) {
    this.#engine = engine
    this.#cache = cache
    this.#queue = queue
  }

  onNode(change: Change, node: NodeObject): void {
    const { name } = node.metadata
    const before = this.#cache.getNode(name)?.node
    if (change === "DELETED") {
      this.#cache.removeNode(name)
      this.#queue.move({ _tag: "NodeDeleted", node }, this.#engine.now)
    } else {
      this.#cache.putNode(node)
      this.#queue.move(
        before === undefined ? { _tag: "NodeAdded", node } : { _tag: "NodeUpdated", before, node },
        this.#engine.now
      )
    }
  }

  /** `pod`: as it is now; absent once it is gone or has ended. */
  onPod(heard: PodObject | undefined, uid: string): void {
    const pod = heard === undefined || isTerminal(heard) ? undefined : heard
    const before = this.pods.get(uid)
    if (pod === undefined) this.pods.delete(uid)
    else this.pods.set(uid, pod)
    if (pod === undefined) {
      if (before !== undefined) this.#gone(before)
    } else if (isAssigned(pod)) this.#assigned(pod, before)
    else if ((pod.spec.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME) this.#waiting(pod, before)
  }

  #gone(pod: PodObject): void {
    const info = this.#cache.infoOf(pod)
    this.#queue.delete(info.uid)
    this.#cache.nominator.delete(info.uid)
    if (isAssigned(pod) || this.assumed.has(info.uid)) this.free(info)
    else if (nominatedNode(pod) !== "") this.#leftNode(info)
  }

  /** The room that a pod took is free again. */
  free(pod: PodInfo): void {
    this.assumed.delete(pod.uid)
    this.#cache.removePod(pod.uid)
    this.#queue.move({ _tag: "AssignedPodDeleted", pod }, this.#engine.now)
  }

  /** A node is kept no longer for a pod, which counted as if it were there for those that are no more important. */
  #leftNode(pod: PodInfo): void {
    this.#queue.move({ _tag: "AssignedPodDeleted", pod }, this.#engine.now, { upTo: pod.priority })
  }

  #assigned(pod: PodObject, before: PodObject | undefined): void {
    const uid = uidOf(pod)
    const { now } = this.#engine
    const known = this.#cache.getPod(uid)
    const isNew = before === undefined || !isAssigned(before)
    const info = !isNew && known !== undefined && !isOther(pod, before) ? { ...known, pod } : this.#cache.infoOf(pod)
    this.assumed.delete(uid)
    this.#cache.putPod(info, pod.spec.nodeName ?? "")
    if (isNew) {
      this.#queue.delete(uid)
      this.#cache.nominator.delete(uid)
      this.#queue.move({ _tag: "AssignedPodAdded", pod: info }, now)
    } else if (known !== undefined && known.class !== info.class) this.#changed(known, info)
  }

  /** What may help others, or with `only` the pod itself: its labels and what it asks for. */
  #changed(before: PodInfo, pod: PodInfo, only?: string): void {
    const { now } = this.#engine
    const among = only === undefined ? {} : { only }
    if (!jsonEqual(before.class.labels, pod.class.labels))
      this.#queue.move({ _tag: "PodLabelsChanged", before, pod }, now, among)
    if (before.requests !== pod.requests) this.#queue.move({ _tag: "PodScaledDown", before, pod }, now, among)
  }

  #waiting(pod: PodObject, before: PodObject | undefined): void {
    const info = this.#cache.infoOf(pod)
    const { uid } = info
    const { now } = this.#engine
    if (this.assumed.has(uid)) {
      if (pod.metadata.deletionTimestamp !== undefined) this.free(info)
      return
    }
    if (isGated(pod)) return
    this.#nominate(info, before)
    if (before === undefined || isGated(before)) return this.#queue.add(info, now)
    this.#queue.update(info)
    const old = this.#cache.infoOf(before)
    if (tolerations(pod) !== tolerations(before))
      this.#queue.move({ _tag: "TolerationAdded", before: old, pod: info }, now, { only: uid })
    this.#changed(old, info, uid)
    if (nominatedNode(before) !== "" && nominatedNode(before) !== nominatedNode(pod)) this.#leftNode(old)
  }

  /** The node that is kept for a pod is what its status says, or what was decided and is not written yet (updateNominatedPod). */
  #nominate(info: PodInfo, before: PodObject | undefined): void {
    const { nominator } = this.#cache
    const written = nominatedNode(info.pod)
    const node = written === "" && nominatedNode(before) === "" ? nominator.nodeOf(info.uid) : written
    if (node === undefined || node === "") nominator.delete(info.uid)
    else nominator.put(info, node)
  }
}
