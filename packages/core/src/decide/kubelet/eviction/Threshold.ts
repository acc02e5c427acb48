/** What a node has to keep, and when it counts as too little (`pkg/kubelet/eviction/api/types.go`, `helpers.go`, ParseThresholdConfig; K-280). */
import { Result } from "effect"
import { parseDuration } from "../../../event/duration.ts"
import { type Micros, SECOND } from "../../../event/Instant.ts"
import { parseQuantity, type Quantity, wholeValue } from "../../../event/Quantity.ts"

const signals = {
  "memory.available": { condition: "MemoryPressure", resource: "memory" },
  "allocatableMemory.available": { condition: "MemoryPressure", resource: "memory" },
  "nodefs.available": { condition: "DiskPressure", resource: "ephemeral-storage" },
  "nodefs.inodesFree": { condition: "DiskPressure", resource: "inodes" },
  "imagefs.available": { condition: "DiskPressure", resource: "ephemeral-storage" },
  "imagefs.inodesFree": { condition: "DiskPressure", resource: "inodes" },
  "pid.available": { condition: "PIDPressure", resource: "pids" }
} as const

export type Signal = keyof typeof signals

export const conditionOf = (signal: Signal): string => signals[signal].condition
export const resourceOf = (signal: Signal): string => signals[signal].resource

/** A whole number of bytes, processes or inodes, or a share of the capacity. */
export type ThresholdValue =
  | { readonly _tag: "Quantity"; readonly quantity: Quantity }
  | { readonly _tag: "Share"; readonly share: number }

export interface Threshold {
  readonly signal: Signal
  readonly value: ThresholdValue
  /** 0: a hard one, acted upon at once. */
  readonly gracePeriod: Micros
  readonly minReclaim: ThresholdValue | undefined
}

/** `resource.Quantity` keeps whole numbers, shares are 32-bit floats (GetThresholdQuantity). */
export const thresholdQuantity = (value: ThresholdValue, capacity: number): number =>
  value._tag === "Quantity" ? Number(wholeValue(value.quantity)) : Math.trunc(capacity * Math.fround(value.share))

type Statements = { readonly [signal: string]: string }

/** The fields of KubeletConfiguration that concern eviction. */
export interface EvictionSettings {
  readonly evictionHard?: Statements
  readonly evictionSoft?: Statements
  readonly evictionSoftGracePeriod?: Statements
  readonly evictionMinimumReclaim?: Statements
  readonly evictionPressureTransitionPeriod?: string
  readonly evictionMaxPodGracePeriod?: number
}

export interface EvictionConfig {
  readonly thresholds: ReadonlyArray<Threshold>
  /** How long a condition outlives what brought it about. */
  readonly pressureTransitionPeriod: Micros
  /** Seconds; for soft thresholds. */
  readonly maxPodGracePeriod: number
}

/** `pkg/kubelet/eviction/defaults_linux.go`; only if nothing else is said. */
const DEFAULT_HARD: Statements = {
  "memory.available": "100Mi",
  "nodefs.available": "10%",
  "nodefs.inodesFree": "5%",
  "imagefs.available": "15%",
  "imagefs.inodesFree": "5%"
}

const isSignal = (text: string): text is Signal => Object.hasOwn(signals, text)

const parseValue = (text: string): ThresholdValue | undefined => {
  if (text.endsWith("%")) {
    const percent = Number(text.slice(0, -1))
    return percent >= 0 && percent <= 100 ? { _tag: "Share", share: percent / 100 } : undefined
  }
  const quantity = parseQuantity(text)
  return quantity === undefined || quantity.nano < 0n ? undefined : { _tag: "Quantity", quantity }
}

/** What is wrong with the settings, in the words of the kubelet that would not start with them. */
const parse = (statements: Statements = {}): Result.Result<ReadonlyArray<Threshold>, string> => {
  const thresholds: Array<Threshold> = []
  for (const [signal, text] of Object.entries(statements)) {
    if (!isSignal(signal) || signal === "allocatableMemory.available")
      return Result.fail(`unsupported eviction signal ${signal}`)
    // "0%" and "100%" switch a threshold off.
    if (text === "0%" || text === "100%") continue
    const value = parseValue(text)
    if (value === undefined) return Result.fail(`${signal}: ${text} is neither a quantity nor a percentage`)
    if (value._tag === "Quantity" && value.quantity.nano === 0n)
      return Result.fail(`eviction threshold ${signal} must be positive: ${text}`)
    thresholds.push({ signal, value, gracePeriod: 0, minReclaim: undefined })
  }
  return Result.succeed(thresholds)
}

const withGrace = (
  soft: ReadonlyArray<Threshold>,
  periods: Statements = {}
): Result.Result<ReadonlyArray<Threshold>, string> => {
  const thresholds: Array<Threshold> = []
  for (const threshold of soft) {
    const period = periods[threshold.signal]
    if (period === undefined)
      return Result.fail(`grace period must be specified for the soft eviction threshold ${threshold.signal}`)
    const gracePeriod = parseDuration(period) ?? -1
    if (gracePeriod < 0)
      return Result.fail(`invalid eviction grace period specified: ${period}, must be a positive value`)
    thresholds.push({ ...threshold, gracePeriod })
  }
  return Result.succeed(thresholds)
}

/** What the pods' own cgroup may take is watched like the node's memory (addAllocatableThresholds). */
const withAllocatable = (thresholds: ReadonlyArray<Threshold>): ReadonlyArray<Threshold> => [
  ...thresholds,
  ...thresholds
    .filter(({ gracePeriod, signal }) => signal === "memory.available" && gracePeriod === 0)
    .map((threshold): Threshold => ({ ...threshold, signal: "allocatableMemory.available" }))
]

/** ParseThresholdConfig; fails with what is wrong. */
export const evictionConfig = (settings: EvictionSettings): Result.Result<EvictionConfig, string> => {
  const hard = parse(settings.evictionHard ?? DEFAULT_HARD)
  if (Result.isFailure(hard)) return Result.fail(hard.failure)
  const parsed = parse(settings.evictionSoft)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  const soft = withGrace(parsed.success, settings.evictionSoftGracePeriod)
  if (Result.isFailure(soft)) return Result.fail(soft.failure)
  const reclaims = parse(settings.evictionMinimumReclaim)
  if (Result.isFailure(reclaims)) return Result.fail(reclaims.failure)
  const thresholds = [...hard.success, ...soft.success].map((threshold) => ({
    ...threshold,
    minReclaim: reclaims.success.find(({ signal }) => signal === threshold.signal)?.value
  }))
  return Result.succeed({
    thresholds: withAllocatable(thresholds),
    pressureTransitionPeriod: parseDuration(settings.evictionPressureTransitionPeriod ?? "5m") ?? 300 * SECOND,
    maxPodGracePeriod: settings.evictionMaxPodGracePeriod ?? 0
  })
}
