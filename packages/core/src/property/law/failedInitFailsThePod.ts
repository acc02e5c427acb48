/** L35: one that is not started again. The sidecars that run are stopped first, each in its grace. */
import { containerShouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { type Micros, SECOND } from "../../event/Instant.ts"
import { kubeletRuns, nodeReachable, noStateLoss } from "../language/assumptions.ts"
import { and, because, eventually, implies, not, on, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { roleOf } from "../slice/container.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { statusIn } from "../vocabulary/initContainers.ts"
import { deleted, phase } from "../vocabulary/pod.ts"

const failedOf = ({ pod: { spec, status } }: PodSeen): string | undefined =>
  spec.initContainers?.find((init) => {
    if (roleOf(init) === "sidecar") return false
    const code = statusIn(status.initContainerStatuses, init.name)?.state?.terminated?.exitCode
    return typeof code === "number" && code !== 0 && !containerShouldRestart(init, spec, code)
  })?.name

const graceOf = ({ spec: { terminationGracePeriodSeconds = 30 } }: PodSeen["pod"]): Micros =>
  (terminationGracePeriodSeconds * SECOND) as Micros

const failsNow = (seen: PodSeen): Micros | undefined =>
  failedOf(seen) === undefined || (seen.before !== undefined && failedOf(seen.before) !== undefined)
    ? undefined
    : graceOf(seen.pod)

const failed = when("an init container failed for good", (seen: PodSeen) => {
  const name = failedOf(seen)
  return because(name !== undefined, () => (name === undefined ? "none did" : `${name} did`))
})

const anAppRuns = when("an app container runs", ({ pod: { status } }: PodSeen) => {
  const one = status.containerStatuses?.find(({ state }) => state?.running !== undefined)
  return because(one !== undefined, () => (one === undefined ? "none runs" : `${one.name} runs`))
})

export const failedInitFailsThePod = property(
  "L35",
  {
    name: "pod/failed-init-fails-the-pod",
    says: "When an init container has failed that does not start again, no app container runs and the pod fails",
    source: "kubernetes.io/docs/concepts/workloads/pods/init-containers/#detailed-behavior",
    each: pod,
    assume: [nodeReachable, kubeletRuns, noStateLoss],
    params: { slack: "15 s" }
  },
  ({ params }) =>
    and(
      implies(failed, not(anAppRuns)),
      on("an init container fails for good", failsNow, (grace) =>
        eventually(or(phase("Failed"), deleted)).within((grace + params.slack) as Micros)
      )
    )
)
