/** A node's kubelet: hears of its pods from the API server and gives each a worker (`pkg/kubelet/kubelet.go`, syncLoop; K-002…K-008). */
import {
  type ImageSpec,
  type Instant,
  isNode,
  isTerminal,
  jsonEqual,
  type KubeletConfiguration,
  later,
  type NodeObject,
  type PodEvent,
  type PodObject,
  type PodRef,
  type Pressure,
  type Program,
  SECOND
} from "@kubereel/core"
import type { PodApi } from "../apiserver/PodApi.ts"
import type { Change, Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import { Images } from "../runtime/Images.ts"
import { Runtime } from "../runtime/Runtime.ts"
import { EventRecorder } from "./EventRecorder.ts"
import { EvictionManager } from "./EvictionManager.ts"
import { ImageManager } from "./ImageManager.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { NodeStatus } from "./NodeStatus.ts"
import { nodeCapacity } from "./nodeCapacity.ts"
import { Pleg } from "./Pleg.ts"
import { PodAdmission } from "./PodAdmission.ts"
import { PodWorker } from "./PodWorker.ts"
import { StatsProvider } from "./StatsProvider.ts"
import { StatusManager } from "./StatusManager.ts"
import { SyncLoop } from "./SyncLoop.ts"
import { VolumeManager } from "./VolumeManager.ts"
import { WorkQueue } from "./WorkQueue.ts"

export interface KubeletOptions {
  readonly engine: Engine
  readonly seed: number
  readonly name: string
  readonly hostIP: string
  /** The n-th address of the node's pod range. */
  readonly podIP: (index: number) => string
  readonly profile: NodeProfile
  readonly configuration: KubeletConfiguration
  readonly store: Store
  readonly api: PodApi
  readonly images: ReadonlyArray<ImageSpec>
  readonly programs: ReadonlyArray<Program>
  readonly onFact: (pod: PodRef, event: PodEvent) => void
}

/** What of a pod makes an update for its worker; anything else is its own status coming back (K-003). */
const configuration = (pod: PodObject) => ({
  spec: pod.spec,
  labels: pod.metadata.labels,
  annotations: pod.metadata.annotations,
  deletionTimestamp: pod.metadata.deletionTimestamp,
  deletionGracePeriodSeconds: pod.metadata.deletionGracePeriodSeconds
})

export class Kubelet {
  readonly #o: KubeletOptions
  readonly #node: KubeletNode
  readonly #random: RandomStream
  readonly #workers = new Map<string, PodWorker>()
  readonly #known = new Map<string, PodObject>()
  readonly #rejected = new Set<string>()
  readonly #admission: PodAdmission
  readonly #nodeStatus: NodeStatus
  readonly #eviction: EvictionManager
  #heardUntil: Instant

  constructor(options: KubeletOptions) {
    this.#o = options
    this.#random = stream(options.seed, `kubelet/${options.name}`)
    this.#node = this.#assemble()
    this.#admission = new PodAdmission({
      node: this.#node,
      getNode: () => this.#ownNode(),
      activePods: () => this.#activePods(),
      worker: (uid) => this.#workers.get(uid),
      pressure: () => this.#eviction.conditions
    })
    this.#nodeStatus = new NodeStatus({
      node: this.#node,
      entity: this.#entity("node-status"),
      random: stream(options.seed, this.#entity("node-status")),
      store: options.store,
      getNode: () => this.#ownNode(),
      pressure: () => this.#eviction.conditions
    })
    this.#eviction = this.#watchPressure()
    this.#heardUntil = options.engine.now
  }

  get name(): string {
    return this.#o.name
  }

  /** A pod of this node changed on the API server; the kubelet hears of it a little later. */
  hear(change: Change, pod: PodObject): void {
    const first = !this.#known.has(pod.metadata.uid ?? "") && change !== "DELETED"
    const delay = first ? this.#o.profile.podAdmission : this.#o.profile.watch
    if (first) this.#known.set(pod.metadata.uid ?? "", pod)
    // One watch: a later version is never heard before an earlier one.
    const at = later(this.#o.engine.now, quantile(delay, this.#random.next()))
    this.#heardUntil = Math.max(at, this.#heardUntil) as Instant
    this.#o.engine.schedule(this.#entity("config"), this.#heardUntil, () =>
      this.#node.loop.deliver(() => this.#handle(change, pod))
    )
  }

  /** A signal from outside to a container's process. `false`: no such process runs. */
  kill(uid: string, container: string, signal: number): boolean {
    return this.#node.runtime.kill(uid, container, signal)
  }

  /** The pod's sandbox dies. `false`: it has none. */
  killSandbox(uid: string): boolean {
    return this.#node.runtime.killSandbox(uid)
  }

  /** Something beside its pods makes the node run short of these, and of nothing else. */
  press(pressure: ReadonlyArray<Pressure>): void {
    this.#eviction.press(pressure)
  }

  #watchPressure(): EvictionManager {
    const { configuration, engine, name, seed } = this.#o
    const random = stream(seed, this.#entity("eviction"))
    return new EvictionManager({
      node: this.#node,
      entity: this.#entity("eviction"),
      name,
      random,
      config: configuration.eviction,
      capacity: () => nodeCapacity(this.#ownNode()),
      stats: new StatsProvider(engine, random, this.#node.runtime),
      activePods: () => this.#activePods(),
      worker: (uid) => this.#workers.get(uid),
      onConditions: () => this.#nodeStatus.changed()
    })
  }

  #handle(change: Change, pod: PodObject): void {
    const uid = pod.metadata.uid ?? ""
    const worker = this.#workers.get(uid)
    const known = this.#known.get(uid)
    if (change === "DELETED") return this.#forget(uid, worker)
    this.#known.set(uid, pod)
    const same = known !== undefined && jsonEqual(configuration(known), configuration(pod))
    if (worker !== undefined) return worker.receive(pod, same ? "status" : "spec")
    if (!this.#rejected.has(uid)) return this.#add(pod)
    // Nothing is done for a pod that was refused until it is to go (K-301).
    if (!same) this.#start(pod)
  }

  /** A pod that has ended is let in only to be cleaned up (K-006, K-022). */
  #add(pod: PodObject): void {
    if (isTerminal(pod)) return this.#start(pod)
    this.#admission.admit(pod, (admitted) => {
      if (admitted) this.#start(pod)
      else this.#rejected.add(pod.metadata.uid ?? "")
    })
  }

  #start(pod: PodObject): void {
    const uid = pod.metadata.uid ?? ""
    const random = stream(this.#o.seed, `pod/${pod.metadata.namespace}/${pod.metadata.name}/${uid}`)
    this.#rejected.delete(uid)
    this.#workers.set(uid, new PodWorker(this.#node, pod, random, () => this.#finished(uid)))
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
    if (worker === undefined) return
    worker.removed()
    if (worker.finished) this.#release(uid)
  }

  #finished(uid: string): void {
    if (!this.#known.has(uid)) this.#release(uid)
  }

  #release(uid: string): void {
    this.#workers.delete(uid)
    this.#node.runtime.remove(uid)
    this.#node.pleg.forget(uid)
    this.#node.images.forget(uid)
  }

  #ownNode(): NodeObject | undefined {
    const object = this.#o.store.get("Node", undefined, this.#o.name)
    return object !== undefined && isNode(object) ? object : undefined
  }

  #entity(part: string): string {
    return `kubelet/${this.#o.name}/${part}`
  }

  #assemble(): KubeletNode {
    const { api, engine, hostIP, images: specs, name, podIP, profile, programs, seed, store } = this.#o
    const random = (part: string) => stream(seed, this.#entity(part))
    const images = new Images({ engine, entity: this.#entity("images"), profile, specs })
    const loop = new SyncLoop()
    let addresses = 0
    const runtime = new Runtime({
      engine,
      entity: this.#entity("runtime"),
      profile,
      programs,
      nextIP: () => podIP(addresses++),
      image: (image) => images.status(image) ?? { tag: image, repoDigest: "" },
      onChange: (uid) => {
        pleg.changed(uid)
        this.#eviction.changed(uid)
      },
      onFact: (uid, event) => this.#fact(uid, event)
    })
    const pleg: Pleg = new Pleg({
      engine,
      entity: this.#entity("pleg"),
      random: random("pleg"),
      profile,
      inspect: (uid) => runtime.status(uid),
      onPodEvent: (uid) => loop.deliver(() => this.#workers.get(uid)?.update())
    })
    const phase = (engine.now - Math.floor(this.#random.next() * SECOND)) as Instant
    return {
      engine,
      profile,
      hostIPs: [hostIP],
      runtime,
      images: new ImageManager(engine, images, this.#o.configuration),
      configuration: this.#o.configuration,
      volumes: new VolumeManager(engine, profile),
      pleg,
      status: new StatusManager({
        engine,
        entity: this.#entity("status"),
        random: random("status"),
        profile,
        api,
        couldRun: (uid) => this.#workers.get(uid)?.couldRun ?? false
      }),
      events: new EventRecorder({
        engine,
        entity: this.#entity("events"),
        random: random("events"),
        store,
        write: profile.eventWrite,
        component: "kubelet",
        host: name
      }),
      queue: new WorkQueue(engine, this.#entity("queue"), phase),
      loop
    }
  }

  #fact(uid: string, event: PodEvent): void {
    const worker = this.#workers.get(uid)
    if (worker !== undefined) this.#o.onFact(worker.ref, event)
  }
}
