/**
 * A node's kubelet, one process of it: gives each of the node's pods a worker (`pkg/kubelet/kubelet.go`, syncLoop; K-002…K-008).
 * All that is in here dies with the process; the runtime, its containers and what is on disk belong to the `Machine`.
 */
import {
  awaitsNode,
  isMirrorPod,
  isNode,
  isTerminal,
  type KubernetesObject,
  type NodeObject,
  type PodObject,
  type Pressure,
  parsePod
} from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"
import type { Staleness } from "../client/StaleWatch.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import { EvictionManager } from "./EvictionManager.ts"
import { KnownPods } from "./KnownPods.ts"
import type { KubeletApi } from "./KubeletApi.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import type { KubeletOptions } from "./KubeletOptions.ts"
import { NodeStatus } from "./NodeStatus.ts"
import { newMainKubelet } from "./newMainKubelet.ts"
import { nodeCapacity, ownNode } from "./nodeCapacity.ts"
import { PodAdmission } from "./PodAdmission.ts"
import { PodCleanups } from "./PodCleanups.ts"
import { PodSource } from "./PodSource.ts"
import { PodWorker } from "./PodWorker.ts"
import { isSameConfiguration } from "./podConfiguration.ts"
import { remountVolumes } from "./remountVolumes.ts"
import type { ShutdownManager } from "./ShutdownManager.ts"
import { StaticPods } from "./StaticPods.ts"
import { StatsProvider } from "./StatsProvider.ts"

export class Kubelet {
  readonly #o: KubeletOptions
  readonly #engine: Engine
  readonly #api: KubeletApi
  readonly #node: KubeletNode
  readonly #random: RandomStream
  readonly #source: PodSource
  readonly #workers = new Map<string, PodWorker>()
  readonly #known: KnownPods
  readonly #rejected = new Set<string>()
  readonly #admission: PodAdmission
  readonly #nodeStatus: NodeStatus
  readonly #eviction: EvictionManager
  readonly #cleanups: PodCleanups

