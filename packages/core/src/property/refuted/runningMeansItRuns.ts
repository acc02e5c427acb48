/** R3. */
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

const somethingRuns = when("an app container runs", ({ pod: { status } }: PodSeen) => {
  const runs = status.containerStatuses?.some(({ state }) => state?.running !== undefined) ?? false
  return because(runs, () => (runs ? "one runs" : "none runs"))
})

export const runningMeansItRuns = refuted(
  "R3",
  {
    name: "belief/running-means-it-runs",
    says: "A container runs in each pod whose phase is Running",
    why: "A pod whose containers crash again and again stays Running while they wait for their next start",
    insteadUse: ["L20"],
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod
  },
  () => implies(phase("Running"), somethingRuns)
)
