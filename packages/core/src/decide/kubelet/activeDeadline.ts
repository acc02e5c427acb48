/** A pod that outlives `activeDeadlineSeconds` fails (`pkg/kubelet/active_deadline.go`; K-270…K-273). */
import { type Instant, later, parseInstant, SECOND } from "../../event/Instant.ts"
import type { Pod } from "../../state/Pod.ts"

export const deadlineReason = "DeadlineExceeded"
export const deadlineMessage = "Pod was active on the node longer than the specified deadline"

/** When the deadline passes, counted from `status.startTime` (whole seconds); `undefined` without one. */
export const activeDeadline = (pod: Pod): Instant | undefined => {
  const start = pod.startTime === undefined ? undefined : parseInstant(pod.startTime)
  const seconds = pod.spec.activeDeadlineSeconds
  return start === undefined || seconds === undefined ? undefined : later(start, seconds * SECOND)
}

export const pastActiveDeadline = (pod: Pod, now: Instant): boolean => {
  const deadline = activeDeadline(pod)
  return deadline !== undefined && now >= deadline
}
