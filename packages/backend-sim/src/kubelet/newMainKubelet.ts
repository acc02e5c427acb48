/** The parts of one kubelet, put together (`pkg/kubelet/kubelet.go`, NewMainKubelet). */
import { type KubernetesObject, later, type Pod, type PodObject, SECOND } from "@kubereel/core"
import { EventRecorder } from "../client/EventRecorder.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import { AllocationManager } from "./AllocationManager.ts"
import { AttachedVolumes } from "./AttachedVolumes.ts"
import { ImageManager } from "./ImageManager.ts"
import type { KubeletApi } from "./KubeletApi.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import type { KubeletOptions } from "./KubeletOptions.ts"
import { NodeExpander } from "./NodeExpander.ts"
import { ownNode } from "./nodeCapacity.ts"
import { ObjectCache } from "./ObjectCache.ts"
import { Pleg } from "./Pleg.ts"
import type { PodWorker } from "./PodWorker.ts"
import { recordClaimEvent, recordPodEvent } from "./podEvents.ts"
import { newProbeManager } from "./prober/newProbeManager.ts"
import type { ProbeManager } from "./prober/ProbeManager.ts"
import { RuntimeState } from "./RuntimeState.ts"
import { ShutdownManager } from "./ShutdownManager.ts"
import type { StaticPods } from "./StaticPods.ts"
import { StatusManager } from "./StatusManager.ts"
import { SyncLoop } from "./SyncLoop.ts"
import { VolumeManager, type VolumeManagerOptions } from "./VolumeManager.ts"
import { WorkQueue } from "./WorkQueue.ts"

/** What the parts ask of the kubelet that they belong to. */
export interface KubeletPods {
  /** Of this process: all that it starts ends with it. */
  readonly engine: Engine
  readonly api: KubeletApi
  readonly entity: (part: string) => string
  readonly stream: (name: string) => RandomStream
  readonly random: RandomStream
  readonly getPod: (uid: string) => PodObject | undefined
  readonly activePods: () => ReadonlyArray<PodObject>
  readonly worker: (uid: string) => PodWorker | undefined
  readonly couldRun: (uid: string) => boolean
  /** The runtime did something to that pod, as the PLEG has it. */
  readonly podEvent: (uid: string) => void
  readonly sync: (pod: PodObject) => void
  /** All of them may have something to show. */
  readonly settleAll: () => void
  readonly staticPods: StaticPods
  /** There is news of the node. */
  readonly nodeChanged: () => void
  /** There is news of the node that is reported at once. */
  readonly syncNodeStatus: () => void
}

const allocations = (o: KubeletOptions, pods: KubeletPods, node: () => KubeletNode): AllocationManager =>
  new AllocationManager({
    engine: pods.engine,
    entity: pods.entity("allocations"),
    allocated: o.allocated,
    getPod: pods.getPod,
    activePods: pods.activePods,
    getNode: () => ownNode(o.store, o.name),
    shuttingDown: () => node().shutdown.status !== undefined,
    sync: pods.sync,
    record: (pod, type, reason, message) => recordPodEvent(node(), pod, { type, reason, message })
  })

const shutdownManager = ({ configuration, name }: KubeletOptions, pods: KubeletPods, node: () => KubeletNode) => {
  const { activePods, entity, nodeChanged, syncNodeStatus, worker } = pods
  const periods = configuration.shutdownGracePeriods
  const told = { syncNodeStatus, nodeChanged }
  return new ShutdownManager({ node, entity: entity("shutdown"), name, periods, activePods, worker, ...told })
}

type Part = (what: string) => Pick<KubeletPods, "engine" | "random"> & { readonly entity: string }

