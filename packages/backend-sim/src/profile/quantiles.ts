/** Durations as distributions: data, drawn from with one number. */
import { MILLISECOND, type Micros } from "@kubereel/core"

/** A distribution by its least, median, 95th percentile and largest value, in microseconds; between them it is linear. */
export type Quantiles = readonly [min: Micros, median: Micros, p95: Micros, max: Micros]

/** The same, given in milliseconds. */
export const ms = (...[min, median, p95, max]: Quantiles): Quantiles => [
  min * MILLISECOND,
  median * MILLISECOND,
  p95 * MILLISECOND,
  max * MILLISECOND
]

export const nothing: Quantiles = [0, 0, 0, 0]

/** The value below which a share `u` in [0, 1) of all lies. */
export const quantile = (of: Quantiles, u: number): Micros => {
  // By index: taking a list apart costs more than the rest, and this is asked before everything that happens.
  const [median, p95] = [of[1], of[2]]
  if (u < 0.5) return Math.round(of[0] + (median - of[0]) * (u / 0.5))
  if (u < 0.95) return Math.round(median + (p95 - median) * ((u - 0.5) / 0.45))
  return Math.round(p95 + (of[3] - p95) * ((u - 0.95) / 0.05))
}
