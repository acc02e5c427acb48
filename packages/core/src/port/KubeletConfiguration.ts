/** What a node's kubelet is configured with, as far as rules look into it (`pkg/kubelet/apis/config/v1beta1/defaults.go`). */
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
}

export const defaultKubeletConfiguration: KubeletConfiguration = {
  serializeImagePulls: true,
  maxParallelImagePulls: undefined,
  registryPullQPS: 5,
  registryBurst: 10,
  maxContainerRestartPeriod: 300 * SECOND
}
