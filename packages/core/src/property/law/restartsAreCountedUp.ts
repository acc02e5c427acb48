/** L41: the runtime's records are what is counted: where they are lost the count begins anew (R1). */
import { noStateLoss } from "../language/assumptions.ts"
import { monotone } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

export const restartsAreCountedUp = property(
  "L41",
  {
    name: "container/restarts-are-counted-up",
    says: "The number of restarts never falls",
    source: "pkg/kubelet/kuberuntime/kuberuntime_container.go, calcRestartCountByLogDir and toKubeContainerStatus",
    each: container,
    assume: [noStateLoss]
  },
  () => monotone("restartCount", ({ status }: ContainerSeen) => status?.restartCount)
)
