/** L16: as long as one waits for its first start the pod is Pending (R2). */
import type { ContainerStatus } from "../../event/KubernetesObject.ts"
import { noStateLoss } from "../language/assumptions.ts"
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const neverBegan = ({ lastState, state }: ContainerStatus): boolean =>
  state?.running === undefined && state?.terminated === undefined && lastState?.terminated === undefined

const allBegan = when("every app container has begun once", ({ pod: { status } }: PodSeen) => {
  const one = status.containerStatuses?.find(neverBegan)
  return because(one === undefined, () => (one === undefined ? "all have" : `${one.name} has not`))
})

export const runningMeansAllBegun = property(
  "L16",
  {
    name: "pod/running-means-all-begun",
    says: "A pod is Running only when every app container has begun once",
    source: "pkg/kubelet/kubelet_pods.go, getPhase",
    each: pod,
    assume: [noStateLoss]
  },
  () => implies(phase("Running"), allBegan)
)
