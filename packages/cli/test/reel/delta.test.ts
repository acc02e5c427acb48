import { assert, describe, it } from "@effect/vitest"
import { canonical, type Json } from "@kubereel/core"
import fc from "fast-check"
import { apply, type Change, diff } from "../../src/reel/delta.ts"
import { Sharing } from "../../src/reel/share.ts"

/** No backslashes, see the contract of event logs. */
const key = fc.oneof(
  fc.constantFrom("-", "=", "~", "<", "+", "!", "!-", "__proto__", "constructor", "10", "9", "a", "b"),
  fc.string({ maxLength: 2 }).filter((text) => !text.includes("\\"))
)
/** Own keys only, also where an assignment would reach the prototype. */
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.constantFrom<Json>(null, true, 0, -0, 1.5, "", "x"), fc.string({ unit: "binary" })),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("json")), { maxLength: 5 }).map((entries): Json => Object.fromEntries(entries))
  )
}))

const canonicalOf = (base: Json | undefined, next: Json): Json => new Sharing().share(base, next)
const throughText = (change: Change | undefined): Change => JSON.parse(JSON.stringify(change ?? {})) as Change

describe("the canonical form of a value", () => {
  it("is that value, whatever it was before, and the text of an ordered one is canonical JSON", () => {
    fc.assert(
      fc.property(json, json, (before, next) => {
        const sharing = new Sharing()
        const value = sharing.share(canonicalOf(undefined, before), next)
        assert.strictEqual(canonical(value), canonical(next))
        if (sharing.isOrdered) assert.strictEqual(JSON.stringify(value), canonical(next))
      }),
      { numRuns: 1_000 }
    )
  })

  it("is the earlier value itself where nothing changed", () => {
    fc.assert(
      fc.property(json, (value) => {
        const base = canonicalOf(undefined, { value })
        assert.strictEqual(canonicalOf(base, { value }), base)
      })
    )
  })

  it("shares the parts that did not change, and leaves what it was given alone", () => {
    const next = Object.freeze({ spec: Object.freeze({ b: 1, a: [1, { c: 2 }] }), status: "new" })
    const base = canonicalOf(undefined, { status: "old", spec: { a: [1, { c: 2 }], b: 1 } }) as { spec: Json }
    assert.strictEqual((canonicalOf(base, next) as { spec: Json }).spec, base.spec)
    assert.deepStrictEqual(Object.keys(next.spec), ["b", "a"])
  })

  it("knows keys that JavaScript puts in another order", () => {
    const sharing = new Sharing()
    sharing.share(undefined, { data: { 10: "", 9: "", "-": "" } })
    assert.isFalse(sharing.isOrdered)
  })
})

describe("the difference of two values", () => {
  it("makes the second of the first, and leaves the first as it was", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const base = canonicalOf(undefined, { value: before })
        const next = canonicalOf(base, { value: after })
        const text = canonical(base)
        assert.strictEqual(canonical(apply(base, throughText(diff(base, next)))), canonical({ value: after }))
        assert.strictEqual(canonical(base), text)
      }),
      { numRuns: 1_000 }
    )
  })

  it.each<readonly [Json, Json, Change]>([
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
    [{ a: 1 }, { b: null }, { b: null, "-": ["a"] }],
    [
      { a: [{ x: 1, y: 1 }, 2] },
      { a: [{ x: 2, y: 1 }, 2, { z: 3 }] },
      { a: { "~": { 0: { x: 2 } }, "+": [{ z: 3 }] } }
    ],
    [{ a: [1, 2, 3] }, { a: [1] }, { a: { "~": {}, "<": 1 } }],
    [{ a: 1 }, { a: { "-": 1 } }, { a: { "=": { "-": 1 } } }],
    [{ a: {} }, { a: { "-": 1 } }, { a: { "!-": 1 } }]
  ])("of %j and %j is %j", (before, after, change) => {
    const base = canonicalOf(undefined, before)
    assert.deepStrictEqual(diff(base, canonicalOf(base, after)), change)
  })

  it("refuses a base of another shape", () => {
    assert.throws(() => apply({ a: 1 }, { a: { "~": {} } }))
    assert.throws(() => apply({ a: 1 }, { a: { b: 2 } }))
  })
})
