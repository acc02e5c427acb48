/** Which of several waiting resizes is tried first (`pkg/kubelet/allocation/allocation_manager.go`, sortPendingResizes; K-363). */
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { podRequests } from "../../scheduler/Resources.ts"

export interface PendingResize {
  /** As it asks to be. */
  readonly pod: PodObject
  /** As it was granted. */
  readonly allocated: PodObject
  /** Since when its resize has waited for this reason. */
  readonly since: string | null | undefined
}

const isIncreasing = ({ allocated, pod }: PendingResize): boolean => {
  const [before, after] = [podRequests(allocated.spec), podRequests(pod.spec)]
  return after.milliCPU > before.milliCPU || after.memory > before.memory
}

const priorityOf = ({ pod }: PendingResize): number =>
  typeof pod.spec["priority"] === "number" ? pod.spec["priority"] : 0

const rank = (a: PendingResize, b: PendingResize): number =>
  Number(isIncreasing(a)) - Number(isIncreasing(b)) ||
  priorityOf(b) - priorityOf(a) ||
  Number(b.pod.status.qosClass === "Guaranteed") - Number(a.pod.status.qosClass === "Guaranteed") ||
  compareTexts(a.since ?? "~", b.since ?? "~")

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Those that ask for no more first, then by priority, then guaranteed ones, then who has waited longest. */
export const sortPendingResizes = (pending: ReadonlyArray<PendingResize>): ReadonlyArray<PendingResize> =>
  pending.toSorted(rank)
