/** L33: a container whose exit restarts all of them sends the init containers back (K-083). */
import { allContainersCouldRestart } from "../../decide/kubelet/containerRestart.ts"
import { noStateLoss } from "../language/assumptions.ts"
import { because, implies, or, previously, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const succeeded = when("init container succeeded", ({ role, status }: ContainerSeen) =>
  because(role === "init" && status?.state?.terminated?.exitCode === 0, () =>
    JSON.stringify(status?.state ?? "not reported")
  )
)

const mayRunAgain = when("some exit restarts all containers", ({ pod }: ContainerSeen) =>
  allContainersCouldRestart(pod.spec)
)

export const initSuccessStays = property(
  "L33",
  {
    name: "container/init-success-stays",
    says: "An init container that succeeded is not reported as anything else as long as its sandbox lives",
    source: "pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses; issue 51644",
    each: container,
    assume: [noStateLoss]
  },
  () => implies(previously(succeeded), or(succeeded, mayRunAgain))
)
