/** One sync of one Deployment: what it knows, what it learns, and what it writes (`pkg/controller/deployment/sync.go`). */
import {
  activeReplicaSets,
  allOf,
  byRevision,
  conditionOf,
  type DeploymentObject,
  type DeploymentStatus,
  deploymentStatus,
  equalIgnoreHash,
  findActiveOrLatest,
  findNewReplicaSet,
  findOldReplicaSets,
  isControlledBy,
  isReplicaSet,
  isRollingUpdate,
  isSaturated,
  maxRevision,
  needReplicasAnnotations,
  newReplicaSet,
  newReplicaSetAnnotations,
  type Owned,
  PROGRESSING,
  pausedCondition,
  progressCheck,
  progressDeadline,
  proportionalScaling,
  REVISION,
  type ReplicaSetObject,
  replicasAnnotations,
  revisionHistoryLimit,
  rolloutStatus,
  type Scaling,
  type Status,
  sameDeploymentStatus,
  type Told,
  withTold
} from "@kubereel/core"
import { Result } from "effect"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"
import { isNamespaceTerminating } from "../PodControl.ts"

/** Why the sync has to be tried again. */
export type Failure = Status | undefined

export class DeploymentSync {
  readonly #tools: ControllerTools
  /** Whose they are, as the cache knew them when the sync began. */
  readonly #replicaSets: ReadonlyArray<ReplicaSetObject>
  readonly #checkAgain: (after: "now" | number) => void
  /** With what was changed meanwhile, under the version that the cache had: a second write of one sync is refused (C-371). */
  #deployment: DeploymentObject

  constructor(
    tools: ControllerTools,
    deployment: DeploymentObject,
    replicaSets: ReadonlyArray<ReplicaSetObject>,
    checkAgain: (after: "now" | number) => void
  ) {
    this.#tools = tools
    this.#deployment = deployment
    this.#replicaSets = replicaSets
    this.#checkAgain = checkAgain
  }

  get deployment(): DeploymentObject {
    return this.#deployment
  }

  /** syncStatusOnly: a Deployment that is about to go. */
  *statusOnly(): Course<Failure> {
    const found = yield* this.replicaSets(false)
    return Result.isFailure(found) ? found.failure : yield* this.#syncStatus(found.success)
  }

