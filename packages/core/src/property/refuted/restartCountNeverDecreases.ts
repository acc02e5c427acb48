/** R1. Since 1.36 the kubelet goes on from what it reported (RestartAllContainersOnContainerExits), and it is true. */
import { monotone } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

export const restartCountNeverDecreases = refuted(
  "R1",
  {
    name: "belief/restart-count-never-decreases",
    says: "The restart count of a container never falls",
    why: "The kubelet counts from what it finds: when the records of dead containers are gone, as after a node's restart or with another sandbox, it begins anew",
    insteadUse: ["L41"],
    source: "pkg/apis/core/types.go, ContainerStatus.RestartCount",
    each: container,
    until: "1.36"
  },
  () => monotone("restartCount", ({ status }: ContainerSeen) => status?.restartCount)
)
