/** K-210: the pod's start is a moment, not a state. */
import { lifeOf, type PodLaw, step } from "./PodLaw.ts"

export const startTimeStays: PodLaw = {
  id: "K-210",
  sentence: "status.startTime, once set, stays",
  source: "pkg/kubelet/status/status_manager.go, updateStatusInternal",
  violatedAt: step(
    ({ status: before }, { status: after }) => before.startTime === undefined || before.startTime === after.startTime
  ),
  counterexample: lifeOf(
    { status: { startTime: "2026-01-01T00:00:00Z" } },
    { status: { startTime: "2026-01-01T00:00:01Z" } }
  )
}
