/** Keeps StatefulSets (`pkg/controller/statefulset/stateful_set.go`; C-284…C-290). */
import {
  applyRevision,
  controllerOf,
  countPods,
  deadRevisions,
  type Instant,
  isMemberOf,
  isPod,
  isPodReady,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  nextAvailability,
  type PodObject,
  revisionOf,
  SECOND,
  type StatefulSetCounts,
  specOf,
  statefulSetStatus,
  statusOf
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { ConsistencyStore } from "../ConsistencyStore.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { ControllerHistory, type UpdateRevision } from "../ControllerHistory.ts"
import { claimPods } from "../claimPods.ts"
import { indexByNamespace, indexPods, keyOf, podsOf, resolveControllerRef, selecting, splitKey } from "../keys.ts"
import { StatefulPodControl } from "./StatefulPodControl.ts"
import { StatefulSetControl } from "./StatefulSetControl.ts"

const WORKERS = 5
/** retry.DefaultRetry. */
const MOST_CONFLICTS = 5
const KIND = "StatefulSet"

const minReadyOf = (set: KubernetesObject): number => Number(specOf(set)["minReadySeconds"] ?? 0)

interface Synchronised {
  readonly set: KubernetesObject
  readonly pods: ReadonlyArray<PodObject>
  readonly revisions: ReadonlyArray<KubernetesObject>
  readonly current: KubernetesObject
  readonly update: UpdateRevision
  readonly now: Instant
}

class StatefulSetController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #written: ConsistencyStore
  readonly #history: ControllerHistory
  readonly #control: StatefulSetControl

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#written = new ConsistencyStore(informers, tools.release.gates.StaleControllerConsistency)
    this.#history = new ControllerHistory(tools)
    const wrote = (set: KubernetesObject, stored: KubernetesObject): void =>
      this.#written.wroteAt(keyOf(set), set.metadata.uid ?? "", stored)
    this.#control = new StatefulSetControl(tools, new StatefulPodControl(tools, wrote))
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    indexPods(informers)
    indexByNamespace(informers, KIND)
    informers.on("PersistentVolumeClaim", {})
    const wake = (set: KubernetesObject): void => this.#queue.add(keyOf(set))
    informers.on(KIND, { added: wake, updated: wake, deleted: wake })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podSeen(pod),
      updated: (pod, old) => isPod(pod) && isPod(old) && this.#podUpdated(pod, old),
      deleted: (pod) => isPod(pod) && this.#wakeOwner(pod)
    })
  }

  #ownerOf(pod: PodObject): KubernetesObject | undefined {
    return resolveControllerRef(this.#tools.informers, KIND, pod.metadata.namespace, controllerOf(pod))
  }

  #wakeOwner(pod: PodObject): void {
    const owner = this.#ownerOf(pod)
    if (owner !== undefined) this.#queue.add(keyOf(owner))
  }

  /** Somebody may want to adopt it. */
  #wakeMatching(pod: PodObject): void {
    for (const set of selecting(this.#tools.informers, KIND, pod)) this.#queue.add(keyOf(set))
  }

  #podSeen(pod: PodObject): void {
    if (controllerOf(pod) !== undefined) this.#wakeOwner(pod)
    else if (pod.metadata.deletionTimestamp === undefined) this.#wakeMatching(pod)
  }

  #podUpdated(pod: PodObject, old: PodObject): void {
    const changedOwner = controllerOf(pod)?.uid !== controllerOf(old)?.uid
    if (changedOwner) this.#wakeOwner(old)
    if (controllerOf(pod) === undefined) {
      if (changedOwner || !jsonEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) this.#wakeMatching(pod)
      return
    }
    const owner = this.#ownerOf(pod)
    if (owner === undefined) return
    this.#queue.add(keyOf(owner))
    if (!isPodReady(old) && isPodReady(pod) && minReadyOf(owner) > 0)
      this.#queue.addAfter(keyOf(owner), minReadyOf(owner) * SECOND)
  }

  *#sync(key: string): Course<Synced> {
    const { engine, informers } = this.#tools
    if (!this.#written.isReady(key)) return "retry"
    const set = informers.get(KIND, ...splitKey(key))
    if (set === undefined) {
      this.#written.clear(key)
      return undefined
    }
    const revisions = this.#history.list(set)
    if (!(yield* this.#history.adoptOrphans(set, revisions))) return "retry"
    const members = podsOf(informers, set).filter((pod) => isMemberOf(set, pod))
    const { failure, pods } = yield* claimPods(this.#tools, set, members)
    if (failure !== undefined) return "retry"
    const collisions = Number(statusOf(set)["collisionCount"] ?? 0)
    const update = yield* this.#history.updateRevision(set, revisions, collisions)
    if (update === undefined) return "retry"
    const named = revisions.find(({ metadata }) => metadata.name === statusOf(set)["currentRevision"])
    const current = named ?? update.revision
    return yield* this.#update({ set, pods, revisions, current, update, now: engine.now })
  }

  *#update(of: Synchronised): Course<Synced> {
    const { current, now, pods, set, update } = of
    const names = { current: current.metadata.name, update: update.revision.metadata.name }
    const revisions = {
      current: { set: applyRevision(set, current), name: names.current },
      update: { set: applyRevision(set, update.revision), name: names.update }
    }
    const plan = this.#tools.decide.planStatefulSet(set, pods, revisions, now)
    const isLeaving = set.metadata.deletionTimestamp !== undefined
    const step = isLeaving ? undefined : yield* this.#control.carryOut(plan)
    const counted = countPods(set, pods, names, now)
    const counts = step?.isReplacing === true ? { ...counted, currentReplicas: counted.currentReplicas - 1 } : counted
    const status = statefulSetStatus(set, counts, { ...names, collisions: update.collisions })
    const isWritten = status === undefined || (yield* this.#putStatus(set, status))
    const isTruncated = yield* this.#truncate(of)
    if (step?.problem !== undefined || !isWritten || !isTruncated) return "retry"
    return this.#nextCheck(of, counts)
  }

  *#putStatus(set: KubernetesObject, status: JsonObject): Course<boolean> {
    const { client, informers } = this.#tools
    let latest = set
    for (let tries = 0; tries < MOST_CONFLICTS; tries++) {
      const answer = yield* client.update({ ...latest, status }, "status")
      const stored = storedOf(answer)
      if (stored !== undefined) {
        this.#written.wroteAt(keyOf(set), set.metadata.uid ?? "", stored)
        return true
      }
      if (refusalOf(answer)?.code !== 409) return false
      latest = informers.get(KIND, set.metadata.namespace, set.metadata.name) ?? latest
    }
    return false
  }

  /** truncateHistory: revisions that no pod has any more, beyond those that are to be kept. */
  *#truncate({ current, pods, revisions, set, update }: Synchronised): Course<boolean> {
    const live = new Set([current.metadata.name, update.revision.metadata.name, ...pods.map(revisionOf)])
    const limit = Number(specOf(set)["revisionHistoryLimit"] ?? 10)
    for (const revision of deadRevisions(revisions, live, limit))
      if (!(yield* this.#history.delete(revision))) return false
    return true
  }

  /** When a pod that is ready becomes available; nobody says so then. */
  #nextCheck({ now, pods, set }: Synchronised, { availableReplicas, readyReplicas }: StatefulSetCounts): Synced {
    const minReady = minReadyOf(set)
    if (minReady === 0 || readyReplicas === availableReplicas) return undefined
    const next = nextAvailability(pods, minReady, now)
    return { after: next === undefined ? minReady * SECOND : next - now }
  }
}

export const startStatefulSetController = (context: ControllerContext): void => {
  new StatefulSetController(controllerTools(context, "statefulset", "statefulset-controller"))
}
