/**
 * L46: from the kubelet's word that it kills. How often a probe has failed in a row before it is not seen: nobody tells when it
 * succeeded. The worker that kills starts it again before it reports anything; so of a pod with hooks that it must then wait
 * for the end is seen late, and it is not asked for.
 * A node that cannot be reached for less than its grace period is Ready all the while, and tells the end when it is back: so long
 * is the slack.
 */
import { type Micros, SECOND } from "../../event/Instant.ts"
import { kubeletRuns, nodeReachable } from "../language/assumptions.ts"
import { eventually, not, on, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, containerWithEvents } from "../slice/container.ts"
import { exited, running } from "../vocabulary/container.ts"
import { killedForProbe } from "../vocabulary/told.ts"

/** The probe's own grace period, or the pod's. */
const graceOf = ({ change, name, pod, spec, status }: ContainerSeen): Micros | undefined => {
  const killed = killedForProbe(change)
  if (killed?.container !== name || killed.probe !== "liveness" || status?.state?.running === undefined)
    return undefined
  if ([...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(({ lifecycle }) => lifecycle !== undefined)) {
    return undefined
  }
  const seconds = spec.livenessProbe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
  return (seconds * SECOND) as Micros
}

const terminating = when("terminating", ({ pod }: ContainerSeen) => pod.metadata.deletionTimestamp !== undefined)

export const livenessKills = property(
  "L46",
  {
    name: "container/liveness-kills",
    says: "A container that is killed for its liveness probe ends within its grace period",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#types-of-probe",
    each: containerWithEvents,
    needs: "events",
    assume: [nodeReachable, kubeletRuns],
    params: { slack: "60 s" }
  },
  ({ params }) =>
    on("killed for its liveness probe", graceOf, (grace) =>
      eventually(or(exited, not(running)))
        .within((grace + params.slack) as Micros)
        .unless(terminating)
    )
)
