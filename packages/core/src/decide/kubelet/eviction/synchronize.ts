/** One look of the eviction manager at its node (`pkg/kubelet/eviction/eviction_manager.go`, synchronize; section 6.6). */
import type { Instant } from "../../../event/Instant.ts"
import type { Observations } from "./Stats.ts"
import { conditionOf, type EvictionConfig, type Threshold, thresholdQuantity } from "./Threshold.ts"

/** What is remembered from one look to the next. */
export interface PressureState {
  /** Since when each threshold that is crossed has been. */
  readonly firstObserved: ReadonlyMap<Threshold, Instant>
  /** When each condition was seen last. */
  readonly lastObserved: ReadonlyMap<string, Instant>
  /** Crossed for as long as they have to be, and not yet far enough behind. */
  readonly met: ReadonlyArray<Threshold>
  /** What the node reports, and for which it refuses pods. */
  readonly conditions: ReadonlyArray<string>
}

export const noPressure: PressureState = {
  firstObserved: new Map(),
  lastObserved: new Map(),
  met: [],
  conditions: []
}

/** Thresholds that are crossed; with `minReclaim` also those that are behind by less than what is to be won back. */
export const thresholdsMet = (
  thresholds: ReadonlyArray<Threshold>,
  observations: Observations,
  minReclaim: boolean
): ReadonlyArray<Threshold> =>
  thresholds.filter((threshold) => {
    const observed = observations.get(threshold.signal)
    if (observed === undefined) return false
    const more = minReclaim && threshold.minReclaim !== undefined ? threshold.minReclaim : undefined
    const quantity =
      thresholdQuantity(threshold.value, observed.capacity) +
      (more === undefined ? 0 : thresholdQuantity(more, observed.capacity))
    return quantity > observed.available
  })

/** Memory before everything else (byEvictionPriority). */
const isMemory = ({ signal }: Threshold): boolean =>
  signal === "memory.available" || signal === "allocatableMemory.available"

/** The most pressing first; which of equals comes first is chance, `draw` in [0, 1) each (Kubernetes walks a map). */
export const inEvictionOrder = (thresholds: ReadonlyArray<Threshold>, draw: () => number): ReadonlyArray<Threshold> =>
  thresholds
    .map((threshold) => ({ threshold, rank: (isMemory(threshold) ? 0 : 1) + draw() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ threshold }) => threshold)

/** The state after this look; its `met` are what has to be acted upon. */
export const synchronize = (
  config: EvictionConfig,
  state: PressureState,
  observations: Observations,
  now: Instant
): PressureState => {
  const crossed = new Set([
    ...thresholdsMet(config.thresholds, observations, false),
    ...thresholdsMet(state.met, observations, true)
  ])
  const firstObserved = new Map([...crossed].map((threshold) => [threshold, state.firstObserved.get(threshold) ?? now]))
  const lastObserved = new Map(state.lastObserved)
  for (const { signal } of crossed) lastObserved.set(conditionOf(signal), now)
  const met = [...firstObserved].filter(([{ gracePeriod }, since]) => now - since >= gracePeriod).map(([one]) => one)
  return {
    firstObserved,
    lastObserved,
    met,
    conditions: [...lastObserved]
      .filter(([, at]) => now - at < config.pressureTransitionPeriod)
      .map(([condition]) => condition)
  }
}
