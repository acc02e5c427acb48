/**
 * A node's kubelet, one process of it: gives each of the node's pods a worker (`pkg/kubelet/kubelet.go`, syncLoop; K-002…K-008).
 * All that is in here dies with the process; the runtime, its containers and what is on disk belong to the `Machine`.
 */
import {
  isMirrorPod,
  isTerminal,
  jsonEqual,
  type KubernetesObject,
  later,
  type NodeObject,
  type Pod,
  type PodObject,
  type Pressure,
  parsePod,
  SECOND,
  usualHostPaths
} from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import { AllocationManager } from "./AllocationManager.ts"
import { EventRecorder } from "./EventRecorder.ts"
import { EvictionManager } from "./EvictionManager.ts"
import { ImageManager } from "./ImageManager.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import type { KubeletOptions } from "./KubeletOptions.ts"
import { NodeStatus } from "./NodeStatus.ts"
import { nodeCapacity, ownNode } from "./nodeCapacity.ts"
import { ObjectCache } from "./ObjectCache.ts"
import { killOrphan } from "./OrphanKill.ts"
import { Pleg } from "./Pleg.ts"
import { PodAdmission } from "./PodAdmission.ts"
import { PodSource } from "./PodSource.ts"
import { PodWorker } from "./PodWorker.ts"
import { podConfiguration } from "./podConfiguration.ts"
import { recordPodEvent } from "./podEvents.ts"
import { remountVolumes } from "./remountVolumes.ts"
import { StaticPods } from "./StaticPods.ts"
import { StatsProvider } from "./StatsProvider.ts"
import { StatusManager } from "./StatusManager.ts"
import { SyncLoop } from "./SyncLoop.ts"
import { VolumeManager } from "./VolumeManager.ts"
import { WorkQueue } from "./WorkQueue.ts"

/** How often a kubelet looks for what should not be there (`housekeepingPeriod`). */
const HOUSEKEEPING = 2 * SECOND

export class Kubelet {
  readonly #o: KubeletOptions
  readonly #engine: Engine
  readonly #node: KubeletNode
  readonly #random: RandomStream
  readonly #source: PodSource
  readonly #workers = new Map<string, PodWorker>()
  readonly #known = new Map<string, PodObject>()
  readonly #rejected = new Set<string>()
  readonly #orphans = new Set<string>()
  readonly #admission: PodAdmission
  readonly #nodeStatus: NodeStatus
  readonly #eviction: EvictionManager

