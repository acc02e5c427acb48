/**
 * L97: an id is one instance: a new one is told with its start, or with its end where that came first. One that a kubelet had created
 * when it was stopped is never started: the next kubelet tells its id and starts another.
 */
import { kubeletRemembers, noStateLoss } from "../language/assumptions.ts"
import { because, implies, transition, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const hasId = when("has an instance", ({ status }: ContainerSeen) => status?.containerID !== undefined)

const withAStart = transition("its id changes with a start", ({ before, status }: ContainerSeen) => {
  const [was, is] = [before?.status?.containerID, status?.containerID]
  if (was === undefined || is === undefined || was === is) return true
  const { lastState, state } = status ?? {}
  const isStarted =
    state?.running !== undefined || state?.terminated?.containerID === is || lastState?.terminated?.containerID === is
  return because(isStarted, () => `${was} → ${is}, which neither runs nor has ended`)
})

export const anotherIdIsAnotherStart = property(
  "L97",
  {
    name: "container/another-id-is-another-start",
    says: "Another container id is told with the start, or the end, of that instance",
    source: "pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses",
    each: container,
    assume: [noStateLoss, kubeletRemembers]
  },
  () => implies(hasId, withAStart)
)
