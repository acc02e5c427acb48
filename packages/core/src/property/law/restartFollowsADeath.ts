/** L40: nothing restarts that did not end; what a kubelet created and another one found never started is waiting for ever. */
import { noStateLoss } from "../language/assumptions.ts"
import { and, because, transition, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const notNegative = when("restartCount not negative", ({ status }: ContainerSeen) => (status?.restartCount ?? 0) >= 0)

const followsADeath = transition("counted up after a death", ({ before, status }: ContainerSeen) => {
  const counted = before?.status?.restartCount
  const over = status?.lastState?.terminated ?? status?.lastState?.waiting
  return because(
    counted === undefined || status === undefined || status.restartCount <= counted || over !== undefined,
    () =>
      `restartCount ${String(counted)} → ${String(status?.restartCount)}, lastState ${over === undefined ? "(none)" : "ended"}`
  )
})

export const restartFollowsADeath = property(
  "L40",
  {
    name: "container/restart-follows-a-death",
    says: "A container whose restarts were counted up has a last state that ended, or never ran",
    source: "pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses",
    each: container,
    assume: [noStateLoss]
  },
  () => and(notNegative, followsADeath)
)
