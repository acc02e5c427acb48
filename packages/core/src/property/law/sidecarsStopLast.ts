/**
 * L34: in both directions: not before those that need it have ended, and then without delay. When the grace period is over all are
 * killed. A hook comes before the signal, and takes its time; a worker that starts something first ends that. A pod that was being
 * ended when it was deleted has another grace period than its mark says.
 */
import { parseInstant } from "../../event/Instant.ts"
import { kubeletRuns, nodeReachable, noStateLoss } from "../language/assumptions.ts"
import { and, because, implies, leadsTo, not, once, or, since, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container, roleOf } from "../slice/container.ts"

const signalled = when("signalled", ({ change: { fact } }: ContainerSeen) => fact?._tag === "SignalSent")
const SIGTERM = 15
const toldToStop = when(
  "told to stop",
  ({ change: { fact } }: ContainerSeen) => fact?._tag === "SignalSent" && fact.signal === SIGTERM
)
const begins = when("begins", ({ change: { fact } }: ContainerSeen) => fact?._tag === "ProcessStarted")

/** A sidecar of a pod that is being deleted, which runs. */
const isStopping = ({ name, pod, podUid, role, world }: ContainerSeen): boolean =>
  role === "sidecar" && pod.metadata.deletionTimestamp !== undefined && world.processes.of(podUid).has(name)

const stopping = when("a running sidecar of a pod that is deleted", isStopping)

/** The first of those that stop before it and run: app containers, and the sidecars after it. No init container is waited for. */
const runsBefore = ({ name, pod: { spec }, podUid, world }: ContainerSeen): string | undefined => {
  const running = world.processes.of(podUid)
  const inits = spec.initContainers ?? []
  const after = inits.slice(inits.findIndex((one) => one.name === name) + 1)
  const later = after.filter((one) => roleOf(one) === "sidecar")
  return [...later, ...spec.containers].find((one) => running.has(one.name))?.name
}

const others = when("one that stops before it runs", (seen: ContainerSeen) => {
  const other = runsBefore(seen)
  return because(other !== undefined, () => (other === undefined ? "none runs" : `${other} runs`))
})

const graceIsOver = when("the grace period is over", ({ pod: { metadata }, world }: ContainerSeen) => {
  const end = parseInstant(metadata.deletionTimestamp ?? "")
  return because(end !== undefined && world.now >= end, () => `deletionTimestamp ${metadata.deletionTimestamp}`)
})

const worksOnIt = when(
  "its worker ends it",
  ({ change: { fact } }: ContainerSeen) => fact?._tag === "PodSynced" && fact.sync === "SyncTerminatingPod"
)
const marked = when("deleted", ({ pod: { metadata } }: ContainerSeen) => metadata.deletionTimestamp !== undefined)
const endedBefore = once(and(worksOnIt, not(marked)))

const hasHook = when("preStop hook", ({ spec }: ContainerSeen) => spec.lifecycle?.preStop !== undefined)

export const sidecarsStopLast = property(
  "L34",
  {
    name: "container/sidecars-stop-last",
    says: "A deleted pod's sidecar is told to stop when all that stop before it have ended, and then at once",
    source: "pkg/kubelet/kuberuntime/kuberuntime_termination_order.go",
    each: container,
    needs: "simulator",
    assume: [nodeReachable, kubeletRuns, noStateLoss],
    params: { slack: "5 s" }
  },
  ({ params }) =>
    and(
      implies(and(stopping, toldToStop), or(not(others), graceIsOver, endedBefore)),
      leadsTo(
        and(stopping, once(worksOnIt), not(others), not(hasHook)),
        or(since(not(begins), signalled), not(stopping))
      ).within(params.slack)
    )
)
