/** How a Deployment goes from old ReplicaSets to the new one (`pkg/controller/deployment/{rolling,recreate,rollback}.go`; C-276…C-278). */
import {
  activeReplicaSets,
  actualReplicaCount,
  allOf,
  type DeploymentObject,
  equalIgnoreHash,
  healthyScaleDown,
  isComplete,
  lastRevision,
  newReplicas,
  type Owned,
  type PodObject,
  type ReplicaSetObject,
  ROLLBACK_TO,
  replicaCount,
  replicaSetRevision,
  rolledBackAnnotations,
  type Scaling,
  type Status,
  scaleDownBudget,
  templateOf,
  unhealthyScaleDown
} from "@kubereel/core"
import { Result } from "effect"
import type { Course } from "../../client/Course.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"
import type { DeploymentSync, Failure } from "./DeploymentSync.ts"

type Scaled = Result.Result<boolean, Status>

/** Grows or shrinks them one after the other; has any changed? */
function* scaleEach(sync: DeploymentSync, scalings: ReadonlyArray<Scaling>): Course<Scaled> {
  let changed = false
  for (const scaling of scalings) {
    const scaled = yield* sync.scale(scaling)
    if (Result.isFailure(scaled)) return Result.fail(scaled.failure)
    changed ||= scaling.size !== scaling.replicaSet.spec.replicas
  }
  return Result.succeed(changed)
}

/** reconcileNewReplicaSet. */
function* reconcileNew(sync: DeploymentSync, owned: Owned, replicaSet: ReplicaSetObject): Course<Scaled> {
  const { replicas } = sync.deployment.spec
  const { replicas: current } = replicaSet.spec
  const size = current >= replicas ? replicas : newReplicas(sync.deployment, allOf(owned), current)
  return yield* scaleEach(sync, [{ replicaSet, size }])
}

/** reconcileOldReplicaSets: who cannot be scaled now is tried again with the next change. */
function* reconcileOld(sync: DeploymentSync, owned: Owned, fresh: ReplicaSetObject): Course<boolean> {
  const old = activeReplicaSets(owned.old)
  const budget = scaleDownBudget(sync.deployment, allOf(owned), fresh)
  if (replicaCount(old) === 0 || budget <= 0) return false
  const after = [...old]
  let changed = false
  for (const scaling of unhealthyScaleDown(old, budget)) {
    const scaled = scaling.size > scaling.replicaSet.spec.replicas ? undefined : yield* sync.scale(scaling)
    if (scaled === undefined || Result.isFailure(scaled)) return false
    after[old.indexOf(scaling.replicaSet)] = scaled.success
    changed = true
  }
  const healthy = yield* scaleEach(sync, healthyScaleDown(sync.deployment, after, fresh))
  return Result.isSuccess(healthy) && (changed || healthy.success)
}

/** Old ReplicaSets may go when all is done. */
function* finish(sync: DeploymentSync, owned: Owned): Course<Failure> {
  const refusal = isComplete(sync.deployment, sync.deployment.status) ? yield* sync.cleanUp(owned.old) : undefined
  return refusal ?? (yield* sync.syncRolloutStatus(owned))
}

/** rolloutRolling. */
export function* rolloutRolling(sync: DeploymentSync): Course<Failure> {
  const found = yield* sync.replicaSets(true)
  if (Result.isFailure(found)) return found.failure
  const owned = found.success
  if (owned.fresh === undefined) return undefined
  const grown = yield* reconcileNew(sync, owned, owned.fresh)
  if (Result.isFailure(grown)) return grown.failure
  const moved = grown.success || (yield* reconcileOld(sync, owned, owned.fresh))
  return moved ? yield* sync.syncRolloutStatus(owned) : yield* finish(sync, owned)
}

const hasEnded = ({ status }: PodObject): boolean => status.phase === "Failed" || status.phase === "Succeeded"

/** rolloutRecreate: nothing new before all that is old has ended. `podsOf`: of one of its ReplicaSets. */
export function* rolloutRecreate(
  sync: DeploymentSync,
  podsOf: (replicaSet: ReplicaSetObject) => ReadonlyArray<PodObject>
): Course<Failure> {
  const found = yield* sync.replicaSets(false)
  if (Result.isFailure(found)) return found.failure
  const { old } = found.success
  const emptied = yield* scaleEach(
    sync,
    activeReplicaSets(old).map((replicaSet) => ({ replicaSet, size: 0 }))
  )
  if (Result.isFailure(emptied)) return emptied.failure
  const oldPodsRunning =
    actualReplicaCount(old) > 0 || old.some((replicaSet) => podsOf(replicaSet).some((pod) => !hasEnded(pod)))
  if (emptied.success || oldPodsRunning) return yield* sync.syncRolloutStatus(found.success)
  const made = found.success.fresh === undefined ? yield* sync.replicaSets(true) : found
  if (Result.isFailure(made)) return made.failure
  const { fresh } = made.success
  if (fresh === undefined) return undefined
  const scaled = yield* sync.scale({ replicaSet: fresh, size: sync.deployment.spec.replicas })
  return Result.isFailure(scaled) ? scaled.failure : yield* finish(sync, made.success)
}

const withoutRequest = (deployment: DeploymentObject): DeploymentObject => {
  const { [ROLLBACK_TO]: _, ...annotations } = deployment.metadata.annotations ?? {}
  return { ...deployment, metadata: { ...deployment.metadata, annotations } }
}

/** rollback: the template of the revision that is asked for becomes the Deployment's; 0 asks for the last. */
export function* rollback(
  sync: DeploymentSync,
  { events }: Pick<ControllerTools, "events">,
  asked: bigint
): Course<Failure> {
  const found = yield* sync.replicaSets(true)
  if (Result.isFailure(found)) return found.failure
  const { deployment } = sync
  const name = JSON.stringify(deployment.metadata.name)
  const warn = (reason: string, message: string) => events.record(eventAbout(deployment, "Warning", reason, message))
  const all = allOf(found.success)
  const revision = asked === 0n ? lastRevision(all) : asked
  const target = all.find((replicaSet) => replicaSetRevision(replicaSet) === revision)
  if (target === undefined || revision === 0n) {
    const what = revision === 0n ? "Unable to find last revision." : "Unable to find the revision to rollback to."
    warn("DeploymentRollbackRevisionNotFound", what)
    return yield* sync.update(withoutRequest(deployment))
  }
  if (equalIgnoreHash(deployment.spec.template, target.spec.template)) {
    const what = `The rollback revision contains the same template as current deployment ${name}`
    warn("DeploymentRollbackTemplateUnchanged", what)
    return yield* sync.update(withoutRequest(deployment))
  }
  const annotations = rolledBackAnnotations(deployment, target)
  const refusal = yield* sync.update(
    withoutRequest({
      ...deployment,
      metadata: { ...deployment.metadata, annotations },
      spec: { ...deployment.spec, template: templateOf(target) }
    })
  )
  if (refusal === undefined)
    events.record(
      eventAbout(deployment, "Normal", "DeploymentRollback", `Rolled back deployment ${name} to revision ${revision}`)
    )
  return refusal
}
