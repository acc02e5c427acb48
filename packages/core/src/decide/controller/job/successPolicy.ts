/** When a Job has succeeded before all its indexes have (`pkg/controller/job/success_policy.go`; C-306). */
import type { JobSpec } from "../../../event/BatchObjects.ts"
import { type OrderedIntervals, parseIndexes, total } from "./OrderedIntervals.ts"

/** How many indexes are in both. */
const overlap = (a: OrderedIntervals, b: OrderedIntervals): number => {
  let [i, j, sum] = [0, 0, 0]
  for (;;) {
    const [left, right] = [a[i], b[j]]
    if (left === undefined || right === undefined) return sum
    sum += Math.max(Math.min(left.last, right.last) - Math.max(left.first, right.first) + 1, 0)
    if (left.last <= right.last) i++
    if (right.last <= left.last) j++
  }
}

/** What is said of the first rule that is met. */
export const matchSuccessPolicy = (
  { completions = 0, successPolicy }: JobSpec,
  succeeded: OrderedIntervals
): string | undefined => {
  if (succeeded.length === 0) return undefined
  const met = (successPolicy?.rules ?? []).findIndex(({ succeededCount, succeededIndexes }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && total(succeeded) >= succeededCount
    const required = parseIndexes(succeededIndexes, completions)
    if (required.length === 0) return false
    const done = overlap(required, succeeded)
    return done === total(required) || (succeededCount !== undefined && done >= succeededCount)
  })
  return met < 0 ? undefined : `Matched rules at index ${met}`
}
