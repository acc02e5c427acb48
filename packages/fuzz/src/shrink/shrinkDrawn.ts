/** fast-check's own way to a smaller value, with the same words for it: a path says which of the smaller ones was taken each time. */
import type { JsonObject } from "@kubereel/core"
import type fc from "fast-check"
import type { Search } from "./Search.ts"

/** So many in a row that do not fail, or are no other documents, and the passes over the document get further. */
const PATIENCE = 100

/**
 * Goes from a failing value to a smaller one that fails, as long as there is one within reach.
 *
 * The answer is the path as fast-check writes it: `fc.assert(…, { seed, path })` gets there again.
 */
export const shrinkDrawn = (
  arbitrary: fc.Arbitrary<JsonObject>,
  drawn: fc.Value<JsonObject>,
  search: Search,
  most: number
): string => {
  const path = [0]
  const last = search.runs + most
  let found: fc.Value<JsonObject> | undefined = drawn
  while (found !== undefined) {
    const from: fc.Value<JsonObject> = found
    found = undefined
    let place = 0
    for (const smaller of arbitrary.shrink(from.value, from.context)) {
      if (place >= PATIENCE || search.runs >= last || search.isCutShort) break
      if (search.try(smaller.value)) {
        path.push(place)
        found = smaller
        break
      }
      place++
    }
  }
  return path.join(":")
}
