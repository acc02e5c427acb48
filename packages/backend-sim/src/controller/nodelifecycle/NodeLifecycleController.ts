/**
 * Finds out which nodes are no longer heard of, says so of them and their pods, and taints them (`pkg/controller/nodelifecycle/
 * node_lifecycle_controller.go`; C-319…C-329). It looks at its nodes every five seconds. A look shows nothing of a node that has not
 * changed and whose lease is renewed, nor of one whose silence is not long enough: only the other looks are carried out.
 */
import {
  countsForDisruption,
  disruption,
  examineNode,
  type Instant,
  isNode,
  isPod,
  later,
  MILLISECOND,
  NODE_MONITOR_PERIOD,
  type NodeHealth,
  type NodeObject,
  type PodObject,
  parseInstant,
  readyStatus,
  silenceEnds,
  type ZoneState,
  type ZoneTally,
  zoneOf
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import { type Course, together } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { indexPodsByNode, keyOf, podsOnNode, splitKey } from "../keys.ts"
import { PeriodicPasses } from "../PeriodicPasses.ts"
import { markPodsNotReady } from "./markPodsNotReady.ts"
import { NodeProcessing } from "./NodeProcessing.ts"
import { NoExecuteTainting } from "./NoExecuteTainting.ts"

const NODE_WORKERS = 8
const POD_WORKERS = 4
const HEALTH_RETRIES = 5
const HEALTH_RETRY = 20 * MILLISECOND

/** What is remembered of a node between the looks. */
interface Known {
  node: NodeObject
  health: NodeHealth | undefined
  /** When its lease was last seen to be renewed; `renewing`: that goes on. */
  lease: Instant | "renewing" | undefined
  /** What its zone counts it as. */
  counted: { readonly zone: string; readonly ready: boolean } | undefined
  /** Its pods could not all be marked. */
  retry: boolean
}

class NodeLifecycleController {
  readonly #tools: ControllerTools
  readonly #started: Instant
  readonly #known = new Map<string, Known>()
  readonly #leases = new Map<string, Instant | "renewing">()
  readonly #removed: Array<NodeObject> = []
  /** Nodes of which the next look may show something. */
  readonly #pending = new Set<string>()
  /** Nodes whose lease is not renewed, and until when that is nothing. */
  readonly #silent = new Map<string, Instant>()
  #zones: ReadonlyMap<string, ZoneState> = new Map()
  readonly #processing: NodeProcessing
  readonly #noExecute: NoExecuteTainting
  readonly #podUpdates: WorkQueue
  readonly #monitor: PeriodicPasses

  constructor(tools: ControllerTools, { store }: ControllerContext) {
    const { engine, entity, informers, random } = tools
    this.#tools = tools
    this.#started = engine.now
    this.#processing = new NodeProcessing(tools)
    this.#noExecute = new NoExecuteTainting(tools)
    const sync = (key: string) => this.#processPod(key)
    this.#podUpdates = new WorkQueue({ engine, entity: `${entity}/pods`, workers: POD_WORKERS, sync })
    this.#monitor = new PeriodicPasses({
      engine,
      entity: `${entity}/monitor`,
      period: NODE_MONITOR_PERIOD,
      phase: random.int(NODE_MONITOR_PERIOD),
      pass: () => this.#monitorNodeHealth(),
      due: () => this.#nextLook()
    })
    indexPodsByNode(informers)
    informers.on("Node", {
      added: (node) => isNode(node) && this.#nodeChanged(node),
      updated: (node, old) => isNode(node) && isNode(old) && this.#nodeChanged(node, old),
      deleted: (node) => isNode(node) && this.#nodeGone(node)
    })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podAssigned(pod),
      updated: (pod, old) =>
        isPod(pod) && isPod(old) && pod.spec.nodeName !== old.spec.nodeName && this.#podAssigned(pod)
    })
    store.watchRenewals((kind, name, silentSince) => kind === "Lease" && this.#leaseHeard(name, silentSince))
  }

  #nodeChanged(node: NodeObject, old?: NodeObject): void {
    const { name } = node.metadata
    this.#processing.hear(node)
    const known = this.#known.get(name)
    if (known !== undefined) known.node = node
    const alive = known?.lease === "renewing" && readyStatus(node) === (old === undefined ? "" : readyStatus(old))
    if (alive && old?.spec === node.spec && old.metadata.labels === node.metadata.labels) return
    this.#pending.add(name)
    this.#monitor.plan()
  }

  #nodeGone(node: NodeObject): void {
    const { name } = node.metadata
    this.#removed.push(node)
    this.#pending.delete(name)
    this.#silent.delete(name)
    this.#monitor.plan()
  }

  /** The lease is renewed from now on, or was for the last time then: the first look after that has seen it. */
  #leaseHeard(name: string, silentSince: Instant | undefined): void {
    const seen = silentSince === undefined ? "renewing" : this.#monitor.at(silentSince)
    this.#leases.set(name, seen)
    const known = this.#known.get(name)
    if (known === undefined) return
    known.lease = seen
    this.#listen(name, known)
    this.#monitor.plan()
  }

  /** Until when its silence is nothing. */
  #listen(name: string, { health, lease, node }: Known): void {
    if (lease === "renewing" || (health !== undefined && readyStatus(node) === "Unknown")) this.#silent.delete(name)
    else this.#silent.set(name, silenceEnds(node, Math.max(lease ?? 0, health?.probe ?? 0) as Instant))
  }

  /** monitorNodeHealth is due when something has changed, or when somebody has been silent for too long. */
  #nextLook(): Instant | undefined {
    if (this.#pending.size > 0 || this.#removed.length > 0) return this.#tools.engine.now
    let first: Instant | undefined
    for (const ends of this.#silent.values()) if (first === undefined || ends < first) first = ends
    return first === undefined ? undefined : later(first, 1)
  }

  *#monitorNodeHealth(): Course {
    const { engine, entity, informers } = this.#tools
    for (const node of this.#removed.splice(0)) this.#forget(node)
    for (const [name, ends] of this.#silent) if (ends < engine.now) this.#pending.add(name)
    const names = [...this.#pending]
    this.#pending.clear()
    const nodes = names.flatMap((name) => informers.get("Node", undefined, name) ?? []).filter(isNode)
    for (const node of nodes) yield* this.#welcome(node)
    let begun = 0
    const worker = function* (this: NodeLifecycleController): Course {
      for (let node = nodes[begun++]; node !== undefined; node = nodes[begun++]) yield* this.#updateNode(node)
    }
    const workers = Array.from({ length: Math.min(NODE_WORKERS, nodes.length) }, () => worker.call(this))
    yield* together(engine, entity, workers)
    yield* this.#handleDisruption()
  }

  /** A node that was not known; those that are there when the controller starts were known before. */
  *#welcome(node: NodeObject): Course {
    const { name } = node.metadata
    const known = this.#known.get(name)
    if (known === undefined) {
      const lease = this.#leases.get(name)
      this.#known.set(name, { node, health: undefined, lease, counted: undefined, retry: false })
      const old = (parseInstant(node.metadata.creationTimestamp ?? "") ?? 0) <= this.#started
      if (!old) {
        this.#nodeEvent(node, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`)
        yield* this.#noExecute.release(node)
      }
    }
  }

  #forget(node: NodeObject): void {
    const { name } = node.metadata
    if (this.#known.delete(name))
      this.#nodeEvent(node, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`)
  }

  *#updateNode(found: NodeObject): Course {
    const known = this.#known.get(found.metadata.name)
    const examined = known === undefined ? undefined : yield* this.#examine(known, found)
    if (known === undefined || examined === undefined) return
    const { current, node, observed } = examined
    known.counted = countsForDisruption(node) ? { zone: zoneOf(node), ready: current === "True" } : undefined
    if (current === undefined) return
    const pods = podsOnNode(this.#tools.informers, node.metadata.name)
    if (!(yield* this.#noExecute.process(node, current))) this.#pending.add(node.metadata.name)
    const lost = current !== "True" && observed === "True"
    if (lost) this.#nodeEvent(node, "NodeNotReady", `Node ${node.metadata.name} status is now: NodeNotReady`)
    known.retry = (lost || (known.retry && observed !== "True")) && !(yield* markPodsNotReady(this.#tools, pods))
    if (known.retry) this.#pending.add(node.metadata.name)
  }

  /** tryUpdateNodeHealth, again with the newest version if somebody wrote it meanwhile. */
  *#examine(known: Known, found: NodeObject) {
    const { client, engine } = this.#tools
    const { name } = found.metadata
    let node = found
    for (let tries = 0; tries < HEALTH_RETRIES; tries++) {
      const renewed = known.lease === "renewing" ? engine.now : known.lease
      const { current, health, observed, status } = examineNode(node, known.health, renewed, engine.now)
      known.health = health
      const next = status === undefined ? node : { ...node, status }
      const refused = status !== undefined && refusalOf(yield* client.update(next, "status")) !== undefined
      if (!refused) {
        this.#listen(name, { ...known, node: next })
        return { current, node: next, observed }
      }
      yield HEALTH_RETRY
      const fresh = yield* client.get({ kind: "Node", namespace: "", name })
      if (fresh === undefined || !isNode(fresh)) return undefined
      node = fresh
    }
    this.#pending.add(name)
    return undefined
  }

  #tallies(): ReadonlyMap<string, ZoneTally> {
    const tallies = new Map<string, { ready: number; notReady: number }>()
    for (const { counted } of this.#known.values()) {
      if (counted === undefined) continue
      const tally = tallies.get(counted.zone) ?? { ready: 0, notReady: 0 }
      tally[counted.ready ? "ready" : "notReady"]++
      tallies.set(counted.zone, tally)
    }
    return tallies
  }

  *#handleDisruption(): Course {
    const { now } = this.#tools.engine
    const { limits, master, states } = disruption(this.#zones, this.#tallies())
    if (master === "entered") yield* this.#stopEvictions()
    if (master === "left")
      for (const [name, known] of this.#known) {
        if (known.health !== undefined) known.health = { ...known.health, probe: now }
        this.#listen(name, known)
      }
    for (const [zone, limit] of limits) this.#noExecute.limit(zone, limit)
    this.#zones = states
  }

  /** Probably it is not the nodes: their taints go, and come back with the first node that is heard of again. */
  *#stopEvictions(): Course {
    for (const [name, { node }] of this.#known) {
      yield* this.#noExecute.release(node)
      if (readyStatus(node) !== "True") this.#pending.add(name)
    }
  }

  /** A pod that comes to a node that is not ready: the look that marked the others did not see it. */
  #podAssigned(pod: PodObject): void {
    const known = this.#known.get(pod.spec.nodeName ?? "")
    if (known?.health !== undefined && readyStatus(known.node) !== "True") this.#podUpdates.add(keyOf(pod))
  }

  *#processPod(key: string): Course<Synced> {
    const pod = this.#tools.informers.get("Pod", ...splitKey(key))
    if (pod === undefined || !isPod(pod)) return undefined
    return (yield* markPodsNotReady(this.#tools, [pod])) ? undefined : "retry"
  }

  #nodeEvent({ metadata }: NodeObject, reason: string, message: string): void {
    const { name, uid = "" } = metadata
    const subject = { kind: "Node", namespace: "", name, uid, resourceVersion: undefined, fieldPath: undefined }
    this.#tools.events.record({ subject, type: "Normal", reason, message })
  }
}

export const startNodeLifecycleController = (context: ControllerContext): void => {
  new NodeLifecycleController(controllerTools(context, "nodelifecycle", "node-controller"), context)
}
