/** R6. */
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"

const policyNever = when(
  "restartPolicy Never",
  ({ pod: { spec }, spec: { restartPolicy } }: ContainerSeen) => (restartPolicy ?? spec.restartPolicy) === "Never"
)

const ranOnceAtMost = when("started once at most", ({ status }: ContainerSeen) =>
  because((status?.restartCount ?? 0) === 0, () => `restartCount ${status?.restartCount ?? 0}`)
)

export const neverRunsAtMostOnce = refuted(
  "R6",
  {
    name: "belief/never-runs-at-most-once",
    says: "With restartPolicy Never a program runs once at most",
    why: "It is run once more when its sandbox is lost, when its image is changed, when a rule of its own says so, or by a Job that makes another pod",
    insteadUse: ["L42"],
    source: "kubernetes.io/docs/concepts/workloads/controllers/job/#handling-pod-and-container-failures",
    each: container
  },
  () => implies(policyNever, ranOnceAtMost)
)
