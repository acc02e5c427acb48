/**
 * L11: a pod that was initialized stays so while its sandbox lives. A container whose exit restarts all of them sends the init
 * containers back, and with them the pod (K-083).
 */
import { allContainersCouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { noStateLoss } from "../language/assumptions.ts"
import { implies, not, or, previously, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const mayBeginAnew = when("some exit restarts all containers", (seen: PodSeen) =>
  allContainersCouldRestart(seen.pod.spec)
)

export const notBackToPending = property(
  "L11",
  {
    name: "pod/not-back-to-pending",
    says: "A pod that was Running is not Pending again, unless an exit restarts all its containers",
    source: "openshift/origin pkg/monitortests/node/watchpods/collection.go",
    each: pod,
    severity: "advisory",
    assume: [noStateLoss]
  },
  () => implies(previously(phase("Running")), or(not(phase("Pending")), mayBeginAnew))
)
