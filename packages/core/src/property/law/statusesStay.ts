/**
 * O3: the kubelet reports every container of the pod, as far as it knows. One that refuses a pod after its own restart writes a status
 * that says nothing else (rejectPod).
 */
import type { ContainerStatus } from "../../event/KubernetesObject.ts"
import { kubeletRemembers } from "../language/assumptions.ts"
import { because, transition } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { statusIn } from "../vocabulary/initContainers.ts"

type Statuses = ReadonlyArray<ContainerStatus> | undefined

const lostOf = (was: Statuses, is: Statuses): string | undefined =>
  was === undefined || was === is ? undefined : was.find(({ name }) => statusIn(is, name) === undefined)?.name

export const statusesStay = property(
  "O3",
  {
    name: "pod/statuses-stay",
    says: "A container that was reported is reported as long as its pod lives",
    source: "openshift/origin pkg/monitortests/node/watchpods/collection.go",
    each: pod,
    assume: [kubeletRemembers]
  },
  () =>
    transition("every container still reported", ({ before, pod: { status } }: PodSeen) => {
      const was = before?.pod.status
      if (was === undefined || was === status) return true
      const lost =
        lostOf(was.initContainerStatuses, status.initContainerStatuses) ??
        lostOf(was.containerStatuses, status.containerStatuses)
      return because(lost === undefined, () => `${lost ?? "none"} is not reported any more`)
    })
)