  /** sync: it was scaled, or is paused. */
  *scaleOnly(): Course<Failure> {
    const found = yield* this.replicaSets(false)
    if (Result.isFailure(found)) return found.failure
    const owned = found.success
    const refusal = yield* this.#scaleAll(owned)
    if (refusal !== undefined) return refusal
    const cleaned = this.#deployment.spec.paused === true ? yield* this.cleanUp(owned.old) : undefined
    return cleaned ?? (yield* this.#syncStatus(owned))
  }

  /** checkPausedConditions. */
  *notePause(): Course<Failure> {
    const { spec, status } = this.#deployment
    if (progressDeadline(this.#deployment) === undefined) return undefined
    const told = pausedCondition(spec.paused === true, conditionOf(status, PROGRESSING))
    return told === undefined ? undefined : yield* this.#tell(told)
  }

  /** getAllReplicaSetsAndSyncRevision. `create`: make the new one if there is none. */
  *replicaSets(create: boolean): Course<Result.Result<Owned, Status>> {
    const old = findOldReplicaSets(this.#deployment, this.#replicaSets)
    const existing = findNewReplicaSet(this.#deployment, this.#replicaSets)
    const fresh =
      existing !== undefined
        ? yield* this.#existing(existing, old)
        : create
          ? yield* this.#create(old)
          : Result.succeed(undefined)
    const { DeploymentReplicaSetTerminatingReplicas: countsTerminating } = this.#tools.release.gates
    return Result.map(fresh, (replicaSet) => ({ fresh: replicaSet, old, countsTerminating }))
  }

  /** scaleReplicaSet. `force`: also when only what it remembers is old. */
  *scale({ replicaSet, size }: Scaling, force = false): Course<Result.Result<ReplicaSetObject, Status>> {
    const { client, events } = this.#tools
    const before = replicaSet.spec.replicas
    const outdated = needReplicasAnnotations(replicaSet, this.#deployment)
    if (before === size && !(force && outdated)) return Result.succeed(replicaSet)
    const annotations = { ...replicaSet.metadata.annotations, ...replicasAnnotations(this.#deployment) }
    const answer = yield* client.update({
      ...replicaSet,
      metadata: { ...replicaSet.metadata, annotations },
      spec: { ...replicaSet.spec, replicas: size }
    })
    const stored = storedOf(answer)
    if (stored === undefined || !isReplicaSet(stored)) return Result.fail(refusalOf(answer) as Status)
    const { name } = stored.metadata
    if (before !== size)
      events.record(
        eventAbout(
          this.#deployment,
          "Normal",
          "ScalingReplicaSet",
          `Scaled ${before < size ? "up" : "down"} replica set ${name} from ${before} to ${size}`
        )
      )
    return Result.succeed(stored)
  }

  /** cleanupDeployment: old ReplicaSets without pods go when there are more than are to be kept. */
  *cleanUp(old: ReadonlyArray<ReplicaSetObject>): Course<Failure> {
    const kept = revisionHistoryLimit(this.#deployment)
    const there = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    if (kept === undefined || there.length <= kept) return undefined
    for (const { metadata, spec, status } of [...there].sort(byRevision).slice(0, there.length - kept)) {
      const unseen = (metadata.generation ?? 0) > (status.observedGeneration ?? 0)
      if ((status.replicas ?? 0) !== 0 || spec.replicas !== 0 || unseen) continue
      const of = { kind: "ReplicaSet", namespace: metadata.namespace ?? "", name: metadata.name }
      const refusal = refusalOf(yield* this.#tools.client.delete(of))
      if (refusal !== undefined && refusal.code !== 404) return refusal
    }
    return undefined
  }

  /** syncRolloutStatus. */
  *syncRolloutStatus(owned: Owned): Course<Failure> {
    const { now } = this.#tools.engine
    const status = rolloutStatus(this.#deployment, owned, now)
    if (!sameDeploymentStatus(this.#deployment.status, status)) return yield* this.#putStatus(status)
    const after = progressCheck(this.#deployment, status, now)
    if (after !== undefined) this.#checkAgain(after)
    return undefined
  }

  /** PUT of the Deployment itself, changed so (updateDeploymentAndClearRollbackTo). */
  *update(next: DeploymentObject): Course<Failure> {
    this.#deployment = next
    return refusalOf(yield* this.#tools.client.update(next))
  }

  *#syncStatus(owned: Owned): Course<Failure> {
    const status = deploymentStatus(this.#deployment, owned, this.#tools.engine.now)
    return sameDeploymentStatus(this.#deployment.status, status) ? undefined : yield* this.#putStatus(status)
  }

  *#putStatus(status: DeploymentStatus): Course<Failure> {
    this.#deployment = { ...this.#deployment, status }
    return refusalOf(yield* this.#tools.client.update(this.#deployment, "status"))
  }

  *#tell(told: Told): Course<Failure> {
    return yield* this.#putStatus(withTold(this.#deployment.status, told, this.#tools.engine.now))
  }

  /** SetDeploymentRevision: is it another one than before? */
  #setRevision(revision: string): boolean {
    const { metadata } = this.#deployment
    if (metadata.annotations?.[REVISION] === revision) return false
    const annotations = { ...metadata.annotations, [REVISION]: revision }
    this.#deployment = { ...this.#deployment, metadata: { ...metadata, annotations } }
    return true
  }

  /** The new ReplicaSet is there: what it remembers is brought up to date, then what the Deployment does. */
  *#existing(
    existing: ReplicaSetObject,
    old: ReadonlyArray<ReplicaSetObject>
  ): Course<Result.Result<ReplicaSetObject, Status>> {
    const annotations = newReplicaSetAnnotations(this.#deployment, existing, maxRevision(old) + 1n)
    const minReadySeconds = this.#deployment.spec.minReadySeconds ?? 0
    if (annotations !== undefined || (existing.spec.minReadySeconds ?? 0) !== minReadySeconds) {
      const metadata = { ...existing.metadata, ...(annotations === undefined ? {} : { annotations }) }
      const answer = yield* this.#tools.client.update({
        ...existing,
        metadata,
        spec: { ...existing.spec, minReadySeconds }
      })
      const stored = storedOf(answer)
      return stored !== undefined && isReplicaSet(stored)
        ? Result.succeed(stored)
        : Result.fail(refusalOf(answer) as Status)
    }
    const renewed = this.#setRevision(existing.metadata.annotations?.[REVISION] ?? "")
    const unknown =
      progressDeadline(this.#deployment) !== undefined &&
      conditionOf(this.#deployment.status, PROGRESSING) === undefined
    const message = `Found new replica set ${JSON.stringify(existing.metadata.name)}`
    const refusal = unknown
      ? yield* this.#tell({ type: PROGRESSING, status: "True", reason: "FoundNewReplicaSet", message })
      : renewed
        ? yield* this.#putStatus(this.#deployment.status)
        : undefined
    return refusal === undefined ? Result.succeed(existing) : Result.fail(refusal)
  }

  *#create(old: ReadonlyArray<ReplicaSetObject>): Course<Result.Result<ReplicaSetObject, Status>> {
    const wanted = newReplicaSet(this.#deployment, old)
    const answer = yield* this.#tools.client.create(wanted, wanted.metadata.namespace ?? "")
    const refusal = refusalOf(answer)
    const taken = refusal?.reason === "AlreadyExists"
    if (refusal !== undefined && !taken) {
      if (!isNamespaceTerminating(refusal)) yield* this.#cannotCreate(wanted, refusal)
      return Result.fail(refusal)
    }
    const made = refusal === undefined ? (storedOf(answer) as ReplicaSetObject) : yield* this.#collision(wanted)
    if (made === undefined) return Result.fail(refusal as Status)
    const [{ name }, { replicas }] = [made.metadata, wanted.spec]
    if (!taken && replicas > 0)
      this.#tools.events.record(
        eventAbout(
          this.#deployment,
          "Normal",
          "ScalingReplicaSet",
          `Scaled up replica set ${name} from 0 to ${replicas}`
        )
      )
    const failure = yield* this.#noteNew(wanted, taken)
    return failure === undefined ? Result.succeed(made) : Result.fail(failure)
  }

  /** What the Deployment says of its new ReplicaSet. */
  *#noteNew({ metadata }: ReplicaSetObject, taken: boolean): Course<Failure> {
    const renewed = this.#setRevision(metadata.annotations?.[REVISION] ?? "")
    if (taken || progressDeadline(this.#deployment) === undefined)
      return renewed ? yield* this.#putStatus(this.#deployment.status) : undefined
    const message = `Created new replica set ${JSON.stringify(metadata.name)}`
    return yield* this.#tell({ type: PROGRESSING, status: "True", reason: "NewReplicaSetCreated", message })
  }

  /** Its name is taken: by itself, which the cache did not know yet, or by another one with the same hash (C-283). */
  *#collision({ metadata }: ReplicaSetObject): Course<ReplicaSetObject | undefined> {
    const there = this.#tools.informers.get("ReplicaSet", metadata.namespace, metadata.name)
    if (there === undefined || !isReplicaSet(there)) return undefined
    const { spec, status } = this.#deployment
    if (isControlledBy(there, this.#deployment) && equalIgnoreHash(spec.template, there.spec.template)) return there
    yield* this.#putStatus({ ...status, collisionCount: (status.collisionCount ?? 0) + 1 })
    return undefined
  }

  *#cannotCreate({ metadata }: ReplicaSetObject, refusal: Status): Course<void> {
    const reason = "ReplicaSetCreateError"
    const message = `Failed to create new replica set ${JSON.stringify(metadata.name)}: ${refusal.message ?? ""}`
    if (progressDeadline(this.#deployment) !== undefined)
      yield* this.#tell({ type: PROGRESSING, status: "False", reason, message })
    this.#tools.events.record(eventAbout(this.#deployment, "Warning", reason, message))
  }

  /** scale: one ReplicaSet alone, or all in proportion (C-279). */
  *#scaleAll({ fresh, old }: Owned): Course<Failure> {
    const { replicas } = this.#deployment.spec
    const alone = findActiveOrLatest(fresh, old)
    const newestFirst = [...old].reverse()
    if (alone !== undefined) return yield* this.#scaleEach([{ replicaSet: alone, size: replicas }], false)
    if (isSaturated(this.#deployment, fresh)) {
      const gone = activeReplicaSets(newestFirst).map((replicaSet) => ({ replicaSet, size: 0 }))
      return yield* this.#scaleEach(gone, false)
    }
    if (!isRollingUpdate(this.#deployment)) return undefined
    const all = allOf({ fresh, old: newestFirst })
    return yield* this.#scaleEach(proportionalScaling(this.#deployment, all), true)
  }

  *#scaleEach(scalings: ReadonlyArray<Scaling>, force: boolean): Course<Failure> {
    for (const scaling of scalings) {
      const scaled = yield* this.scale(scaling, force)
      if (Result.isFailure(scaled)) return scaled.failure
    }
    return undefined
  }
}
