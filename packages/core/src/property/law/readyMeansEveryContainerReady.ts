/** L20: the pod's readiness is that of its containers, sidecars among them. */
import { and, because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { roleOf } from "../slice/container.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { condition } from "../vocabulary/pod.ts"

const everyContainerReady = when("every app container and sidecar ready", ({ pod: { spec, status } }: PodSeen) => {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((one) => roleOf(one) === "sidecar").map(({ name }) => name)
  )
  const counted = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))
  ]
  const unready = counted.find(({ ready }) => !ready)
  return because(unready === undefined, () => (unready === undefined ? "all are" : `${unready.name} ready=false`))
})

export const readyMeansEveryContainerReady = property(
  "L20",
  {
    name: "pod/ready-means-every-container-ready",
    says: "A pod that is Ready has ContainersReady, and then every app container and every sidecar is ready",
    source: "pkg/kubelet/status/generate.go, GeneratePodReadyCondition",
    each: pod
  },
  () =>
    and(
      implies(condition("Ready"), condition("ContainersReady")),
      implies(condition("ContainersReady"), everyContainerReady)
    )
)
