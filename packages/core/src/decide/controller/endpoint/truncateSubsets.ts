/** Endpoints hold a thousand addresses at most (`pkg/controller/endpoint/endpoints_controller.go`, truncateEndpoints). */
import type { Json, JsonObject } from "../../../event/Json.ts"
import { entries } from "../../apiserver/fields.ts"

const MAX_CAPACITY = 1_000

const LISTS = ["addresses", "notReadyAddresses"] as const
type List = (typeof LISTS)[number]

const count = (subsets: ReadonlyArray<JsonObject>, list: List): number =>
  subsets.reduce((sum, subset) => sum + entries(subset, list).length, 0)

export const isOverCapacity = (subsets: ReadonlyArray<JsonObject>): boolean =>
  LISTS.reduce((sum, list) => sum + count(subsets, list), 0) > MAX_CAPACITY

const without = (subset: JsonObject, list: List): JsonObject =>
  Object.fromEntries(Object.entries(subset).filter(([key]) => key !== list))

const cut = (subset: JsonObject, list: List, most: number): JsonObject => {
  const kept: ReadonlyArray<Json> = entries(subset, list).slice(0, most)
  return kept.length === 0 ? without(subset, list) : { ...subset, [list]: kept }
}

/** As many of each subset as is its share; those that are ready before the others. Only of what is over capacity. */
export const truncateSubsets = (subsets: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  const ready = count(subsets, "addresses")
  const list: List = ready > MAX_CAPACITY ? "addresses" : "notReadyAddresses"
  const most = list === "addresses" ? MAX_CAPACITY : MAX_CAPACITY - ready
  const all = count(subsets, list)
  let left = most
  return subsets.map((subset) => {
    const length = entries(subset, list).length
    // The shares are rounded up: the last subset gets what is left.
    const share = Math.min(Math.ceil((length / all) * most), left)
    left -= Math.min(share, length)
    const kept = cut(subset, list, share)
    return list === "addresses" ? without(kept, "notReadyAddresses") : kept
  })
}
