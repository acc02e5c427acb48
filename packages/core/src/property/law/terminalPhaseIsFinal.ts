/**
 * L10: Succeeded and Failed are never left. But a pod whose deadline passes between the word that it has succeeded and its kubelet's
 * hearing of that word is told to have failed: the guard against it looks at the pod as the kubelet has heard of it (generateAPIPodStatus).
 */
import { always, and, implies, or, previously, stable, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const pastItsDeadline = when(
  "failed past its deadline",
  ({ pod: { spec, status } }: PodSeen) =>
    spec.activeDeadlineSeconds !== undefined && status.phase === "Failed" && status.reason === "DeadlineExceeded"
)

export const terminalPhaseIsFinal = property(
  "L10",
  {
    name: "pod/terminal-phase-is-final",
    says: "A pod that succeeded or failed stays so",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod
  },
  () =>
    and(
      always(implies(previously(phase("Succeeded")), or(phase("Succeeded"), pastItsDeadline))),
      stable(phase("Failed"))
    )
)
