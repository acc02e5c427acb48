/** L10: Succeeded and Failed are never left. */
import { isTerminalPhase } from "../decide/kubelet/podPhase.ts"
import { lifeOf, type PodLaw, step } from "./PodLaw.ts"

export const terminalPhaseIsFinal: PodLaw = {
  id: "L10",
  sentence: "a pod that succeeded or failed stays so",
  source: "docs/concepts/workloads/pods/pod-lifecycle: Pod phase",
  violatedAt: step(
    (before, after) => !isTerminalPhase(before.status.phase) || before.status.phase === after.status.phase
  ),
  counterexample: lifeOf({ status: { phase: "Failed" } }, { status: { phase: "Running" } })
}
