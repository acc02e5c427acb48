/**
 * L64: a preStop hook belongs to an end that somebody decided, and comes first in it. Where it sleeps, it is known how long: no process
 * gets its signal before, or before the grace period is over. Of the others their failure is told, after `Killing` (K-244, K-255): by
 * Events, of which some are lost where there are many of a pod. So it is advice.
 */
import { parseInstant, SECOND } from "../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { and, because, implies, once, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, containerWithEvents } from "../slice/container.ts"

/** Whose container the Event is about. */
const fieldOf = ({ change: { object } }: ContainerSeen): unknown => {
  const regarding = isJsonObject(object.involvedObject) ? object.involvedObject : object.regarding
  return isJsonObject(regarding) ? (regarding as JsonObject).fieldPath : undefined
}

const told = (reason: string) =>
  when(`Event ${reason}`, (seen: ContainerSeen) => {
    const { object } = seen.change
    if (object.kind !== "Event" || object.reason !== reason) return false
    const field = fieldOf(seen)
    return typeof field === "string" && field.endsWith(`{${seen.name}}`)
  })

const signalled = when("sent its stop signal", ({ change: { fact }, pod: { metadata }, spec }: ContainerSeen) => {
  if (fact?._tag !== "SignalSent" || fact.signal === 9) return false
  return metadata.deletionTimestamp !== undefined && spec.lifecycle?.preStop?.sleep !== undefined
})

const stoppedBefore = when("stopped before its pod was to be deleted", ({ change: { fact }, pod }: ContainerSeen) => {
  return fact?._tag === "SignalSent" && pod.metadata.deletionTimestamp === undefined
})

/** Stamps are whole seconds, rounded down. */
const hasSlept = when("its hook has slept, or its grace is over", ({ change: { at }, pod, spec }: ContainerSeen) => {
  const { deletionGracePeriodSeconds: grace = 0, deletionTimestamp } = pod.metadata
  const sleep = spec.lifecycle?.preStop?.sleep?.seconds ?? 0
  const due = parseInstant(deletionTimestamp ?? "")
  if (due === undefined) return true
  const earliest = due - grace * SECOND + Math.min(sleep, grace) * SECOND - SECOND
  return because(at >= earliest, () => `signal ${(earliest - at) / SECOND} s before its hook has slept ${sleep} s`)
})

export const preStopBeforeTheEnd = property(
  "L64",
  {
    name: "container/pre-stop-before-the-end",
    says: "A preStop hook runs when a container is stopped, and before it gets its signal",
    source: "kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution",
    each: containerWithEvents,
    severity: "advisory",
    needs: "events"
  },
  () =>
    and(
      implies(told("FailedPreStopHook"), once(told("Killing"))),
      implies(signalled, or(hasSlept, once(stoppedBefore)))
    )
)
