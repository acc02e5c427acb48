/** R21. */
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const allExitedWithZero = when("every app container exited with 0", ({ pod: { spec, status } }: PodSeen) => {
  const all = status.containerStatuses ?? []
  const isSo = all.length === spec.containers.length && all.every(({ state }) => state?.terminated?.exitCode === 0)
  return because(isSo, () => `${all.length} of ${spec.containers.length} told`)
})

export const allSucceededMeansSucceeded = refuted(
  "R21",
  {
    name: "belief/all-succeeded-means-succeeded",
    says: "A pod whose containers all exited with 0 has succeeded",
    why: "With restartPolicy Always they are started again, and it goes on running",
    insteadUse: ["L14"],
    source: "pkg/kubelet/kubelet_pods.go, getPhase",
    each: pod
  },
  () => implies(allExitedWithZero, phase("Succeeded"))
)
