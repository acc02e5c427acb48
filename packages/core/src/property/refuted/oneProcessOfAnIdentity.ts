/** R9. Whether a process runs on a machine that is not heard of the API does not say: so it is asked what was said of it last. */
import { and, because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { deleted } from "../vocabulary/pod.ts"

const stateful = when(
  "of a StatefulSet",
  ({ pod: { metadata } }: PodSeen) =>
    metadata.ownerReferences?.some(({ controller, kind }) => controller === true && kind === "StatefulSet") ?? false
)

const hadEnded = when("its containers had ended", ({ pod: { status } }: PodSeen) => {
  const one = status.containerStatuses?.find(({ state }) => state?.running !== undefined)
  return because(one === undefined, () => (one === undefined ? "all had" : `${one.name} ran, as far as was known`))
})

export const oneProcessOfAnIdentity = refuted(
  "R9",
  {
    name: "belief/one-process-of-an-identity",
    says: "A pod of a StatefulSet is gone, and replaced, only when its processes have ended",
    why: "Who deletes by force a pod on a node that is cut off makes room for another of its name while the first one runs",
    insteadUse: ["L1", "L66"],
    source: "kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/",
    each: pod
  },
  () => implies(and(deleted, stateful), hadEnded)
)
