/**
 * L92: a roll-out makes no more pods at a time, and takes no more away, than its strategy says. Pods that are ending, or have ended, are
 * not counted (KEP-3973); what somebody else takes away is not the roll-out's: so what is wanted of all its ReplicaSets together is
 * what is bounded below. One that is paused makes no ReplicaSet.
 */
import { type DeploymentObject, isDeployment, isReplicaSet } from "../../decide/controller/deployment/Deployment.ts"
import { isRollingUpdate, maxSurge, maxUnavailable } from "../../decide/controller/deployment/fenceposts.ts"
import { isPodActive } from "../../decide/controller/podAvailability.ts"
import { isPod } from "../../event/KubernetesObject.ts"
import { and, because, leadsTo, not, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type WorkloadSeen, workload } from "../slice/workload.ts"

const NONE = { replicas: 0 }

/** One that the API server has filled in. */
const deploymentOf = ({ object }: WorkloadSeen): DeploymentObject | undefined =>
  isDeployment(object) && typeof object.spec.replicas === "number" && object.spec.strategy !== undefined
    ? object
    : undefined

/** More pods may be too many now: there is one more, or fewer are wanted. */
const grows = when("one more pod, or another size", ({ change: { before, object } }: WorkloadSeen) => {
  if (isPod(object)) return isPodActive(object) && (before === undefined || !isPod(before) || !isPodActive(before))
  return isDeployment(object) && object.metadata.generation !== before?.metadata.generation
})

const tooMany = when("more pods than replicas and maxSurge", (seen: WorkloadSeen) => {
  const deployment = deploymentOf(seen)
  if (deployment === undefined) return false
  const [count, most] = [seen.pods.filter(isPodActive).length, deployment.spec.replicas + maxSurge(deployment)]
  return because(count > most, () => `${count} pods, at most ${most}`)
})

const changes = when("a Deployment or ReplicaSet changes", ({ change: { object } }: WorkloadSeen) => !isPod(object))

const tooFew = when("fewer wanted than replicas less maxUnavailable", (seen: WorkloadSeen) => {
  const deployment = deploymentOf(seen)
  if (deployment === undefined || !isRollingUpdate(deployment)) return false
  if (deployment.spec.paused === true || deployment.metadata.deletionTimestamp !== undefined) return false
  let wanted = 0
  for (const one of seen.controlled) wanted += (isReplicaSet(one) ? one.spec : NONE).replicas
  const least = deployment.spec.replicas - maxUnavailable(deployment)
  return because(wanted < least, () => `${wanted} wanted of its ReplicaSets, at least ${least}`)
})

export const rolloutStaysInItsBounds = property(
  "L92",
  {
    name: "workload/rollout-stays-in-its-bounds",
    says: "A Deployment has no more pods than replicas and maxSurge, and wants no fewer than replicas less maxUnavailable",
    source: "pkg/controller/deployment/rolling.go, reconcileNewReplicaSet and reconcileOldReplicaSets",
    each: workload.of("Deployment"),
    params: { slack: "30 s" }
  },
  ({ params }) =>
    and(
      leadsTo(and(grows, tooMany), not(tooMany)).within(params.slack),
      leadsTo(and(changes, tooFew), not(tooFew)).within(params.slack)
    )
)
