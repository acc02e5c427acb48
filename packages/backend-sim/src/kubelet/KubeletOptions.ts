/** What a kubelet's process is started with. */
import type {
  Allocation,
  HostPathType,
  KubeletConfiguration,
  KubernetesObject,
  KubernetesRelease,
  PodObject,
  PulledRecord
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Decisions } from "../defect/Decisions.ts"
import type { Engine } from "../engine/Engine.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import type { Images } from "../runtime/Images.ts"
import type { Runtime } from "../runtime/Runtime.ts"
import type { KubeletApi } from "./KubeletApi.ts"

export interface KubeletOptions {
  readonly engine: Engine
  readonly seed: number
  readonly name: string
  /** Which process of this node it is, from 0: each has chances of its own. */
  readonly incarnation: number
  readonly hostIP: string
  readonly bootID: string
  /** What it takes its Node to be as long as there is none (initialNode). */
  readonly initialNode: () => KubernetesObject
  readonly profile: NodeProfile
  readonly configuration: KubeletConfiguration
  readonly release: KubernetesRelease
  readonly store: Store
  /** Its connection to the API server. `engine`: of this process, whose end ends it. */
  readonly connect: (engine: Engine) => KubeletApi
  readonly runtime: Runtime
  readonly images: Images
  /** What was pulled with which credentials: on disk (`pkg/kubelet/images/pullmanager`). */
  readonly pulledRecords: Map<string, PulledRecord>
  /** What the node's pods were granted: on disk (`pkg/kubelet/allocation/state`). */
  readonly allocated: Map<string, Allocation>
  /** What is where on the node's disk. */
  readonly hostPaths: Map<string, HostPathType>
  /** Attached volumes, each with the pods that use it: they are mounted whether a kubelet runs or not. */
  readonly volumesInUse: Map<string, Set<string>>
  /** The node's pods as the API server has them, the oldest first. */
  readonly listPods: () => ReadonlyArray<PodObject>
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  /** No tick of a probe is skipped: slow, and the measure for the skipping. */
  readonly everyProbeTick: boolean
  /** The same for resyncs of steady pods. */
  readonly everyResync: boolean
  readonly decide: Decisions
}
