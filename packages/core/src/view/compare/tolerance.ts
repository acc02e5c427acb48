/** How far two runs of one cluster may be apart in time and in numbers and still be called equal (docs/adr/0003-diff-tolerance.md). */
import { MILLISECOND, type Micros, SECOND } from "../../event/Instant.ts"

export interface Tolerance {
  /** What any two moments may differ by: phases of the kubelet's one-second relist, a mount that is tried twice, latencies. */
  readonly time: Micros
  /** Share of a wait by which it may differ besides: clocks, probes and work queues that are a little late each round. */
  readonly wait: number
  /** The same share for a wait that is a back-off, which Kubernetes draws at random. */
  readonly backOff: number
  /** Share by which the numbers of an Event's occurrences may differ; one is always allowed. */
  readonly count: number
}

export const defaultTolerance: Tolerance = { time: 2 * SECOND, wait: 0.02, backOff: 0.4, count: 0.15 }

/** Two moments on both sides, and those of the last state that both sides have in common. */
export interface Wait {
  readonly left: Micros
  readonly right: Micros
  readonly sinceLeft: Micros
  readonly sinceRight: Micros
  /** What was waited for was the next try of something that had failed. */
  readonly retrying: boolean
}

/** By how much a wait of that length may differ. */
export const allowed = (tolerance: Tolerance, wait: Micros, retrying: boolean): Micros =>
  tolerance.time + Math.max(0, wait) * (retrying ? tolerance.backOff : tolerance.wait)

/**
 * A moment is on time if it comes as long after the previous common state on both sides, or as long after the start:
 * what is late once makes all that follows late, what a user did at a fixed time is not.
 */
export const isOnTime = (tolerance: Tolerance, { left, right, sinceLeft, sinceRight, retrying }: Wait): boolean => {
  const [leftWait, rightWait] = [left - sinceLeft, right - sinceRight]
  return (
    Math.abs(leftWait - rightWait) <= allowed(tolerance, Math.max(leftWait, rightWait), retrying) ||
    Math.abs(left - right) <= tolerance.time
  )
}

export const isAboutAsMany = (tolerance: Tolerance, left: number, right: number): boolean =>
  Math.abs(left - right) <= Math.max(1, tolerance.count * Math.max(left, right))

const seconds = (time: Micros): string => `${Number((time / SECOND).toFixed(3))} s`
const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`

/** What is tolerated, in words. */
export const toleranceWords = (tolerance: Tolerance): ReadonlyArray<string> => [
  `times by ${seconds(tolerance.time)} and ${percent(tolerance.wait)} of the wait since the last common state`,
  `back-offs by ${seconds(tolerance.time)} and ${percent(tolerance.backOff)}`,
  `numbers of Events by one or ${percent(tolerance.count)}`
]

/** Milliseconds are what recordings carry. */
export const inSeconds = (at: Micros | undefined): string =>
  at === undefined ? "" : `${(Math.round(at / MILLISECOND) / 1_000).toFixed(3)}s`
