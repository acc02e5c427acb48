/** When a pod's worker looks at it again after a sync (`pkg/kubelet/pod_workers.go`, completeWork; K-018, K-019). */
import { type Instant, type Micros, SECOND } from "../../event/Instant.ts"

const RESYNC: Micros = 60 * SECOND
const BACK_OFF: Micros = 10 * SECOND
const JITTER = 0.5

export type SyncOutcome =
  | { readonly _tag: "Transition" }
  | { readonly _tag: "Success" }
  | { readonly _tag: "Error"; readonly backOffExpires: Instant | undefined }

/** `draw` in [0, 1). The delay until the work-queue entry is due; the loop's one-second tick comes on top. */
export const retryDelay = (outcome: SyncOutcome, now: Instant, draw: number): Micros => {
  switch (outcome._tag) {
    case "Transition":
      return 0
    case "Success":
      return Math.floor(RESYNC * (1 + draw * JITTER))
    case "Error": {
      const wait = outcome.backOffExpires === undefined ? BACK_OFF : outcome.backOffExpires - now
      return Math.floor(Math.min(Math.max(wait, 0), RESYNC) * (1 + draw * JITTER))
    }
  }
}
