/** CPU and memory should run out together (`pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go`). */
import type { NodeInfo, PodInfo } from "./NodeInfo.ts"
import { MAX_NODE_SCORE, type ScorePlugin } from "./Plugin.ts"
import type { Resources } from "./Resources.ts"

const HALF = MAX_NODE_SCORE / 2

/** 100 when CPU and memory are used by the same share, 50 when one is full and the other unused. */
const balance = (milliCPU: number, bytes: number, allocatable: Resources): number => {
  if (allocatable.milliCPU === 0 || allocatable.memory === 0) return MAX_NODE_SCORE
  const cpu = Math.min(milliCPU / allocatable.milliCPU, 1)
  const memory = Math.min(bytes / allocatable.memory, 1)
  return Math.trunc((1 - Math.abs((cpu - memory) / 2)) * MAX_NODE_SCORE)
}

/** How much better the balance gets: from 0 to 100. */
export const scoreBalance = ({ requests }: PodInfo, { allocatable, requested }: NodeInfo): number => {
  const { memory, milliCPU } = requested
  const before = balance(milliCPU, memory, allocatable)
  const after = balance(milliCPU + requests.milliCPU, memory + requests.memory, allocatable)
  return HALF + Math.trunc((HALF + after - before) / 2)
}

export const balancedAllocation: ScorePlugin = {
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  prepare: ({ pod: { requests }, view }) =>
    requests.milliCPU === 0 && requests.memory === 0 ? undefined : { score: ({ slot }) => view.balance[slot] ?? 0 }
}