  constructor(options: KubeletOptions) {
    this.#o = options
    this.#engine = options.engine.fork()
    this.#random = this.#stream(`kubelet/${options.name}`)
    this.#node = this.#assemble()
    this.#admission = new PodAdmission({
      node: this.#node,
      getNode: () => ownNode(this.#o.store, this.#o.name),
      activePods: () => this.#activePods().map((pod) => this.#node.allocations.granted(pod)),
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
    if (options.incarnation === 0) this.#source.watch()
    else this.#begin()
  }

  /** A pod of this node changed on the API server. */
  hear(change: Change, pod: PodObject): void {
    this.#source.hear(change, pod)
  }

  /** A ConfigMap or Secret changed. */
  hearObject(change: Change, object: KubernetesObject): void {
    this.#node.objects.hear(change, object)
  }

  /** The runtime did something to a pod. */
  runtimeChanged(uid: string): void {
    this.#node.pleg.changed(uid)
    this.#eviction.changed(uid)
  }

  /** Somebody wrote the node's object. */
  hearNode(node: NodeObject): void {
    this.#nodeStatus.hear(node)
  }

  /** The API server cannot be reached any more: the watch breaks. */
  cut(): void {
    this.#source.cut()
  }

  /** The process ends, whatever it was about to do. */
  stop(): void {
    this.#engine.end()
    this.#o.runtime.disconnect()
    this.#o.images.disconnect()
  }

  /** What the process finds when it begins: everything that the runtime has, then what the API server wants. */
  #begin(): void {
    this.#node.pleg.start(this.#o.runtime.pods.map(({ uid }) => uid))
    this.#source.start()
    this.#engine.after(this.#entity("housekeeping"), HOUSEKEEPING, () => this.#housekeep())
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
    const { bootID, incarnation, name, reachable, store } = this.#o
    const options = {
      node: this.#node,
      entity: this.#entity("node-status"),
      random: this.#stream(this.#entity("node-status")),
      store,
      name,
      bootID,
      reachable,
      getNode: () => ownNode(this.#o.store, this.#o.name),
      pressure: () => this.#eviction.conditions
    }
    return new NodeStatus(options, incarnation === 0)
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
    else this.#known.set(uid, pod)
    const same = known !== undefined && jsonEqual(podConfiguration(known), podConfiguration(pod))
    if (isMirrorPod(pod)) return this.#node.staticPods.hear(pod, change, same)
    if (change === "DELETED") return
    this.#node.allocations.heard(known, pod)
    if (worker !== undefined && !same) this.#node.objects.register(parsePod(pod))
    if (worker !== undefined) return worker.receive(pod, same ? "status" : "spec")
    const found = change === "ADDED" && this.#source.starting
    if (!this.#rejected.has(uid)) return this.#add(pod, found)
    // Nothing is done for a pod that was refused until it is to go (K-301).
    if (!same) this.#start(pod, found)
  }

  /** A pod that has ended is let in only to be cleaned up (K-006, K-022). `found`: with the first list of a restarted kubelet. */
  #add(pod: PodObject, found: boolean): void {
    if (isTerminal(pod)) return this.#start(pod, found)
    this.#admission.admit(pod, (admitted) => {
      if (!admitted) return void this.#rejected.add(pod.metadata.uid ?? "")
      this.#node.allocations.admitted(pod)
      this.#start(pod, found)
    })
  }

  /** Looks at the pod as the API server last sent it (syncPodNow). */
  #syncNow(pod: PodObject): void {
    const uid = pod.metadata.uid ?? ""
    this.#workers.get(uid)?.receive(pod, "spec")
    this.#node.pleg.requestRelist(uid)
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
  }

  #staticPods(): StaticPods {
    const { api, incarnation, name, profile } = this.#o
    return new StaticPods({
      engine: this.#engine,
      entity: this.#entity("file"),
      random: this.#stream(this.#entity("file")),
      profile,
      name,
      api,
      reachable: this.#o.reachable,
      getNode: () => ownNode(this.#o.store, this.#o.name),
      added: (pod) => {
        this.#known.set(pod.metadata.uid ?? "", pod)
        this.#add(pod, incarnation > 0)
      },
      removed: ({ metadata: { uid = "" } }) => this.#forget(uid, this.#workers.get(uid)),
      worker: (uid) => this.#workers.get(uid),
      heard: (shown) => this.#node.status.heard(shown)
    })
  }

  /**
   * HandlePodCleanups, as far as it finds pods in the runtime that nobody wants (K-024). They can only have lost their object
   * while no kubelet was there: what goes away later is told to its worker. So it looks until it has seen the list once.
   */
  #housekeep(): void {
    if (!this.#source.ready) {
      this.#engine.after(this.#entity("housekeeping"), HOUSEKEEPING, () => this.#housekeep())
      return
    }
    for (const ref of this.#o.runtime.pods) {
      const { uid } = ref
      if (this.#workers.has(uid) || this.#source.has(uid) || this.#orphans.has(uid)) continue
      this.#orphans.add(uid)
      killOrphan(this.#node, ref, this.#stream(`orphan/${uid}`), () => {
        this.#orphans.delete(uid)
        this.#node.runtime.remove(uid)
        this.#node.pleg.forget(uid)
      })
    }
  }

  #entity(part: string): string {
    return `kubelet/${this.#o.name}/${part}`
  }

  #stream(name: string): RandomStream {
    const { incarnation, seed } = this.#o
    return stream(seed, incarnation === 0 ? name : `${name}#${incarnation}`)
  }

  #assemble(): KubeletNode {
    const { api, configuration, hostIP, images, name, profile, reachable, release, runtime, store } = this.#o
    const engine = this.#engine
    const loop = new SyncLoop()
    const part = (what: string) => ({ engine, entity: this.#entity(what), random: this.#stream(this.#entity(what)) })
    const began = this.#o.incarnation === 0 ? Math.floor(this.#random.next() * SECOND) : 0
    const objects = new ObjectCache({ ...part("objects"), profile, store, reachable: this.#o.reachable })
    const failedMount = (pod: Pod, message: string) =>
      recordPodEvent(node, pod, { type: "Warning", reason: "FailedMount", message })
    const node: KubeletNode = {
      engine,
      profile,
      release,
      hostIPs: [hostIP],
      runtime,
      images: new ImageManager(engine, images, configuration, this.#o.pulledRecords),
      configuration,
      allocations: new AllocationManager({
        engine,
        entity: this.#entity("allocations"),
        allocated: this.#o.allocated,
        getPod: (uid) => this.#known.get(uid),
        activePods: () => this.#activePods(),
        getNode: () => ownNode(this.#o.store, this.#o.name),
        sync: (pod) => this.#syncNow(pod),
        record: (pod, type, reason, message) => recordPodEvent(this.#node, pod, { type, reason, message })
      }),
      objects,
      volumes: new VolumeManager({ engine, profile, store, objects, hostPaths: usualHostPaths, failedMount }),
      pleg: new Pleg({
        ...part("pleg"),
        profile,
        inspect: (uid) => runtime.status(uid),
        onPodEvent: (uid) => loop.deliver(() => this.#workers.get(uid)?.update())
      }),
      status: new StatusManager({
        ...part("status"),
        profile,
        release,
        api,
        reachable,
        couldRun: (uid) => this.#workers.get(uid)?.couldRun ?? !this.#source.ready
      }),
      events: new EventRecorder({
        ...part("events"),
        store,
        reachable,
        write: profile.eventWrite,
        component: "kubelet",
        host: name
      }),
      staticPods: this.#staticPods(),
      queue: new WorkQueue(engine, this.#entity("queue"), later(engine.now, -began)),
      loop
    }
    return node
  }
}
