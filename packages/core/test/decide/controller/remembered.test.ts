import fc from "fast-check"
import { expect, test } from "vitest"
import { madeOnce, rememberedEqual } from "../../../src/decide/controller/remembered.ts"
import { type JsonObject, jsonEqual } from "../../../src/event/Json.ts"

test("of an object something is made once, of an equal one again", () => {
  let made = 0
  const count = madeOnce(() => ++made)
  const [a, b]: ReadonlyArray<JsonObject> = [{ x: 1 }, { x: 1 }]
  if (a === undefined || b === undefined) throw new Error("two objects were made")
  expect([count(a), count(a), count(b), count(a)]).toEqual([1, 1, 2, 1])
})

test("in whatever order objects are compared, what is remembered is what jsonEqual says", () => {
  const objects = fc.array(fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom<null | number>(0, 1, null)), {
    minLength: 1,
    maxLength: 4
  })
  const pairs = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 })
  fc.assert(
    fc.property(objects, pairs, (all: ReadonlyArray<JsonObject>, asked) => {
      for (const [i, j] of asked) {
        const [a = {}, b = {}] = [all[i % all.length], all[j % all.length]]
        expect(rememberedEqual(a, b)).toBe(jsonEqual(a, b))
      }
    })
  )
})
