/** Samples as a distribution. */
import type { Micros } from "../../event/Instant.ts"

export interface Distribution {
  readonly samples: number
  readonly min: Micros
  readonly median: Micros
  /** The smallest value that 95 of 100 samples do not exceed. */
  readonly p95: Micros
  readonly max: Micros
}

/** The smallest value that a share of all does not exceed. */
const atShare = (sorted: ReadonlyArray<Micros>, share: number): Micros =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0

/** `undefined` for no samples: nothing was measured, which is not nought. */
export const distributionOf = (values: ReadonlyArray<Micros>): Distribution | undefined => {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length === 0) return undefined
  return {
    samples: sorted.length,
    min: atShare(sorted, 0),
    median: atShare(sorted, 0.5),
    p95: atShare(sorted, 0.95),
    max: atShare(sorted, 1)
  }
}
