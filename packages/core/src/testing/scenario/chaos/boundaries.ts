/** Durations and moments near those with which Kubernetes counts: an off-by-one in a rule shows a second before or after. */
import { formatDuration } from "../../../event/duration.ts"
import { MILLISECOND, SECOND } from "../../../event/Instant.ts"
import type { Draw } from "./genes.ts"

/**
 * Seconds. 10, 20, 40, 80, 160, 300: the back-off of restarts; 600: what ends it; 2: the least grace of a kill; 30: the usual grace, and
 * a minute less than the longest wait of a volume's mount; 40 and 50: node-monitor-grace-period of before and since 1.32; 300: how long
 * an unreachable node is tolerated by default, and the longest back-off of a pull; 360: until a Job's pods are made anew.
 */
export const knownSeconds = [10, 2, 20, 30, 40, 50, 80, 160, 300, 360, 600] as const

const offsets = [0, -1_000, 1_000, -100, 100, 400] as const

/** Milliseconds near one of these seconds; 0 of them is the simplest. */
export const near = (draw: Draw, seconds: ReadonlyArray<number>): number =>
  Math.max(0, draw.of(seconds) * 1_000 + draw.of(offsets))

/** Milliseconds: none, any up to `most` seconds, or near what counts here (`own`, in seconds) or everywhere. */
export const someMillis = (draw: Draw, own: ReadonlyArray<number>, most = 60): number => {
  switch (draw.below(6)) {
    case 0:
      return draw.below(20) * 100
    case 1:
      return draw.below(most * 10) * 100
    case 2:
      return near(draw, knownSeconds)
    default:
      return near(draw, own.length === 0 ? knownSeconds : own)
  }
}

/** As a document says it. */
export const text = (millis: number): string => formatDuration(millis * MILLISECOND)

export const textOfSeconds = (seconds: number): string => formatDuration(seconds * SECOND)
