/**
 * L91: OrderedReady: who comes later in the order is made when all before it run and are ready, as far as the controller has heard:
 * what was ready a moment ago still is, to it.
 */

import { isPodReady } from "../../decide/controller/podAvailability.ts"
import { ordinalOf, startOrdinal } from "../../decide/controller/statefulset/statefulPod.ts"
import { parseInstant, SECOND } from "../../event/Instant.ts"
import { isJsonObject } from "../../event/Json.ts"
import { isPod, type PodObject } from "../../event/KubernetesObject.ts"
import { and, because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type WorkloadSeen, workload } from "../slice/workload.ts"

const ordered = when("OrderedReady", ({ object: { spec } }: WorkloadSeen) =>
  isJsonObject(spec) ? spec.podManagementPolicy !== "Parallel" : false
)

const makesOne = when(
  "a pod is made",
  ({ change: { before, isDeleted, joins, object } }: WorkloadSeen) =>
    isPod(object) && before === undefined && !isDeleted && joins === "begins"
)

/** Was it, at that time or later, running and ready, and not to be deleted? */
const wasReadySince = (pod: PodObject, at: number): boolean => {
  const { metadata, status } = pod
  const due = parseInstant(metadata.deletionTimestamp ?? "")
  if (due !== undefined && due - (metadata.deletionGracePeriodSeconds ?? 0) * SECOND < at) return false
  if (isPodReady(pod)) return true
  const changed = status.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime
  return (parseInstant(changed ?? "") ?? 0) >= at
}

/** The first of those before it that was not ready then. */
const missing = ({ change: { at, object }, object: set, pods }: WorkloadSeen, lag: number): string | undefined => {
  const all = new Map(pods.map((pod) => [ordinalOf(pod), pod]))
  const its = ordinalOf(object)
  for (let ordinal = startOrdinal(set); ordinal < its; ordinal++) {
    const pod = all.get(ordinal)
    if (pod === undefined) return `${set.metadata.name}-${ordinal} is not there`
    if (!wasReadySince(pod, at - lag)) return `${pod.metadata.name} is not ready`
  }
  return undefined
}

const allBeforeIt = (lag: number) =>
  when("all before it were ready", (seen: WorkloadSeen) => {
    const found = missing(seen, lag)
    return found === undefined || because(false, () => `${seen.change.object.metadata.name} is made, and ${found}`)
  })

export const orderedPodsWaitForEachOther = property(
  "L91",
  {
    name: "workload/ordered-pods-wait-for-each-other",
    says: "A StatefulSet that keeps order makes a pod when all before it run and are ready",
    source: "kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees",
    each: workload.of("StatefulSet"),
    params: { lag: "5 s" }
  },
  ({ params }) => implies(and(makesOne, ordered), allBeforeIt(params.lag))
)
