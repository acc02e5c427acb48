/** What a node's kubelet is configured with, as far as rules look into it (`pkg/kubelet/apis/config/v1beta1/defaults.go`). */
import { Result } from "effect"
import { type EvictionConfig, evictionConfig } from "../decide/kubelet/eviction/Threshold.ts"
import type { ShutdownGracePeriodByPodPriority } from "../decide/kubelet/nodeshutdown/shutdownGracePeriods.ts"
import { type Micros, SECOND } from "../event/Instant.ts"

export interface KubeletConfiguration {
  /** One image after the other, for the whole node (K-122). */
  readonly serializeImagePulls: boolean
  /** How many at once if not one after the other; `undefined`: any number. */
  readonly maxParallelImagePulls: number | undefined
  /** Pulls a second (K-123); 0: no limit. */
  readonly registryPullQPS: number
  readonly registryBurst: number
  /** `crashLoopBackOff.maxContainerRestartPeriod` (gate KubeletCrashLoopBackOffMax). */
  readonly maxContainerRestartPeriod: Micros
  /** Thresholds and what follows from them (section 6.6). */
  readonly eviction: EvictionConfig
  /** For whom, and how long, it holds up a shutdown (K-295), the lowest priority first; empty: not at all. */
  readonly shutdownGracePeriods: ReadonlyArray<ShutdownGracePeriodByPodPriority>
}

export const defaultKubeletConfiguration: KubeletConfiguration = {
  serializeImagePulls: true,
  maxParallelImagePulls: undefined,
  registryPullQPS: 5,
  registryBurst: 10,
  maxContainerRestartPeriod: 300 * SECOND,
  eviction: Result.getOrThrow(evictionConfig({})),
  shutdownGracePeriods: []
}
