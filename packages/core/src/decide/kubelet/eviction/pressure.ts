/** How a scenario makes a node run short: what a `node` step's `pressure` stands for. */
import { type EvictionConfig, type Signal, thresholdQuantity } from "./Threshold.ts"

export type PressureResource = "memory" | "disk" | "pids"

export interface Pressure {
  readonly resource: PressureResource
  /** So much is left: bytes, or processes. `undefined`: half of what the kubelet's lowest threshold asks for. */
  readonly available: number | undefined
}

const signalsOf: { readonly [resource in PressureResource]: ReadonlyArray<Signal> } = {
  memory: ["memory.available"],
  disk: ["nodefs.available", "imagefs.available"],
  pids: ["pid.available"]
}

/** What is left under pressure if nobody says; `undefined`: the kubelet has no threshold for it and will not mind. */
export const pressureLimit = (
  { thresholds }: EvictionConfig,
  resource: PressureResource,
  capacity: number
): number | undefined => {
  const limits = thresholds
    .filter(({ signal }) => signalsOf[resource].includes(signal))
    .map(({ value }) => thresholdQuantity(value, capacity))
  return limits.length === 0 ? undefined : Math.floor(Math.min(...limits) / 2)
}
