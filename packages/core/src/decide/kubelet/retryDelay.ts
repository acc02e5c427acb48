/** When a pod's worker looks at it again after a sync (`pkg/kubelet/pod_workers.go`, completeWork; K-018, K-019). */
import { type Instant, type Micros, SECOND } from "../../event/Instant.ts"

const RESYNC: Micros = 60 * SECOND
const BACK_OFF: Micros = 10 * SECOND
const TRANSIENT: Micros = SECOND
const JITTER = 0.5

/** `wait.Jitter` (apimachinery `pkg/util/wait/wait.go`). */
const jittered = (wait: Micros, draw: number): Micros => wait + Math.floor(wait * draw * JITTER)

export type SyncOutcome =
  | { readonly _tag: "Transition" }
  | { readonly _tag: "Success" }
  | { readonly _tag: "NetworkNotReady" }
  | { readonly _tag: "Error"; readonly backOffExpires: Instant | undefined }

/** `draw` in [0, 1). The delay until the work-queue entry is due; the loop's one-second tick comes on top. */
export const retryDelay = (outcome: SyncOutcome, now: Instant, draw: number): Micros => {
  switch (outcome._tag) {
    case "Transition":
      return 0
    case "Success":
      return jittered(RESYNC, draw)
    case "NetworkNotReady":
      return jittered(TRANSIENT, draw)
    case "Error": {
      const wait = outcome.backOffExpires === undefined ? BACK_OFF : outcome.backOffExpires - now
      return jittered(Math.min(Math.max(wait, 0), RESYNC), draw)
    }
  }
}
