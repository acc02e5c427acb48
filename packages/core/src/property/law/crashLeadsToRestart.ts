/**
 * L45: the retry comes up to half of the wait later, at most 30 s (K-102). What the container waits for besides the back-off (its
 * image, a volume, a key of a ConfigMap) takes as long as it takes. A pod has one worker: while that kills another container for a
 * probe, in its grace period, or waits for its image or its hook, nothing starts; and that the pod ends is said when all have
 * ended, in the pod's.
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

/** The number of the restart that is due, where one is, and how long the worker may be busy with killing. */
interface Due {
  readonly restart: number
  readonly busy: number
}

const killTime = ({ name, pod: { spec } }: ContainerSeen): number => {
  const { terminationGracePeriodSeconds: grace = 30 } = spec
  const times = [...(spec.initContainers ?? []), ...spec.containers].flatMap((one) =>
    one.name === name
      ? []
      : [one.livenessProbe, one.startupProbe].flatMap((probe) =>
          probe === undefined ? [] : [probe.terminationGracePeriodSeconds ?? grace]
        )
  )
  return Math.max(grace, ...times) * SECOND
}

const restartDue = (seen: ContainerSeen): Due | undefined => {
  const { before, pod, role, spec, status } = seen
  if (!hasExited(before?.status, status) || status?.state?.terminated === undefined) return undefined
  const code = Number(status.state.terminated.exitCode)
  if (role === "init" && code === 0) return undefined
  return containerShouldRestart(spec, pod.spec, code)
    ? { restart: status.restartCount + 1, busy: killTime(seen) }
    : undefined
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

const workerWaits = when("another container is being started", ({ name, pod: { spec, status } }: ContainerSeen) => {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  const other = all.find(({ name: called, state }) => {
    if (called === name || state?.waiting === undefined) return false
    return state.waiting.reason !== "CrashLoopBackOff"
  })
  const hooked = [...(spec.initContainers ?? []), ...spec.containers].find(
    (one) => one.name !== name && one.lifecycle?.postStart !== undefined
  )
  const busyWith = other?.name ?? hooked?.name
  return because(busyWith !== undefined, () => `${busyWith ?? "none"} is started, or has a hook`)
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
    on("ended, and is to start again", restartDue, ({ busy, restart }) => {
      const wait = backOffBefore(restart, base, cap)
      return eventually(started)
        .within((wait + Math.min(wait / 2, LATEST) + busy + slack) as Micros)
        .unless(or(podEnds, waitsForMore, workerWaits))
    })
)