/** What tells the kubelet about its runtime: whether it answers, and what it has. */
const runtimeEyes = ({ profile, release, runtime }: KubeletOptions, pods: KubeletPods, part: Part, loop: SyncLoop) => ({
  runtimeState: new RuntimeState({
    ...part("runtime-state"),
    loop,
    answers: () => runtime.answers(),
    network: () => runtime.networkProblem(),
    onChange: () => {
      pods.settleAll()
      pods.nodeChanged()
    }
  }),
  pleg: new Pleg({
    ...part("pleg"),
    profile,
    release,
    inspect: (uid) => runtime.status(uid),
    onChange: (uid) => pods.worker(uid)?.settle(),
    onPodEvent: (uid) => loop.deliver(() => pods.podEvent(uid))
  })
})

const volumeManager = (
  { hostPaths, name, profile, reachable, release, store, volumesInUse }: KubeletOptions,
  { engine, entity, nodeChanged }: KubeletPods,
  rest: Pick<VolumeManagerOptions, "objects" | "failedMount" | "expander">
) =>
  new VolumeManager({
    ...{ engine, profile, release, store, hostPaths, ...rest },
    labels: () => ownNode(store, name)?.metadata.labels ?? {},
    attached: new AttachedVolumes({
      engine,
      entity: entity("attached-volumes"),
      inUse: volumesInUse,
      getNode: () => (reachable() ? ownNode(store, name) : undefined),
      changed: nodeChanged
    })
  })

/** What is said of a pod's volumes. */
const volumeEvents = (node: () => KubeletNode) => ({
  failedMount: (pod: Pod, message: string) =>
    recordPodEvent(node(), pod, { type: "Warning", reason: "FailedMount", message }),
  succeeded: (pod: Pod, claim: KubernetesObject, message: string) => {
    const words = { type: "Normal", reason: "FileSystemResizeSuccessful", message } as const
    recordPodEvent(node(), pod, words)
    recordClaimEvent(node(), claim, words)
  }
})

export const newMainKubelet = (options: KubeletOptions, pods: KubeletPods): KubeletNode => {
  const { configuration, decide, hostIP, images, incarnation, name, profile, reachable, release, runtime, store } =
    options
  const { api, engine, entity, random, stream } = pods
  const loop = new SyncLoop(pods.settleAll)
  const part: Part = (what) => ({ engine, entity: entity(what), random: stream(entity(what)) })
  const began = incarnation === 0 ? Math.floor(random.next() * SECOND) : 0
  const events = part("events")
  const settle = (uid: string) => pods.worker(uid)?.settle()
  const objects = new ObjectCache({ ...part("objects"), profile, store, reachable, onChange: settle })
  const { failedMount, succeeded } = volumeEvents(() => node)
  const status = new StatusManager({
    ...part("status"),
    profile,
    release,
    api,
    reachable,
    couldRun: pods.couldRun,
    decide,
    onChange: (uid) => {
      settle(uid)
      probes.changed(uid)
    }
  })
  const probes: ProbeManager = newProbeManager(() => node, {
    ...{ engine, stream, profile, runtime, status },
    entity: entity("probes"),
    restarted: incarnation > 0,
    everyTick: options.everyProbeTick,
    onChange: settle,
    onResults: (uid, results) => loop.deliver(() => pods.worker(uid)?.probed(results))
  })
  const node: KubeletNode = {
    engine,
    profile,
    release,
    hostIPs: [hostIP],
    runtime,
    ...runtimeEyes(options, pods, part, loop),
    images: new ImageManager(engine, images, configuration, options.pulledRecords),
    configuration,
    allocations: allocations(options, pods, () => node),
    objects,
    volumes: volumeManager(options, pods, {
      ...{ objects, failedMount },
      expander: new NodeExpander({ ...part("node-expander"), profile, api, store, node: name, reachable, succeeded })
    }),
    status,
    probes,
    events: new EventRecorder({
      ...events,
      sink: api.events(events),
      reachable,
      write: profile.eventWrite,
      component: "kubelet",
      host: name
    }),
    staticPods: pods.staticPods,
    everyResync: options.everyResync,
    decide,
    lease: api.lease(part("node-lease"), reachable, incarnation === 0),
    shutdown: shutdownManager(options, pods, () => node),
    queue: new WorkQueue(engine, entity("queue"), later(engine.now, -began)),
    loop
  }
  return node
}
