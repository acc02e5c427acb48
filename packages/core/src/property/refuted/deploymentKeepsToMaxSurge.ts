/** R10. */
import { isDeployment } from "../../decide/controller/deployment/Deployment.ts"
import { maxSurge } from "../../decide/controller/deployment/fenceposts.ts"
import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import { isPod } from "../../event/KubernetesObject.ts"
import { and, because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type WorkloadSeen, workload } from "../slice/workload.ts"

const makesOne = when(
  "a pod is made",
  ({ change: { before, isDeleted, object } }: WorkloadSeen) => isPod(object) && before === undefined && !isDeleted
)

const filled = when(
  "a Deployment",
  ({ object }: WorkloadSeen) => isDeployment(object) && object.spec.strategy !== undefined
)

const fewEnough = when("no more pods than replicas and maxSurge", ({ object, pods }: WorkloadSeen) => {
  if (!isDeployment(object)) return true
  const there = pods.filter(({ status }) => !isTerminalPhase(status.phase)).length
  const most = object.spec.replicas + maxSurge(object)
  return because(there <= most, () => `${there} pods, at most ${most}`)
})

export const deploymentKeepsToMaxSurge = refuted(
  "R10",
  {
    name: "belief/deployment-keeps-to-max-surge",
    says: "A Deployment never has more pods than its replicas and maxSurge",
    why: "Pods that are ending are not counted: while they take their grace period, their successors are there already",
    insteadUse: ["L92"],
    source: "kubernetes.io/docs/concepts/workloads/controllers/deployment/, KEP-3973",
    each: workload.of("Deployment")
  },
  () => implies(and(makesOne, filled), fewEnough)
)
