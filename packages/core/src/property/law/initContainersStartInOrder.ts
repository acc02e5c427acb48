/** L31: of the first start of each in a sandbox; a sidecar that ends later starts again whatever the others do. */
import type { ContainerStatus } from "../../event/KubernetesObject.ts"
import { because, implies, transition, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import type { PodSeen } from "../slice/pod.ts"
import { sandbox } from "../slice/sandbox.ts"
import { hasBegunInSandbox, notDoneBefore, statusIn } from "../vocabulary/initContainers.ts"

/** The place of the last one whose first instance in this sandbox has come since the moment before. */
const beginnerIn = (seen: PodSeen): number => {
  const { before, pod } = seen
  const { initContainers } = pod.spec
  if (initContainers === undefined || before === undefined || before.pod.status === pod.status) return -1
  return initContainers.findLastIndex(({ name }) => {
    const [was, is] = [before.pod, pod].map(({ status }) => statusIn(status.initContainerStatuses, name))
    const begun = (status: ContainerStatus | undefined) => hasBegunInSandbox(seen, "initContainerStatuses", status)
    return begun(is) && !begun(was) && is?.restartCount === (was?.restartCount ?? 0)
  })
}

const begins = when("an init container begins after others", (seen: PodSeen) => beginnerIn(seen) > 0)

const inOrder = transition("those before it are done", (seen: PodSeen) => {
  const place = beginnerIn(seen)
  const begun = seen.pod.spec.initContainers?.[place]?.name ?? ""
  const open = notDoneBefore(seen, place)
  return because(open === undefined, () => `${begun} begins, ${open ?? "none"} is not done`)
})

export const initContainersStartInOrder = property(
  "L31",
  {
    name: "pod/init-containers-start-in-order",
    says: "An init container starts when the ones before it have succeeded, or have started if they are sidecars",
    source: "pkg/kubelet/kuberuntime/kuberuntime_container.go, computeInitContainerActions",
    each: sandbox
  },
  () => implies(begins, inOrder)
)
