/** L10: Succeeded and Failed are never left. */
import { and, stable } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

export const terminalPhaseIsFinal = property(
  "L10",
  {
    name: "pod/terminal-phase-is-final",
    says: "A pod that succeeded or failed stays so",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod
  },
  () => and(stable(phase("Succeeded")), stable(phase("Failed")))
)
