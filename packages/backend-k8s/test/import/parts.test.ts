import { readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { ExternalSort, keyParts, sortKey } from "../../src/import/ExternalSort.ts"
import { JsonSplitter } from "../../src/import/JsonSplitter.ts"

const split = (text: string, sizes: ReadonlyArray<number>) => {
  const splitter = new JsonSplitter()
  const bytes = Buffer.from(text)
  const out: Array<ReadonlyArray<unknown>> = []
  let from = 0
  const push = (to: number) => {
    for (const { kind, text } of splitter.push(bytes.subarray(from, to))) out.push([kind, JSON.parse(text.toString())])
    from = to
  }
  for (const size of sizes) push(Math.min(bytes.length, from + size))
  push(bytes.length)
  return { out, isOpen: splitter.isOpen }
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 200 })
const json = fc.jsonValue({ maxDepth: 4 })
const object = fc.dictionary(
  fc.string().filter((key) => !["items", "events", "logEvents", "__proto__"].includes(key)),
  json
)

describe("values cut out of bytes", () => {
  it("are the values, however they are laid out and wherever the pieces end", () => {
    fc.assert(
      fc.property(
        fc.array(object, { maxLength: 5 }),
        sizes,
        fc.constantFrom(undefined, 1, 2),
        (values, cuts, indent) => {
          const text = values.map((value) => JSON.stringify(value, undefined, indent)).join("\n")
          const plain = values.map((value) => JSON.parse(JSON.stringify(value)) as unknown)
          assert.deepStrictEqual(split(text, cuts), { out: plain.map((value) => ["value", value]), isOpen: false })
        }
      )
    )
  })

  it("come one by one out of a list, whatever stands before and after it", () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 5 }), object, object, sizes, (items, before, after, cuts) => {
        const list = { ...before, items, ...after }
        const { out } = split(JSON.stringify(list, undefined, 1), cuts)
        const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown
        assert.deepStrictEqual(out, [
          ...items.map((item) => ["entry", plain(item)]),
          ["value", plain({ ...list, items: [] })]
        ])
      })
    )
  })

  it("tell a value that is cut off", () => {
    assert.isTrue(split('{"items":[{"a":1},{"b":', []).isOpen)
    assert.isFalse(split('{"items":[{"a":1}]}', []).isOpen)
  })
})

describe("a sort of more than fits into memory", () => {
  const record = fc.tuple(
    fc.stringMatching(/^[a-c ü]{0,3}$/),
    fc.integer({ min: -9, max: 12 }),
    fc.string({ maxLength: 6 })
  )
  const drain = async (sort: ExternalSort) => {
    const out: Array<readonly [string, string]> = []
    for await (const { key, text } of sort.sorted()) out.push([key, text])
    sort.close()
    return out
  }

  it("gives the same as one in memory, and leaves no file behind", async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("kubereel-sort-")).length
    const before = left()
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 60 }), async (records) => {
        const [small, large] = [new ExternalSort(200), new ExternalSort()]
        for (const [name, at, text] of records) {
          small.add(sortKey(name, at), JSON.stringify(text))
          large.add(sortKey(name, at), JSON.stringify(text))
        }
        const sorted = await drain(large)
        assert.deepStrictEqual(await drain(small), sorted)
        assert.strictEqual(sorted.length, records.length)
      }),
      { numRuns: 40 }
    )
    assert.strictEqual(left(), before)
  })

  it("reads only so many runs at a time", async () => {
    const sort = new ExternalSort(1)
    const numbers = Array.from({ length: 300 }, (_, i) => (i * 7919) % 300)
    for (const number of numbers) sort.add(sortKey(number), String(number))
    assert.deepStrictEqual(
      (await drain(sort)).map(([, text]) => Number(text)),
      numbers.toSorted((a, b) => a - b)
    )
  })

  it("orders parts one after the other, numbers as numbers", async () => {
    const sort = new ExternalSort()
    for (const [name, at] of [
      ["b", 1],
      ["a", 10],
      ["a", 9],
      ["a", -5],
      ["ab", 0]
    ] as const)
      sort.add(sortKey(name, at), `${name}${at}`)
    assert.deepStrictEqual(
      (await drain(sort)).map(([, text]) => text),
      ["a-5", "a9", "a10", "ab0", "b1"]
    )
    assert.strictEqual(keyParts(sortKey("a", "b", 3), 2), sortKey("a", "b"))
  })
})
