/**
 * The crash-loop back-off of one container (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, doBackOff; client-go
 * `util/flowcontrol/backoff.go`; K-100…K-106). Counted from the end of the newest exited instance; no jitter here: the wait that
 * people see is longer, because the retry is (`retryDelay.ts`).
 */
import { type Instant, later, type Micros, SECOND } from "../../event/Instant.ts"

/** First delay and cap (`pkg/kubelet/kubelet.go`, initialCrashLoopBackOff and MaxCrashLoopBackOff). */
const INITIAL: Micros = 10 * SECOND
const MAXIMUM: Micros = 300 * SECOND
/** An instance that ran longer than this since its last counted start begins anew, whatever the cap is (T-06). */
const RESET: Micros = 600 * SECOND

export interface BackOffLimits {
  readonly initial: Micros
  readonly maximum: Micros
}

/** newCrashLoopBackOff: a configured cap below the first delay is the first delay, too (gate KubeletCrashLoopBackOffMax). */
export const crashBackOffLimits = (maximum: Micros = MAXIMUM): BackOffLimits => ({
  initial: Math.min(INITIAL, maximum),
  maximum
})

export interface BackOffEntry {
  readonly backOff: Micros
  readonly lastUpdate: Instant
}

export type BackOffDecision =
  | { readonly _tag: "Start"; readonly entry: BackOffEntry | undefined }
  | { readonly _tag: "BackOff"; readonly backOff: Micros; readonly expires: Instant }

/** May the container start now? `finishedAt`: the end of its newest exited instance, `undefined` when it never exited. */
export const crashBackOff = (
  entry: BackOffEntry | undefined,
  finishedAt: Instant | undefined,
  now: Instant,
  { initial, maximum }: BackOffLimits = crashBackOffLimits()
): BackOffDecision => {
  if (finishedAt === undefined) return { _tag: "Start", entry }
  // Housekeeping forgets an entry that nobody advanced for as long as the reset (Backoff.GC).
  const known = entry === undefined || now - entry.lastUpdate > RESET ? undefined : entry
  const counts = known !== undefined && finishedAt - known.lastUpdate <= RESET
  if (counts && now - finishedAt < known.backOff) {
    return { _tag: "BackOff", backOff: known.backOff, expires: later(finishedAt, known.backOff) }
  }
  return { _tag: "Start", entry: { backOff: counts ? Math.min(known.backOff * 2, maximum) : initial, lastUpdate: now } }
}
