/** L36: when all that a pod is for has succeeded its sidecars are stopped, each in the pod's grace. */
import { containerShouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { type Micros, SECOND } from "../../event/Instant.ts"
import { kubeletRuns, nodeReachable, noStateLoss } from "../language/assumptions.ts"
import { eventually, on, or } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { roleOf } from "../slice/container.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { statusIn } from "../vocabulary/initContainers.ts"
import { deleted, terminal, terminating } from "../vocabulary/pod.ts"

const hasSucceeded = ({ pod: { spec, status } }: PodSeen): boolean =>
  spec.containers.every((one) => {
    const code = statusIn(status.containerStatuses, one.name)?.state?.terminated?.exitCode
    return code === 0 && !containerShouldRestart(one, spec, 0)
  })

/** The pod's grace period, when it succeeds and has sidecars. */
const graceOf = (seen: PodSeen): Micros | undefined => {
  const { before, pod } = seen
  if (pod.spec.initContainers?.some((one) => roleOf(one) === "sidecar") !== true || !hasSucceeded(seen))
    return undefined
  if (before !== undefined && hasSucceeded(before)) return undefined
  return ((pod.spec.terminationGracePeriodSeconds ?? 30) * SECOND) as Micros
}

export const sidecarsDoNotHoldUp = property(
  "L36",
  {
    name: "pod/sidecars-do-not-hold-up",
    says: "A pod whose app containers have all succeeded for good ends, whatever its sidecars do",
    source: "kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers",
    each: pod,
    assume: [nodeReachable, kubeletRuns, noStateLoss],
    params: { slack: "15 s" }
  },
  ({ params }) =>
    on("all app containers have succeeded", graceOf, (grace) =>
      eventually(or(terminal, deleted))
        .within((grace + params.slack) as Micros)
        .unless(terminating)
    )
)
