/** Steps: blocks of them, then single ones, then two at a time. */
import type { JsonObject } from "@kubereel/core"
import { applying, manifestsOf, microsOf, stepsOf, withSteps } from "../document.ts"
import { reduceList, reducePairs } from "../reduceList.ts"
import type { Search } from "../Search.ts"

/** With more of them there are too many pairs. */
const MOST_FOR_PAIRS = 16

export const dropSteps = (search: Search): void => {
  const all = search.current
  const holds = (kept: ReadonlyArray<JsonObject>) => search.try(withSteps(all, kept))
  const left = reduceList(stepsOf(all), holds)
  if (left.length <= MOST_FOR_PAIRS) reducePairs(left, holds)
}

/** What is applied at the same moment is applied in one step. */
export const mergeSteps = (search: Search): void => {
  const merged: Array<JsonObject> = []
  for (const step of stepsOf(search.current)) {
    const before = merged.at(-1)
    const same =
      before?.["apply"] !== undefined && step["apply"] !== undefined && microsOf(before["at"]) === microsOf(step["at"])
    if (before !== undefined && same)
      merged[merged.length - 1] = applying(before, [...manifestsOf(before), ...manifestsOf(step)])
    else merged.push(step)
  }
  search.try(withSteps(search.current, merged))
}
