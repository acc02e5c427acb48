/** L12: a pod succeeds only if all its app containers did; how sidecars ended does not count. */
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const allExitedWithZero = when("every app container exited with 0", ({ pod: { status } }: PodSeen) => {
  const other = status.containerStatuses?.find(({ state }) => state?.terminated?.exitCode !== 0)
  return because(other === undefined, () =>
    other === undefined ? "all did" : `${other.name} exit ${String(other.state?.terminated?.exitCode ?? "(none)")}`
  )
})

export const succeededMeansExitZero = property(
  "L12",
  {
    name: "pod/succeeded-means-exit-zero",
    says: "Every app container of a pod that succeeded ended with exit code 0",
    source: "pkg/kubelet/kubelet_pods.go, getPhase",
    each: pod
  },
  () => implies(phase("Succeeded"), allExitedWithZero)
)
