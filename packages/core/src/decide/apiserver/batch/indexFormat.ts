/** Completion indexes as users and controllers may write them (`pkg/apis/batch/validation/validation.go`, validateIndexesFormat). */
import { Result } from "effect"
import { atoi } from "../../../event/atoi.ts"

interface Interval {
  readonly first: number
  readonly last: number
}

/** One of `0`, `2-5`, or what is wrong with it. */
const parseInterval = (text: string, completions: number): Result.Result<Interval, string> => {
  const limits = text.split("-")
  if (limits.length > 2) {
    const rule = "violates the requirement that an index interval can have at most two parts separated by '-'"
    return Result.fail(`the fragment ${JSON.stringify(text)} ${rule}`)
  }
  const read: Array<number> = []
  for (const limit of limits) {
    const number = atoi(limit)
    if (Result.isFailure(number))
      return Result.fail(`cannot convert string to integer for index: ${JSON.stringify(limit)}`)
    if (number.success >= completions) return Result.fail(`too large index: ${JSON.stringify(limit)}`)
    read.push(number.success)
  }
  const [first = 0, last = first] = read
  if (limits.length > 1 && first >= last)
    return Result.fail(`non-increasing order, previous: ${first}, current: ${last}`)
  return Result.succeed({ first, last })
}

/** How many indexes, or what is wrong. */
export const countIndexes = (text: string, completions: number): Result.Result<number, string> => {
  if (text === "") return Result.succeed(0)
  let sum = 0
  let before: number | undefined
  for (const part of text.split(",")) {
    const interval = parseInterval(part, completions)
    if (Result.isFailure(interval)) return Result.fail(interval.failure)
    const { first, last } = interval.success
    if (before !== undefined && before >= first)
      return Result.fail(`non-increasing order, previous: ${before}, current: ${first}`)
    sum += last - first + 1
    before = last
  }
  return Result.succeed(sum)
}

const readable = (text: string, completions: number): ReadonlyArray<Interval> =>
  text.split(",").flatMap((part) => {
    const interval = parseInterval(part, completions)
    return Result.isSuccess(interval) ? [interval.success] : []
  })

/** validateFailedIndexesNotOverlapCompleted: the first index that is in both; what cannot be read is told elsewhere. */
export const overlappingIndex = (completed: string, failed: string, completions: number): number | undefined => {
  const [a, b] = [readable(completed, completions), readable(failed, completions)]
  let [i, j] = [0, 0]
  for (;;) {
    const [left, right] = [a[i], b[j]]
    if (left === undefined || right === undefined) return undefined
    if (left.first <= right.last && right.first <= left.last) return Math.max(left.first, right.first)
    if (left.first <= right.first) i++
    else j++
  }
}
