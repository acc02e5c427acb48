/** R2. */
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const nothingRuns = when("no container runs", ({ pod: { status } }: PodSeen) => {
  const one = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    ({ state }) => state?.running !== undefined
  )
  return because(one === undefined, () => (one === undefined ? "none runs" : `${one.name} runs`))
})

export const pendingRunsNothing = refuted(
  "R2",
  {
    name: "belief/pending-runs-nothing",
    says: "Nothing of a pending pod runs",
    why: "A pod is pending until each of its containers has been started once: init containers run meanwhile, and one app container does while the image of another is pulled",
    insteadUse: ["L16"],
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod
  },
  () => implies(phase("Pending"), nothingRuns)
)
