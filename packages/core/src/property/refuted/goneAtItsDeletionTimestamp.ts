/** R4. */
import { SECOND } from "../../event/Instant.ts"
import { eventually, on } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { deleted } from "../vocabulary/pod.ts"

const grace = ({ before, pod: { metadata } }: PodSeen): number | undefined =>
  metadata.deletionTimestamp === undefined || before?.pod.metadata.deletionTimestamp !== undefined
    ? undefined
    : (metadata.deletionGracePeriodSeconds ?? 0)

export const goneAtItsDeletionTimestamp = refuted(
  "R4",
  {
    name: "belief/gone-at-its-deletion-timestamp",
    says: "A pod that is deleted is gone when its grace period is over",
    why: "Finalizers and a node that is not heard of keep it without limit, a kubelet that is restarted begins the whole grace period again, a preStop hook gets 2 s more, and cleaning up takes a while",
    insteadUse: ["L60", "L66"],
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
    each: pod
  },
  () => on("marked", grace, (seconds) => eventually(deleted).within(seconds * SECOND))
)
