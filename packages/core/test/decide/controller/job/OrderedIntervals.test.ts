import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  hasIndex,
  intervalsText,
  merge,
  parseIndexes,
  total,
  withIndexes
} from "../../../../src/decide/controller/job/OrderedIntervals.ts"

const indexSet = fc.uniqueArray(fc.nat({ max: 40 }))
const sorted = (indexes: Iterable<number>) => [...new Set(indexes)].sort((a, b) => a - b)
const listed = (intervals: ReturnType<typeof merge>) =>
  intervals.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

describe("completion indexes as intervals", () => {
  it("C-300: say every index once, however they are put together", () => {
    fc.assert(
      fc.property(indexSet, indexSet, (a, b) => {
        const both = merge(withIndexes([], a), withIndexes([], b))
        expect(listed(both)).toEqual(sorted([...a, ...b]))
        expect(total(both)).toBe(new Set([...a, ...b]).size)
        for (let index = 0; index < 42; index++)
          expect(hasIndex(both, index)).toBe(a.includes(index) || b.includes(index))
      })
    )
  })

  it("C-300: are read back as they were written", () => {
    fc.assert(
      fc.property(indexSet, fc.nat({ max: 45 }), (indexes, completions) => {
        const below = indexes.filter((index) => index < completions)
        expect(parseIndexes(intervalsText(withIndexes([], indexes)), completions)).toEqual(withIndexes([], below))
      })
    )
  })

  it("C-300: two neighbours stand side by side, three are a range", () => {
    expect(intervalsText(withIndexes([], [0, 1, 3, 5, 6, 7]))).toBe("0,1,3,5-7")
  })

  it.each([
    ["", 5, ""],
    ["0-3,7", 10, "0-3,7"],
    ["0,1,2,a,4", 10, "0-2,4"],
    ["1,2-x,5", 10, "1,5"],
    ["3-8,9", 5, "3,4"],
    ["7,8", 5, ""]
  ])("parseIndexesFromString(%j) of %i completions is %j", (text, completions, wanted) => {
    expect(intervalsText(parseIndexes(text, completions))).toBe(wanted)
  })
})
