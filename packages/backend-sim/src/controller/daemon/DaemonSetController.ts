/** Keeps a pod of each DaemonSet on every node that it wants (`pkg/controller/daemon/daemon_controller.go`; C-291…C-297). */
import {
  allowsSurge,
  controllerOf,
  countDaemons,
  daemonPodTemplate,
  daemonSetStatus,
  daemonsOnNode,
  type Instant,
  isNode,
  isPod,
  isPodReady,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  minReadyOf,
  type NodeObject,
  type PodObject,
  rollOutDaemons,
  SECOND,
  type Status,
  shouldRunDaemonPod,
  specOf,
  targetNode
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import { type Course, together } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { ConsistencyStore } from "../ConsistencyStore.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { ControllerExpectations } from "../ControllerExpectations.ts"
import { claimPods } from "../claimPods.ts"
import { indexByNamespace, indexPods, keyOf, podsOf, resolveControllerRef, selecting, splitKey } from "../keys.ts"
import { isNamespaceTerminating, PodControl, slowStartBatch } from "../PodControl.ts"
import { type DaemonHistory, DaemonSetHistory } from "./DaemonSetHistory.ts"
import { FailedPodsBackOff } from "./FailedPodsBackOff.ts"

const KIND = "DaemonSet"
const WORKERS = 2
/** So many pods are made or deleted in one sync (C-294). */
const BURST_REPLICAS = 250
const ON_NODE = "daemon/node"

interface Synchronised {
  readonly set: KubernetesObject
  readonly hash: string
  /** By name: Kubernetes takes them in the order of a map, which is none. */
  readonly nodes: ReadonlyArray<NodeObject>
}

class DaemonSetController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #nodeQueue: WorkQueue
  readonly #expectations = new ControllerExpectations()
  readonly #written: ConsistencyStore
  readonly #history: DaemonSetHistory
  readonly #pods: PodControl
  readonly #backOff: FailedPodsBackOff

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#written = new ConsistencyStore(informers, tools.release.gates.StaleControllerConsistency)
    this.#history = new DaemonSetHistory(tools)
    this.#backOff = new FailedPodsBackOff()
    this.#pods = new PodControl(tools, (set, pod) => this.#written.wroteAt(keyOf(set), set.metadata.uid ?? "", pod))
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    this.#nodeQueue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (name) => this.#syncNode(name) })
    indexPods(informers)
    indexByNamespace(informers, KIND)
    const isDaemon = (pod: KubernetesObject): boolean => controllerOf(pod)?.kind === KIND
    informers.index("Pod", ON_NODE, (pod) => (isPod(pod) && isDaemon(pod) ? [pod.spec.nodeName ?? ""] : []))
    const wake = (set: KubernetesObject): void => this.#queue.add(keyOf(set))
    informers.on(KIND, { added: wake, updated: wake, deleted: (set) => this.#forget(set) })
    informers.on("Node", {
      added: ({ metadata }) => this.#nodeQueue.add(metadata.name),
      updated: (node, old) => isNode(node) && isNode(old) && this.#nodeUpdated(node, old)
    })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podAdded(pod),
      updated: (pod, old) => isPod(pod) && isPod(old) && this.#podUpdated(pod, old),
      deleted: (pod) => isPod(pod) && this.#podGone(pod)
    })
  }

  #forget(set: KubernetesObject): void {
    this.#written.clear(keyOf(set), set.metadata.uid)
    this.#expectations.delete(keyOf(set))
    this.#queue.add(keyOf(set))
  }

  #ownerOf(pod: PodObject): KubernetesObject | undefined {
    return resolveControllerRef(this.#tools.informers, KIND, pod.metadata.namespace, controllerOf(pod))
  }

  #wakeMatching(pod: PodObject): void {
    for (const set of selecting(this.#tools.informers, KIND, pod)) this.#queue.add(keyOf(set))
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
    if (pod.metadata.deletionTimestamp !== undefined) return this.#podGone(pod)
    const changedOwner = controllerOf(pod)?.uid !== controllerOf(old)?.uid
    const former = changedOwner ? this.#ownerOf(old) : undefined
    if (former !== undefined) this.#queue.add(keyOf(former))
    if (controllerOf(pod) === undefined) {
      if (changedOwner || !jsonEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) this.#wakeMatching(pod)
      return
    }
    const owner = this.#ownerOf(pod)
    if (owner === undefined) return
    this.#queue.add(keyOf(owner))
    // A second more, for clocks that differ.
    if (!isPodReady(old) && isPodReady(pod) && minReadyOf(owner) > 0)
      this.#queue.addAfter(keyOf(owner), (minReadyOf(owner) + 1) * SECOND)
  }

  #podGone(pod: PodObject): void {
    const owner = this.#ownerOf(pod)
    if (owner === undefined) return
    this.#expectations.deletionObserved(keyOf(owner))
    this.#queue.add(keyOf(owner))
  }

  #nodeUpdated(node: NodeObject, old: NodeObject): void {
    const same =
      jsonEqual(node.metadata.labels ?? {}, old.metadata.labels ?? {}) &&
      jsonEqual(node.spec.taints ?? [], old.spec.taints ?? [])
    if (!same) this.#nodeQueue.add(node.metadata.name)
  }

  /** syncNodeUpdate: only those sets have to be looked at for which something changes on the node. */
  *#syncNode(name: string): Course<Synced> {
    const { informers } = this.#tools
    const node = informers.get("Node", undefined, name)
    if (node === undefined || !isNode(node)) return undefined
    const there = new Set(informers.byIndex("Pod", ON_NODE, name).map((pod) => controllerOf(pod)?.uid))
    for (const set of informers.list(KIND)) {
      const { run, stay } = shouldRunDaemonPod(set, node)
      const isThere = there.has(set.metadata.uid)
      const { numberMisscheduled = 0 } = (set["status"] ?? {}) as JsonObject
      if (run !== isThere ? run || !stay : isThere && Number(numberMisscheduled) > 0) this.#queue.add(keyOf(set))
    }
    return undefined
  }

  *#sync(key: string): Course<Synced> {
    const { engine, informers } = this.#tools
    if (!this.#written.isReady(key)) return "retry"
    const set = informers.get(KIND, ...splitKey(key))
    if (set === undefined) {
      this.#expectations.delete(key)
      this.#written.clear(key)
      return undefined
    }
    if (set.metadata.deletionTimestamp !== undefined) return undefined
    const history = yield* this.#history.construct(set)
    if (history === undefined) return "retry"
    const nodes = informers.list("Node").filter(isNode)
    const of = {
      set,
      hash: history.hash,
      nodes: nodes.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    }
    if (!this.#expectations.satisfied(key, engine.now)) return yield* this.#writeStatus(of, false)
    const problem = yield* this.#update(of, history)
    const written = yield* this.#writeStatus(of, true)
    return problem === undefined ? written : "retry"
  }

  /** manage, then the roll-out once everything that was asked for is there. */
  *#update(of: Synchronised, { old }: DaemonHistory): Course<Status | "failed" | undefined> {
    const { engine } = this.#tools
    const managed = yield* this.#manage(of)
    if (managed !== undefined) return managed
    const strategy = (specOf(of.set)["updateStrategy"] ?? {}) as JsonObject
    if (this.#expectations.satisfied(keyOf(of.set), engine.now) && strategy["type"] === "RollingUpdate") {
      const rolled = yield* this.#rollOut(of)
      if (rolled !== undefined) return rolled
    }
    const pods = yield* this.#daemonPods(of.set)
    if (pods === undefined) return "failed"
    return (yield* this.#history.cleanUp(of.set, old, pods)) ? undefined : "failed"
  }

  /** getDaemonPods; `undefined`: one could not be adopted or released. */
  *#daemonPods(set: KubernetesObject): Course<ReadonlyArray<PodObject> | undefined> {
    const { failure, pods } = yield* claimPods(this.#tools, set, podsOf(this.#tools.informers, set))
    return failure === undefined ? pods : undefined
  }

  /** getNodesToDaemonPods: without those that have ended and are about to go. */
  *#byNode(set: KubernetesObject): Course<Map<string, Array<PodObject>> | undefined> {
    const pods = yield* this.#daemonPods(set)
    if (pods === undefined) return undefined
    const byNode = new Map<string, Array<PodObject>>()
    for (const pod of pods) {
      const ended = pod.status.phase === "Failed" || pod.status.phase === "Succeeded"
      const node = ended && pod.metadata.deletionTimestamp !== undefined ? undefined : targetNode(pod)
      if (node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), pod])
    }
    return byNode
  }

  *#manage({ hash, nodes, set }: Synchronised): Course<Status | "failed" | undefined> {
    const { now } = this.#tools.engine
    const byNode = yield* this.#byNode(set)
    if (byNode === undefined) return "failed"
    const [create, remove]: [Array<string>, Array<PodObject>] = [[], []]
    for (const node of nodes) {
      const { name } = node.metadata
      const wanted = shouldRunDaemonPod(set, node)
      const pods = byNode.get(name)
      const decision = daemonsOnNode({ set, hash, allowsSurge: allowsSurge(set), wanted, pods, now })
      if (decision.needsPod) create.push(name)
      const { excess, failed, succeeded } = decision
      remove.push(...this.#failedOn(set, name, failed, now), ...this.#succeededOn(set, name, succeeded), ...excess)
    }
    const known = new Set(nodes.map(({ metadata }) => metadata.name))
    // Pods that wait for a node that is no more: nobody else deletes them.
    for (const [name, pods] of byNode)
      if (!known.has(name)) remove.push(...pods.filter(({ spec }) => (spec.nodeName ?? "") === ""))
    return yield* this.#syncNodes(set, hash, create, remove)
  }

  /** A kubelet that refuses a pod will refuse the next one, too: the pauses grow (C-295). */
  #failedOn(
    set: KubernetesObject,
    node: string,
    pods: ReadonlyArray<PodObject>,
    now: Instant
  ): ReadonlyArray<PodObject> {
    return pods.filter((pod) => {
      const { observedGeneration = 0 } = (set["status"] ?? {}) as JsonObject
      const delay = this.#backOff.next(`${set.metadata.uid}/${observedGeneration}/${node}`, now)
      if (delay > 0) {
        this.#queue.addAfter(keyOf(set), delay)
        return false
      }
      const { name, namespace } = pod.metadata
      const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`
      this.#tools.events.record(eventAbout(set, "Warning", "FailedDaemonPod", message))
      return true
    })
  }

  #succeededOn(set: KubernetesObject, node: string, pods: ReadonlyArray<PodObject>): ReadonlyArray<PodObject> {
    for (const { metadata } of pods) {
      const message = `Found succeeded daemon pod ${metadata.namespace}/${metadata.name} on node ${node}, will try to delete it`
      this.#tools.events.record(eventAbout(set, "Normal", "SucceededDaemonPod", message))
    }
    return pods
  }

  *#rollOut({ hash, nodes, set }: Synchronised): Course<Status | "failed" | undefined> {
    const byNode = yield* this.#byNode(set)
    if (byNode === undefined) return "failed"
    const wanted = new Set(
      nodes.filter((node) => shouldRunDaemonPod(set, node).run).map(({ metadata }) => metadata.name)
    )
    for (const name of wanted) if (!byNode.has(name)) byNode.set(name, [])
    const sorted = new Map([...byNode].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const { create, remove } = rollOutDaemons({
      ...{ set, hash, now: this.#tools.engine.now, byNode: sorted },
      desired: wanted.size,
      shouldRun: (name) => wanted.has(name)
    })
    return yield* this.#syncNodes(set, hash, create, remove)
  }

  *#syncNodes(
    set: KubernetesObject,
    hash: string,
    create: ReadonlyArray<string>,
    remove: ReadonlyArray<PodObject>
  ): Course<Status | undefined> {
    const { engine, entity } = this.#tools
    const key = keyOf(set)
    const [made, gone] = [create.slice(0, BURST_REPLICAS), remove.slice(0, BURST_REPLICAS)]
    this.#expectations.expect(key, made.length, gone.length, engine.now)
    const { failure, successes } = yield* slowStartBatch(this.#tools, made.length, (i) =>
      this.#create(set, daemonPodTemplate(set, hash, made[i] ?? ""))
    )
    for (let skipped = made.length - successes; skipped > 0; skipped--) this.#expectations.creationObserved(key)
    const refusals = yield* together(
      engine,
      entity,
      gone.map((pod) => this.#delete(set, pod))
    )
    return failure ?? refusals.find((refusal) => refusal !== undefined)
  }

  *#create(set: KubernetesObject, template: JsonObject): Course<Status | undefined> {
    const refusal = yield* this.#pods.createPod(template, set)
    return refusal === undefined || isNamespaceTerminating(refusal) ? undefined : refusal
  }

  *#delete(set: KubernetesObject, pod: PodObject): Course<Status | undefined> {
    const refusal = yield* this.#pods.delete(pod, set)
    if (refusal !== undefined) this.#expectations.deletionObserved(keyOf(set))
    return refusal?.code === 404 ? undefined : refusal
  }

  *#writeStatus({ hash, nodes, set }: Synchronised, observed: boolean): Course<Synced> {
    const { client, engine } = this.#tools
    const byNode = yield* this.#byNode(set)
    if (byNode === undefined) return "retry"
    const daemons = nodes.map((node) => ({
      shouldRun: shouldRunDaemonPod(set, node).run,
      pods: byNode.get(node.metadata.name) ?? []
    }))
    const counts = countDaemons(set, daemons, hash, engine.now)
    const status = daemonSetStatus(set, counts, observed)
    if (status !== undefined) {
      const first = yield* client.update({ ...set, status }, "status")
      const { name, namespace = "" } = set.metadata
      const fresh = refusalOf(first) === undefined ? undefined : yield* client.get({ kind: KIND, namespace, name })
      const answer = fresh === undefined ? first : yield* client.update({ ...fresh, status }, "status")
      const stored = storedOf(answer)
      if (stored === undefined) return "retry"
      this.#written.wroteAt(keyOf(set), set.metadata.uid ?? "", stored)
    }
    const waits = minReadyOf(set) > 0 && counts.numberReady !== counts.numberAvailable
    return waits ? { after: minReadyOf(set) * SECOND } : undefined
  }
}

export const startDaemonSetController = (context: ControllerContext): void => {
  new DaemonSetController(controllerTools(context, "daemon", "daemonset-controller"))
}
