/** Completion indexes in the short form of a Job's status, `0,2-5,7` (`pkg/controller/job/indexed_job_utils.go`, orderedIntervals; C-300). */
import { Result } from "effect"
import { atoi } from "../../../event/atoi.ts"

export interface Interval {
  readonly first: number
  readonly last: number
}

/** Disjoint, ascending, and never two that touch. */
export type OrderedIntervals = ReadonlyArray<Interval>

/** parseIndexesFromString: what cannot be read is left out, what is not below `completions` is cut off. */
export const parseIndexes = (text: string, completions: number): OrderedIntervals => {
  const found: Array<Interval> = []
  if (text === "") return found
  for (const part of text.split(",")) {
    const [low = "", high] = part.split("-")
    const first = atoi(low)
    if (Result.isFailure(first)) continue
    if (first.success >= completions) break
    const end = high === undefined ? first : atoi(high)
    if (Result.isFailure(end)) continue
    const last = high === undefined ? end.success : Math.min(end.success, completions - 1)
    const before = found.at(-1)
    if (before !== undefined && before.last === first.success - 1) found[found.length - 1] = { ...before, last }
    else found.push({ first: first.success, last })
  }
  return found
}

/** The indexes of both. */
export const merge = (a: OrderedIntervals, b: OrderedIntervals): OrderedIntervals => {
  const merged: Array<Interval> = []
  const add = (next: Interval): void => {
    const before = merged.at(-1)
    if (before === undefined || next.first > before.last + 1) merged.push(next)
    else if (before.last < next.last) merged[merged.length - 1] = { ...before, last: next.last }
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (right === undefined || (left !== undefined && left.first < right.first)) {
      add(left as Interval)
      i++
    } else {
      add(right)
      j++
    }
  }
  return merged
}

/** `indexes` in any order. */
export const withIndexes = (intervals: OrderedIntervals, indexes: Iterable<number>): OrderedIntervals =>
  merge(
    intervals,
    [...indexes].sort((a, b) => a - b).map((index) => ({ first: index, last: index }))
  )

/** How many indexes. */
export const total = (intervals: OrderedIntervals): number =>
  intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0)

/** By bisection: a Job may have 100,000 indexes. */
export const hasIndex = (intervals: OrderedIntervals, index: number): boolean => {
  let [low, high] = [0, intervals.length]
  while (high > low) {
    const middle = low + Math.floor((high - low) / 2)
    if ((intervals[middle]?.last ?? 0) >= index) high = middle
    else low = middle + 1
  }
  const found = intervals[high]
  return found !== undefined && found.first <= index
}

/** Two neighbours stand side by side, three and more are a range. */
export const intervalsText = (intervals: OrderedIntervals): string =>
  intervals
    .map(({ first, last }) => (last === first ? `${first}` : `${first}${last === first + 1 ? "," : "-"}${last}`))
    .join(",")
