/** Keeps as many pods as each ReplicaSet wants, or each object of a kind that is read as one (`pkg/controller/replicaset/replica_set.go`; C-267…C-272). */
import {
  calculateStatus,
  controllerOf,
  type Instant,
  isControlledBy,
  isPod,
  isPodActive,
  isPodReady,
  isPodTerminating,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  nextAvailability,
  type PodObject,
  podReadySince,
  podsToDelete,
  SECOND,
  type Status,
  selects,
  specOf
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import { type Course, together } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { ConsistencyStore } from "../ConsistencyStore.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { claimPods } from "../claimPods.ts"
import { Expectations } from "../Expectations.ts"
import {
  controlledBy,
  indexByController,
  indexByNamespace,
  indexPods,
  inNamespace,
  keyOf,
  podsOf,
  resolveControllerRef,
  splitKey
} from "../keys.ts"
import { isNamespaceTerminating, PodControl, slowStartBatch } from "../PodControl.ts"

/** BurstReplicas: so many pods are made or deleted in one sync (C-268). */
const BURST_REPLICAS = 500
const WORKERS = 5

const minReadyOf = (replicaSet: KubernetesObject): number => Number(specOf(replicaSet)["minReadySeconds"] ?? 0)
const wantedOf = (replicaSet: KubernetesObject): number => Number(specOf(replicaSet)["replicas"] ?? 1)

const isSelected = (pod: PodObject, replicaSet: KubernetesObject): boolean =>
  selects(specOf(replicaSet)["selector"], pod.metadata.labels)

/** Is it another pod for whoever counts pods? */
const countsOtherwise = (pod: PodObject, old: PodObject): boolean =>
  isPodActive(pod) !== isPodActive(old) || podReadySince(pod) !== podReadySince(old)

/** The kind that is kept, and what of the controller depends on it. */
export interface ReplicaSetKind {
  readonly kind: string
  /** Its objects as ReplicaSets, in which all is decided, and back: what is written is of the kind itself. */
  readonly toReplicaSet: (object: KubernetesObject) => KubernetesObject
  readonly fromReplicaSet: (replicaSet: KubernetesObject) => KubernetesObject
  /** Is its status to say how many pods are going away (EnableStatusTerminatingReplicas)? */
  readonly countsTerminating: boolean
  /** Does it wait until its caches show what it wrote itself? */
  readonly isConsistent: boolean
}

export class ReplicaSetController {
  readonly #tools: ControllerTools
  readonly #of: ReplicaSetKind
  readonly #queue: WorkQueue
  readonly #expectations = new Expectations()
  readonly #written: ConsistencyStore
  readonly #pods: PodControl
  /** Those whose last sync went well: a change of a pod that counts for nothing would make them do the same again. */
  readonly #settled = new Set<string>()

  constructor(tools: ControllerTools, of: ReplicaSetKind) {
    const { engine, entity, informers, release } = tools
    const { kind } = of
    this.#tools = tools
    this.#of = of
    this.#written = new ConsistencyStore(informers, of.isConsistent && release.gates.StaleControllerConsistency)
    this.#pods = new PodControl(tools, (owner, pod) =>
      this.#written.wroteAt(keyOf(owner), owner.metadata.uid ?? "", pod)
    )
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#synced(key) })
    indexPods(informers)
    indexByController(informers, kind)
    indexByNamespace(informers, kind)
    informers.on(kind, {
      added: (replicaSet) => this.#queue.add(keyOf(replicaSet)),
      updated: (replicaSet) => this.#queue.add(keyOf(replicaSet)),
      deleted: (replicaSet) => this.#forget(replicaSet)
    })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podAdded(pod),
      updated: (pod, old) => isPod(pod) && isPod(old) && this.#podUpdated(pod, old),
      deleted: (pod) => isPod(pod) && this.#podGone(pod)
    })
  }

  #forget(replicaSet: KubernetesObject): void {
    const key = keyOf(replicaSet)
    this.#written.clear(key, replicaSet.metadata.uid)
    this.#expectations.delete(key)
    this.#queue.add(key)
  }

  /** The ReplicaSet whose pod it is. */
  #ownerOf(pod: PodObject): KubernetesObject | undefined {
    const { kind, toReplicaSet } = this.#of
    const owner = resolveControllerRef(this.#tools.informers, kind, pod.metadata.namespace, controllerOf(pod))
    return owner && toReplicaSet(owner)
  }

  /** Somebody may want to adopt it. */
  #wakeMatching(pod: PodObject): void {
    const { kind, toReplicaSet } = this.#of
    const there = inNamespace(this.#tools.informers, kind, pod.metadata.namespace).map(toReplicaSet)
    for (const replicaSet of there) if (isSelected(pod, replicaSet)) this.#queue.add(keyOf(replicaSet))
  }

  #podAdded(pod: PodObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#podGone(pod)
    if (controllerOf(pod) === undefined) return this.#wakeMatching(pod)
    const owner = this.#ownerOf(pod)
    if (owner === undefined) return
    this.#expectations.creationObserved(keyOf(owner))
    this.#queue.add(keyOf(owner))
  }

  #podUpdated(pod: PodObject, old: PodObject): void {
    const relabelled = !jsonEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {})
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#podGone(pod)
      if (relabelled) this.#podGone(old)
      return
    }
    const [before, after] = [controllerOf(old), controllerOf(pod)]
    const changedOwner = before?.uid !== after?.uid
    const former = changedOwner ? this.#ownerOf(old) : undefined
    if (former !== undefined) this.#queue.add(keyOf(former))
    if (after === undefined) {
      if (changedOwner || relabelled) this.#wakeMatching(pod)
      return
    }
    const owner = this.#ownerOf(pod)
    if (owner === undefined) return
    if (changedOwner || relabelled || countsOtherwise(pod, old) || !this.#settled.has(keyOf(owner)))
      this.#queue.add(keyOf(owner))
    if (!isPodReady(old) && isPodReady(pod) && minReadyOf(owner) > 0)
      this.#queue.addAfter(keyOf(owner), minReadyOf(owner) * SECOND)
  }

  #podGone(pod: PodObject): void {
    const owner = this.#ownerOf(pod)
    if (owner === undefined) return
    this.#expectations.deletionObserved(keyOf(owner), keyOf(pod))
    this.#queue.add(keyOf(owner))
  }

  *#synced(key: string): Course<Synced> {
    this.#settled.delete(key)
    const synced = yield* this.#sync(key)
    if (synced !== "retry") this.#settled.add(key)
    return synced
  }

  *#sync(key: string): Course<Synced> {
    const { engine, informers } = this.#tools
    if (!this.#written.isReady(key)) return "retry"
    const object = informers.get(this.#of.kind, ...splitKey(key))
    if (object === undefined) {
      this.#written.clear(key)
      this.#expectations.delete(key)
      return undefined
    }
    const replicaSet = this.#of.toReplicaSet(object)
    const managed = this.#expectations.satisfied(key, engine.now)
    const all = podsOf(informers, replicaSet)
    const claimed = yield* claimPods(this.#tools, replicaSet, all.filter(isPodActive))
    if (claimed.failure !== undefined) return "retry"
    const terminating = all.filter(
      (pod) => isPodTerminating(pod) && isControlledBy(pod, replicaSet) && isSelected(pod, replicaSet)
    )
    const needed = managed && replicaSet.metadata.deletionTimestamp === undefined
    const failure = needed ? yield* this.#manage(replicaSet, claimed.pods) : undefined
    return yield* this.#writeStatus(replicaSet, claimed.pods, terminating, failure)
  }

  /** manageReplicas; the refusal because of which it has to be tried again. */
  *#manage(replicaSet: KubernetesObject, active: ReadonlyArray<PodObject>): Course<Status | undefined> {
    const [key, wanted] = [keyOf(replicaSet), wantedOf(replicaSet)]
    const { engine } = this.#tools
    if (active.length < wanted) {
      const count = Math.min(wanted - active.length, BURST_REPLICAS)
      this.#expectations.expectCreations(key, count, engine.now)
      const template = specOf(replicaSet)["template"] as JsonObject
      const { failure, successes } = yield* slowStartBatch(this.#tools, count, () => this.#create(template, replicaSet))
      for (let skipped = count - successes; skipped > 0; skipped--) this.#expectations.creationObserved(key)
      return failure
    }
    if (active.length === wanted) return undefined
    const count = Math.min(active.length - wanted, BURST_REPLICAS)
    const chosen = podsToDelete(active, this.#relatedPods(replicaSet), count, engine.now)
    this.#expectations.expectDeletions(key, chosen.map(keyOf), engine.now)
    const refusals = yield* together(
      engine,
      this.#tools.entity,
      chosen.map((pod) => this.#delete(pod, replicaSet))
    )
    return refusals.find((refusal) => refusal !== undefined)
  }

  *#create(template: JsonObject, replicaSet: KubernetesObject): Course<Status | undefined> {
    const refusal = yield* this.#pods.createPod(template, replicaSet)
    return refusal === undefined || isNamespaceTerminating(refusal) ? undefined : refusal
  }

  *#delete(pod: PodObject, replicaSet: KubernetesObject): Course<Status | undefined> {
    const refusal = yield* this.#pods.delete(pod, replicaSet)
    if (refusal !== undefined) this.#expectations.deletionObserved(keyOf(replicaSet), keyOf(pod))
    return refusal?.code === 404 ? undefined : refusal
  }

  /** getIndirectlyRelatedPods: those that all ReplicaSets of the same owner select. */
  #relatedPods(replicaSet: KubernetesObject): ReadonlyArray<PodObject> {
    const { informers } = this.#tools
    const owner = controllerOf(replicaSet)
    const { kind, toReplicaSet } = this.#of
    const siblings = owner === undefined ? [] : controlledBy(informers, kind, owner.uid).map(toReplicaSet)
    const selected = siblings.flatMap((sibling) => podsOf(informers, sibling).filter((pod) => isSelected(pod, sibling)))
    return [...new Set(selected)]
  }

  *#writeStatus(
    replicaSet: KubernetesObject,
    active: ReadonlyArray<PodObject>,
    terminating: ReadonlyArray<PodObject>,
    failure: Status | undefined
  ): Course<Synced> {
    const { now } = this.#tools.engine
    const counted = this.#of.countsTerminating && this.#tools.release.gates.DeploymentReplicaSetTerminatingReplicas
    const observed = { active, terminating: counted ? terminating : undefined, failure: failure?.message, now }
    const status = calculateStatus(replicaSet, observed)
    if (status !== undefined && !(yield* this.#putStatus(replicaSet, status))) return "retry"
    if (failure !== undefined) return "retry"
    return this.#nextCheck(replicaSet, active, now)
  }

  /** updateReplicaSetStatus: once more with the newest version if somebody was faster. */
  *#putStatus(replicaSet: KubernetesObject, status: JsonObject): Course<boolean> {
    const { client } = this.#tools
    const { fromReplicaSet, kind } = this.#of
    const first = yield* client.update({ ...fromReplicaSet(replicaSet), status }, "status")
    const of = { kind, namespace: replicaSet.metadata.namespace ?? "", name: replicaSet.metadata.name }
    const fresh = refusalOf(first) === undefined ? undefined : yield* client.get(of)
    const answer = fresh === undefined ? first : yield* client.update({ ...fresh, status }, "status")
    const stored = storedOf(answer)
    if (stored !== undefined) this.#written.wroteAt(keyOf(replicaSet), replicaSet.metadata.uid ?? "", stored)
    return stored !== undefined
  }

  /** When a pod that is ready becomes available; nobody says so then. */
  #nextCheck(replicaSet: KubernetesObject, active: ReadonlyArray<PodObject>, now: Instant): Synced {
    const minReady = minReadyOf(replicaSet)
    const next = minReady === 0 ? undefined : nextAvailability(active, minReady, now)
    return next === undefined ? undefined : { after: next - now }
  }
}

const same = (object: KubernetesObject): KubernetesObject => object

const replicaSets: ReplicaSetKind = {
  kind: "ReplicaSet",
  toReplicaSet: same,
  fromReplicaSet: same,
  countsTerminating: true,
  isConsistent: true
}

export const startReplicaSetController = (context: ControllerContext): void => {
  new ReplicaSetController(controllerTools(context, "replicaset", "replicaset-controller"), replicaSets)
}
