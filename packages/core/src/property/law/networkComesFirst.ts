/** L50: the sandbox is there before what runs in it. One that has ended may have ended with its sandbox. */
import { because, precedes, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { condition } from "../vocabulary/pod.ts"

const aContainerRuns = when("a container runs", ({ pod: { status } }: PodSeen) => {
  const runs = ({ state }: { readonly state?: { readonly running?: unknown } }) => state?.running !== undefined
  const one = status.initContainerStatuses?.find(runs) ?? status.containerStatuses?.find(runs)
  return because(one !== undefined, () => (one === undefined ? "none runs" : `${one.name} runs`))
})

export const networkComesFirst = property(
  "L50",
  {
    name: "pod/network-comes-first",
    says: "Nothing runs in a pod that was not PodReadyToStartContainers",
    source: "pkg/kubelet/status/generate.go, GeneratePodReadyToStartContainersCondition",
    each: pod,
    since: "1.29"
  },
  () => precedes(condition("PodReadyToStartContainers"), aContainerRuns)
)
