import { assert, describe, it } from "@effect/vitest"
import { canonical, type Json } from "@kubereel/core"
import fc from "fast-check"
import { apart, carryOut } from "../../src/reel/delta.ts"
import type { Change } from "../../src/reel/Line.ts"
import { type Branch, changeOf, type Tree, Trees, textOf } from "../../src/reel/Trees.ts"

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

/** A version after another. */
const grown = (before: Json, next: Json): readonly [base: Tree, next: Tree] => {
  const trees = new Trees()
  const base = trees.grow(undefined, before)
  return [base, trees.grow(base, next)]
}
/** As it comes back out of a file. */
const applied = (base: Json, { shape, values }: Change): Json =>
  carryOut(apart(JSON.parse(shape) as Json).shape.part, base, {
    value: (place) => JSON.parse(values[place] ?? "") as Json
  })
const NOTHING: Change = { shape: "{}", values: [] }

describe("the tree of a value", () => {
  it("has its canonical text, whatever it was before", () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), (versions) => {
        const trees = new Trees()
        let tree: Tree | undefined
        for (const version of versions) {
          tree = trees.grow(tree, version)
          assert.strictEqual(textOf(tree), canonical(version))
        }
      }),
      { numRuns: 1_000 }
    )
  })

  it("has the text of a large value, too, of which a small part changes again and again", () => {
    const trees = new Trees()
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`key-${(i * 7) % 200}`, { a: "x".repeat(i) }])
    )
    let tree = trees.grow(undefined, many)
    for (let i = 0; i < 20; i++) {
      const next = { ...many, [`key-${i}`]: [i, { b: i }], ...(i % 3 === 0 ? { [`new ${i}`]: {} } : {}) }
      tree = trees.grow(tree, next)
      assert.strictEqual(textOf(tree), canonical(next))
    }
  })

  it("is the earlier one itself where nothing changed", () => {
    fc.assert(
      fc.property(json, (value) => {
        const [base, next] = grown({ value }, structuredClone({ value }))
        assert.strictEqual(next, base)
      })
    )
  })

  it("shares the parts that did not change, and leaves what it was given alone", () => {
    const next = Object.freeze({ spec: Object.freeze({ b: 1, a: [1, { c: 2 }] }), status: "new" })
    const [before, after] = grown({ spec: { b: 1, a: [1, { c: 2 }] }, status: "old" }, next) as [Branch, Branch]
    assert.notStrictEqual(after, before)
    assert.strictEqual(after.items[0], before.items[0])
  })

  it("is the same for a key that is absent and one that is undefined", () => {
    const [base, next] = grown({ a: 1, c: 2 }, { a: 1, b: undefined, c: 2 } as unknown as Json)
    assert.strictEqual(textOf(next), '{"a":1,"c":2}')
    assert.deepStrictEqual(changeOf(base, next), NOTHING)
  })
})

describe("the change between two values", () => {
  it("makes the second of the first, and leaves the first as it was", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const [base, next] = grown({ value: before }, { value: after })
        const first: Json = { value: before }
        const text = canonical(first)
        assert.strictEqual(canonical(applied(first, changeOf(base, next))), canonical({ value: after }))
        assert.strictEqual(canonical(first), text)
      }),
      { numRuns: 1_000 }
    )
  })

  it("is nothing, or writes keys in one order, however the keys of the values were ordered", () => {
    const [base, next] = grown({ a: 1, b: { c: 1, d: [{ e: 1, f: 2 }] } }, { b: { d: [{ f: 2, e: 1 }], c: 1 }, a: 1 })
    assert.deepStrictEqual(changeOf(base, next), NOTHING)
    assert.deepStrictEqual(changeOf(...grown({ a: 1, b: 2, c: 3 }, { c: 4, d: 6, a: 5 })), {
      shape: '{"a":0,"c":0,"d":0,"-":["b"]}',
      values: ["5", "4", "6"]
    })
  })

  it.each<readonly [before: Json, after: Json, shape: string, values: ReadonlyArray<string>]>([
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, '{"b":0}', ["3"]],
    [{ a: 1 }, { b: null }, '{"b":0,"-":["a"]}', ["null"]],
    [
      { a: [{ x: 1, y: 1 }, 2] },
      { a: [{ x: 2, y: 1 }, 2, { z: 3 }] },
      '{"a":{"~":{"0":{"x":0}},"+":0}}',
      ["2", '[{"z":3}]']
    ],
    [{ a: [1, 2, 3] }, { a: [1] }, '{"a":{"~":{},"<":1}}', []],
    [{ a: 1 }, { a: { "-": 1 } }, '{"a":0}', ['{"-":1}']],
    [{ a: {} }, { a: { "-": 1 } }, '{"a":{"!-":0}}', ["1"]]
  ])("of %j and %j is %s with %j", (before, after, shape, values) => {
    assert.deepStrictEqual(changeOf(...grown(before, after)), { shape, values })
  })

  it.each<readonly [change: Json, shape: string, values: ReadonlyArray<Json>]>([
    [{ b: { "=": { c: 1 } }, a: 1, "-": ["d"] }, '{"a":0,"b":0,"-":["d"]}', [1, { c: 1 }]],
    [{ a: { "~": { 2: { "!-": [1] } }, "<": 4, "+": [{}] } }, '{"a":{"~":{"2":{"!-":0}},"<":4,"+":0}}', [[1], [{}]]],
    [[1], "0", [[1]]]
  ])("was written by formats 1 and 2 as %j", (change, shape, values) => {
    const found = apart(change)
    assert.deepStrictEqual([found.shape.text, found.values], [shape, values])
  })

  it("refuses a base of another shape", () => {
    for (const shape of ['{"a":{"~":{}}}', '{"a":{"b":0}}', '{"a":{}}'])
      assert.throws(() => applied({ a: 1 }, { shape, values: ["2"] }))
  })
})
