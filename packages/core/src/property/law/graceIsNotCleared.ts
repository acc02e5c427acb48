/** O2: what L4 says of its length, said of its being there. */
import { because, implies, previously, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"

const hasGrace = when("deletionGracePeriodSeconds", ({ pod: { metadata } }: PodSeen) =>
  because(
    metadata.deletionGracePeriodSeconds !== undefined,
    () => `deletionGracePeriodSeconds ${metadata.deletionGracePeriodSeconds ?? "(none)"}`
  )
)

export const graceIsNotCleared = property(
  "O2",
  {
    name: "pod/grace-is-not-cleared",
    says: "The grace period of a pod's deletion, once set, stays set",
    source: "openshift/origin pkg/monitortests/node/watchpods/collection.go",
    each: pod
  },
  () => implies(previously(hasGrace), hasGrace)
)
