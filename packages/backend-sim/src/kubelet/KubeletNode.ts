/** What the parts of one kubelet share. */
import type { KubeletConfiguration, KubernetesRelease, Pod } from "@kubereel/core"
import type { EventRecorder } from "../client/EventRecorder.ts"
import type { Decisions } from "../defect/Decisions.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import type { Runtime } from "../runtime/Runtime.ts"
import type { AllocationManager } from "./AllocationManager.ts"
import type { ImageManager } from "./ImageManager.ts"
import type { LeaseKeeper } from "./KubeletApi.ts"
import type { ObjectCache } from "./ObjectCache.ts"
import type { Pleg } from "./Pleg.ts"
import type { ProbeManager } from "./prober/ProbeManager.ts"
import type { RuntimeState } from "./RuntimeState.ts"
import type { ShutdownManager } from "./ShutdownManager.ts"
import type { StaticPods } from "./StaticPods.ts"
import type { StatusManager } from "./StatusManager.ts"
import type { SyncLoop } from "./SyncLoop.ts"
import type { VolumeManager } from "./VolumeManager.ts"
import type { WorkQueue } from "./WorkQueue.ts"

export interface KubeletNode {
  readonly engine: Engine
  readonly profile: NodeProfile
  readonly release: KubernetesRelease
  readonly hostIPs: ReadonlyArray<string>
  readonly runtime: Runtime
  readonly runtimeState: RuntimeState
  readonly images: ImageManager
  readonly objects: ObjectCache
  readonly configuration: KubeletConfiguration
  readonly allocations: AllocationManager
  readonly volumes: VolumeManager
  readonly pleg: Pleg
  readonly probes: ProbeManager
  readonly status: StatusManager
  readonly events: EventRecorder
  readonly queue: WorkQueue
  readonly loop: SyncLoop
  readonly staticPods: StaticPods
  readonly shutdown: ShutdownManager
  readonly lease: LeaseKeeper
  /** Resyncs of steady pods are not skipped. */
  readonly everyResync: boolean
  readonly decide: Decisions
}

/** What the work on one of its pods needs: the pod as the worker has it, and the stream of its chances. */
export interface PodContext {
  readonly node: KubeletNode
  readonly pod: Pod
  readonly random: RandomStream
}
