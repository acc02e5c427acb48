/**
 * L45: the retry comes up to half of the wait later, at most 30 s (K-102). What the container waits for besides the back-off (its
 * image, a volume, a key of a ConfigMap) takes as long as it takes.
 */
import { containerShouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import { type Micros, SECOND } from "../../event/Instant.ts"
import { kubeletRuns, nodeReachable, noStateLoss } from "../language/assumptions.ts"
import { because, eventually, on, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"
import { backOffBefore } from "../vocabulary/backOff.ts"
import { hasExited, started } from "../vocabulary/container.ts"

const LATEST = 30 * SECOND

/** The number of the restart that is due, where one is. */
const restartDue = ({ before, pod, role, spec, status }: ContainerSeen): number | undefined => {
  if (!hasExited(before?.status, status) || status?.state?.terminated === undefined) return undefined
  const code = Number(status.state.terminated.exitCode)
  if (role === "init" && code === 0) return undefined
  return containerShouldRestart(spec, pod.spec, code) ? status.restartCount + 1 : undefined
}

const podEnds = when("the pod ends", ({ in: { isDeleted }, pod: { metadata, status } }: ContainerSeen) =>
  because(
    isDeleted || metadata.deletionTimestamp !== undefined || isTerminalPhase(status.phase),
    () => `phase ${status.phase}, deletionTimestamp ${metadata.deletionTimestamp ?? "(none)"}`
  )
)

const ordinary = new Set<unknown>([undefined, "CrashLoopBackOff", "ContainerCreating", "PodInitializing"])

const waitsForMore = when("waits for something else than the back-off", ({ status }: ContainerSeen) => {
  const reason = status?.state?.waiting?.reason
  return because(!ordinary.has(reason), () => `waiting: ${String(reason)}`)
})

export const crashLeadsToRestart = property(
  "L45",
  {
    name: "container/crash-leads-to-restart",
    says: "A container that its policy wants restarted starts again after its back-off, or its pod ends",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy",
    each: container,
    assume: [nodeReachable, kubeletRuns, noStateLoss],
    params: { base: "10 s", cap: "300 s", slack: "15 s" }
  },
  ({ params: { base, cap, slack } }) =>
    on("ended, and is to start again", restartDue, (restart) => {
      const wait = backOffBefore(restart, base, cap)
      return eventually(started)
        .within((wait + Math.min(wait / 2, LATEST) + slack) as Micros)
        .unless(or(podEnds, waitsForMore))
    })
)
