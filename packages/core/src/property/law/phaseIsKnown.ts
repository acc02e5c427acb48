/** O1: nobody has set it since 2015 (R15). */
import { not } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

export const phaseIsKnown = property(
  "O1",
  {
    name: "pod/phase-is-known",
    says: "No pod has the phase Unknown",
    source: "openshift/origin pkg/monitortests/node/watchpods/collection.go",
    each: pod
  },
  () => not(phase("Unknown"))
)
