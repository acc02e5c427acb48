/** What the probes of a pod have said so far (`pkg/kubelet/prober/results/results_manager.go`, Manager; `prober_manager.go`, getWorker). */
import type { Instant } from "../../../event/Instant.ts"

export type ProbeType = "liveness" | "readiness" | "startup"

/** `Unknown`: a startup probe that has not run yet. */
export type ProbeResult = "Success" | "Failure" | "Unknown"

export interface ProbeResults {
  /** The published result for that instance of a container, by its runtime ID; `undefined` when there is none. */
  readonly get: (type: ProbeType, containerID: string) => ProbeResult | undefined
  /** Is there a worker that probes the container of that name in this pod? */
  readonly hasWorker: (type: ProbeType, container: string) => boolean
  /** When the kubelet began: what ran long before is not new to anybody but it (K-163); absent: long ago. */
  readonly start?: Instant
}

/** Of a pod that nobody probes. */
export const noProbeResults: ProbeResults = { get: () => undefined, hasWorker: () => false }