  constructor(options: KubeletOptions) {
    this.#o = options
    this.#known = new KnownPods(options.incarnation === 0)
    this.#engine = options.engine.fork()
    this.#api = options.connect(this.#engine)
    this.#random = this.#stream(`kubelet/${options.name}`)
    this.#node = newMainKubelet(options, {
      engine: this.#engine,
      api: this.#api,
      entity: (part) => this.#entity(part),
      stream: (name) => this.#stream(name),
      random: this.#random,
      getPod: (uid) => this.#known.get(uid),
      activePods: () => this.#activePods(),
      worker: (uid) => this.#workers.get(uid),
      couldRun: (uid) => this.#couldRun(uid),
      podEvent: (uid) => this.#podEvent(uid),
      sync: (pod) => this.#syncNow(pod),
      settleAll: () => this.#settleAll(),
      staticPods: this.#staticPods(),
      nodeChanged: () => this.#nodeStatus.changed(),
      syncNodeStatus: () => this.#nodeStatus.syncNow()
    })
    this.#admission = new PodAdmission({
      node: this.#node,
      getNode: () => this.#nodeAnyWay(),
      activePods: () => this.#activePods().map((pod) => this.#node.allocations.granted(pod)),
      takenBeside: (pod) => this.#known.takenBeside(pod),
      worker: (uid) => this.#workers.get(uid),
      pressure: () => this.#eviction.conditions
    })
    this.#eviction = this.#watchPressure()
    this.#nodeStatus = this.#reportNode()
    this.#source = new PodSource({
      engine: this.#engine,
      entity: this.#entity("config"),
      random: this.#random,
      profile: options.profile,
      list: options.listPods,
      reachable: options.reachable,
      onChange: (change, pod) => this.#node.loop.deliver(() => this.#handle(change, pod))
    })
    this.#cleanups = this.#cleanUp()
    if (options.incarnation === 0) this.#source.watch()
    else this.#begin()
  }

  /** How often its probes were looked at. */
  get probeVisits(): number {
    return this.#node.probes.visits
  }

  get shutdown(): ShutdownManager {
    return this.#node.shutdown
  }

  /** Its watch of pods is late from now on. */
  makeStale(stale: Staleness): void {
    this.#source.makeStale(stale)
  }

  /** A pod of this node changed on the API server. */
  hear(change: Change, pod: PodObject): void {
    if (this.#o.decide.arrives(this.#o.name, change, pod)) this.#source.hear(change, pod)
  }

  /** A ConfigMap or Secret changed. */
  hearObject(change: Change, object: KubernetesObject): void {
    this.#node.objects.hear(change, object)
    // The next look at its pods is one that shows something.
    if (object.kind === "PersistentVolumeClaim" && awaitsNode(object))
      for (const uid of this.#node.volumes.usersOf(object.metadata.namespace ?? "", object.metadata.name))
        this.#workers.get(uid)?.settle()
  }

  /** The runtime did something to a pod. */
  runtimeChanged(uid: string): void {
    this.#node.pleg.changed(uid)
    this.#node.probes.changed(uid)
    this.#eviction.changed(uid)
  }

  /** Something is the matter with the runtime. */
  runtimeFaulted(): void {
    this.#node.runtimeState.look()
  }

  /** Somebody wrote the node's object. */
  hearNode(node: NodeObject): void {
    this.#nodeStatus.hear(node)
    this.#node.volumes.attached.heard()
  }

  /** The API server can be reached again, or cannot any more: the watch breaks. */
  connect(connected: boolean): void {
    if (connected) {
      this.#source.connected()
      this.#node.status.connected()
      this.#nodeStatus.connected()
      this.#node.volumes.attached.heard()
      return this.#node.lease.connected()
    }
    this.#node.lease.cut()
    this.#source.cut()
  }

  /** The process ends, whatever it was about to do. */
  stop(): void {
    this.#node.probes.stop()
    this.#node.lease.stop()
    this.#engine.end()
    this.#o.runtime.disconnect()
    this.#o.images.disconnect()
  }

  /** What the process finds when it begins: everything that the runtime has, then what the API server wants. */
  #begin(): void {
    this.#node.pleg.start(this.#o.runtime.pods.map(({ uid }) => uid))
    this.#source.start()
    this.#cleanups.start()
  }

  #cleanUp(): PodCleanups {
    const options = {
      node: this.#node,
      entity: this.#entity("housekeeping"),
      stream: (name: string) => this.#stream(name),
      ready: () => this.#source.ready,
      wanted: (uid: string) => this.#workers.has(uid) || (this.#source.has(uid) && !this.#rejected.has(uid)),
      known: (uid: string) => this.#source.has(uid),
      onSynced: () => {
        for (const uid of this.#rejected) this.#heardRejected(this.#known.get(uid))
      }
    }
    return new PodCleanups(options, this.#o.incarnation === 0)
  }

  #couldRun(uid: string): boolean {
    return this.#workers.get(uid)?.couldRun ?? this.#cleanups.couldRun(uid)
  }

  /** HandlePodSyncs. A pod that was refused gets a worker when what an earlier process had started of it ends. */
  #podEvent(uid: string): void {
    const worker = this.#workers.get(uid)
    if (worker !== undefined) return worker.update()
    const pod = this.#rejected.has(uid) && !this.#cleanups.ends(uid) ? this.#known.get(uid) : undefined
    if (pod !== undefined) this.#start(pod, false)
  }

  /** That it has failed is not told before it is known that nothing of it runs (K-226). */
  #heardRejected(pod: PodObject | undefined): void {
    if (pod !== undefined) this.#node.status.heard(parsePod(pod))
  }

  /** The manifests of static pods that lie on the node from now on. */
  placeStaticPods(manifests: ReadonlyArray<KubernetesObject>): void {
    this.#node.staticPods.place(manifests)
  }

  /** Something beside its pods makes the node run short of these, and of nothing else. */
  press(pressure: ReadonlyArray<Pressure>): void {
    this.#eviction.press(pressure)
  }

  #reportNode(): NodeStatus {
    const { bootID, incarnation, name, reachable } = this.#o
    const options = {
      node: this.#node,
      entity: this.#entity("node-status"),
      random: this.#stream(this.#entity("node-status")),
      api: this.#api,
      ...{ name, bootID, reachable },
      getNode: () => ownNode(this.#o.store, this.#o.name),
      pressure: () => this.#eviction.conditions
    }
    return new NodeStatus(options, incarnation === 0)
  }

  /** As the API has it, or as it is about to be registered (getNodeAnyWay). */
  #nodeAnyWay(): NodeObject | undefined {
    const node = ownNode(this.#o.store, this.#o.name) ?? this.#o.initialNode()
    return isNode(node) ? node : undefined
  }

  #watchPressure(): EvictionManager {
    const { configuration, name } = this.#o
    const random = this.#stream(this.#entity("eviction"))
    return new EvictionManager({
      node: this.#node,
      entity: this.#entity("eviction"),
      name,
      random,
      config: configuration.eviction,
      capacity: () => nodeCapacity(ownNode(this.#o.store, this.#o.name)),
      stats: new StatsProvider(this.#engine, random, this.#node.runtime),
      activePods: () => this.#activePods(),
      worker: (uid) => this.#workers.get(uid),
      onConditions: () => this.#nodeStatus.changed()
    })
  }

  #handle(change: Change, pod: PodObject): void {
    const uid = pod.metadata.uid ?? ""
    const worker = this.#workers.get(uid)
    const known = this.#known.get(uid)
    if (change === "DELETED") this.#forget(uid, worker)
    else this.#known.set(pod)
    const same = known !== undefined && isSameConfiguration(known, pod)
    if (isMirrorPod(pod)) return this.#node.staticPods.hear(pod, change, same)
    if (change === "DELETED") return
    this.#node.allocations.heard(known, pod)
    if (worker !== undefined && !same) this.#node.objects.register(parsePod(pod))
    if (worker !== undefined) return worker.receive(pod, same ? "status" : "spec")
    const found = change === "ADDED" && this.#source.starting
    if (!this.#rejected.has(uid)) return this.#add(pod, found)
    // Nothing is done for a pod that was refused until it is to go (K-301).
    if (same) this.#heardRejected(pod)
    else this.#start(pod, found)
  }

  /** A pod that has ended is let in only to be cleaned up (K-006, K-022). `found`: with the first list of a restarted kubelet. */
  #add(pod: PodObject, found: boolean): void {
    if (isTerminal(pod)) return this.#start(pod, found)
    this.#admission.admit(pod, (admitted) => {
      if (!admitted) return this.#refused(pod, found)
      this.#node.allocations.admitted(pod)
      this.#start(pod, found)
    })
  }

  /** An earlier process may have let it in, so that it has containers, and volumes that are mounted again. */
  #refused(pod: PodObject, found: boolean): void {
    const { uid = "" } = pod.metadata
    this.#rejected.add(uid)
    if (found) remountVolumes(this.#node, parsePod(pod), this.#stream(`rejected/${uid}`), () => this.#couldRun(uid))
  }

  /** Looks at the pod as the API server last sent it (syncPodNow). */
  #syncNow(pod: PodObject): void {
    const uid = pod.metadata.uid ?? ""
    this.#workers.get(uid)?.receive(pod, "spec")
    this.#node.pleg.requestRelist(uid)
  }

  #settleAll(): void {
    for (const worker of this.#workers.values()) worker.settle()
  }

  #start(pod: PodObject, found: boolean): void {
    const uid = pod.metadata.uid ?? ""
    const random = this.#stream(`pod/${pod.metadata.namespace}/${pod.metadata.name}/${uid}`)
    this.#node.objects.register(parsePod(pod))
    const worker = new PodWorker(this.#node, pod, random, () => (this.#known.has(uid) ? undefined : this.#release(uid)))
    this.#rejected.delete(uid)
    this.#workers.set(uid, worker)
    if (found && pod.metadata.deletionTimestamp !== undefined)
      remountVolumes(this.#node, parsePod(pod), random, () => worker.couldRun)
  }

  /** GetActivePods: let in, and neither ended nor known to be without containers for good. */
  #activePods(): ReadonlyArray<PodObject> {
    return [...this.#known.values()].filter((pod) => {
      const worker = this.#workers.get(pod.metadata.uid ?? "")
      return worker?.couldRun === true && (worker.terminating || !isTerminal(pod))
    })
  }

  /** Of a pod that is gone nothing is kept once its containers are stopped. */
  #forget(uid: string, worker: PodWorker | undefined): void {
    this.#known.delete(uid)
    this.#rejected.delete(uid)
    this.#node.status.forget(uid)
    this.#node.allocations.forget(uid)
    if (worker === undefined) return
    worker.removed()
    if (worker.finished) this.#release(uid)
  }

  #release(uid: string): void {
    this.#workers.delete(uid)
    this.#node.runtime.remove(uid)
    this.#node.pleg.forget(uid)
    this.#node.images.forget(uid)
    this.#node.objects.unregister(uid)
    this.#node.probes.forget(uid)
  }

  #staticPods(): StaticPods {
    const { incarnation, name, profile } = this.#o
    return new StaticPods({
      engine: this.#engine,
      entity: this.#entity("file"),
      random: this.#stream(this.#entity("file")),
      profile,
      name,
      api: this.#api,
      reachable: this.#o.reachable,
      getNode: () => ownNode(this.#o.store, this.#o.name),
      added: (pod) => {
        this.#known.set(pod)
        this.#add(pod, incarnation > 0)
      },
      removed: ({ metadata: { uid = "" } }) => this.#forget(uid, this.#workers.get(uid)),
      worker: (uid) => this.#workers.get(uid),
      heard: (shown) => this.#node.status.heard(shown)
    })
  }

  #entity(part: string): string {
    return `kubelet/${this.#o.name}/${part}`
  }

  #stream(name: string): RandomStream {
    const { incarnation, seed } = this.#o
    return stream(seed, incarnation === 0 ? name : `${name}#${incarnation}`)
  }
}
