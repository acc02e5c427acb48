import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { goDiff } from "../../../src/decide/apiserver/goDiff.ts"
import type { Json } from "../../../src/event/Json.ts"

const anyValue = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json)
const linesOf = (value: Json): ReadonlyArray<string> => JSON.stringify(value, null, 1).split("\n")

describe("the difference of two values, as refusals show it", () => {
  it("is none for what is the same", () => {
    fc.assert(fc.property(anyValue, (value) => goDiff(value, value) === ""))
  })

  it("has three lines around each change, and names the lines of both", () => {
    const before = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11 }
    const text = goDiff(before, { ...before, e: 50 })
    expect(text).toBe(
      `@@ -3,7 +3,7 @@\n  "b": 2,\n  "c": 3,\n  "d": 4,\n- "e": 5,\n+ "e": 50,\n  "f": 6,\n  "g": 7,\n  "h": 8,\n`
    )
  })

  it("shows changes that are far apart apart", () => {
    const before = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, i]))
    expect(goDiff(before, { ...before, f2: -1, f17: -1 }).match(/@@ -/g)).toHaveLength(2)
  })

  it("takes away lines of the first and adds lines of the second, and keeps the rest", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (before, after) => {
        const shown = goDiff(before, after).split("\n")
        const signed = (sign: string) => shown.filter((line) => line.startsWith(sign)).map((line) => line.slice(1))
        expect(linesOf(before)).toEqual(expect.arrayContaining(signed("-")))
        expect(linesOf(after)).toEqual(expect.arrayContaining(signed("+")))
        expect(linesOf(after).length - linesOf(before).length).toBe(signed("+").length - signed("-").length)
      })
    )
  })
})
