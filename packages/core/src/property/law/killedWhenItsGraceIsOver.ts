/**
 * L63: a process has its grace period to end by itself. The time runs from when the kubelet sees the deletion, that is not before its
 * mark; a kill that began before it, for a probe or for the pod's deadline, has a time of its own (K-243), and so has that of an
 * eviction. Only a simulator tells signals, and it does not tell whose: what somebody else kills, or the kernel for its memory, breaks
 * this. So it is advice.
 */
import { parseInstant, SECOND } from "../../event/Instant.ts"
import { and, because, implies, not, once, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const SIGKILL = 9

const sent = (name: string, isIt: (signal: number) => boolean) =>
  when(name, ({ change: { fact } }: ContainerSeen) => fact?._tag === "SignalSent" && isIt(fact.signal))

const killed = sent("sent KILL", (signal) => signal === SIGKILL)
const stopped = sent("sent a stop signal", (signal) => signal !== SIGKILL)
const marked = when("pod terminating", ({ pod }: ContainerSeen) => pod.metadata.deletionTimestamp !== undefined)
const stoppedBefore = once(and(stopped, not(marked)))
const failed = when("pod failed", ({ pod }: ContainerSeen) => pod.status.phase === "Failed")

/** Stamps are whole seconds, rounded down. */
const graceIsOver = when("its grace period is over", ({ change: { at }, pod: { metadata } }: ContainerSeen) => {
  const due = parseInstant(metadata.deletionTimestamp ?? "")
  return because(
    due === undefined || at >= due - SECOND,
    () => `KILL ${((due ?? at) - at) / SECOND} s before deletionTimestamp ${metadata.deletionTimestamp ?? "(none)"}`
  )
})

export const killedWhenItsGraceIsOver = property(
  "L63",
  {
    name: "container/killed-when-its-grace-is-over",
    says: "No container of a pod that is deleted is killed before its grace period is over",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
    each: container,
    severity: "advisory",
    clock: "api",
    needs: "simulator"
  },
  () => implies(and(killed, marked), or(graceIsOver, stoppedBefore, failed))
)
