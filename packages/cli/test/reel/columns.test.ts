import { zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { canonical, type Json } from "@kubereel/core"
import fc from "fast-check"
import { Block } from "../../src/reel/Block.ts"
import { GENESIS, open, sealBlock } from "../../src/reel/Container.ts"
import { outOfColumns } from "../../src/reel/columns.ts"
import { ShapeBook } from "../../src/reel/delta.ts"
import { Line, lineOf, wholeLine } from "../../src/reel/Line.ts"
import { changeOf, Trees } from "../../src/reel/Trees.ts"

const plain = ({ back, shape, text, values, version }: Line) => ({ back, shape, text, values, version })

const inColumns = (lines: ReadonlyArray<Line>): string => blockOf(lines).text()

const blockOf = (lines: ReadonlyArray<Line>): Block => {
  const block = new Block(new ShapeBook())
  for (const line of lines) block.add(line)
  return block
}

const through = (lines: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  outOfColumns(Buffer.from(inColumns(lines)), new ShapeBook()).map(lineOf)

const key = fc.constantFrom("a", "b", "a/b", "10", "9", "-", "+", "~", "=", "!", "__proto__", "ü")
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, 1, -1, 1.5, 2 ** 53 - 1, 2 ** 53, 1e21, "", "1", "x", "…", "\ud800", "a\nb"),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie("json")), { maxLength: 4 }).map((entries): Json => Object.fromEntries(entries))
  )
}))

/** Each against the one before, as a writer does; now and then one that is whole. */
const written = (versions: ReadonlyArray<Json>): ReadonlyArray<Line> => {
  const trees = new Trees()
  return versions.map((value, i) => {
    const before = versions[i - 1]
    if (before === undefined || i % 5 === 4) return wholeLine(1 + (i % 2), canonical({ value }))
    const base = trees.grow(undefined, { value: before })
    return new Line(1, 1 + (i % 3), changeOf(base, trees.grow(base, { value })))
  })
}

describe("the text of a block", () => {
  it("gives back every line, whatever stood in it, and is the same for the same lines", () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 12 }), (versions) => {
        const lines = written(versions)
        assert.deepStrictEqual(through(lines).map(plain), lines.map(plain))
        assert.strictEqual(inColumns(lines), inColumns(through(lines)))
      }),
      { numRuns: 500 }
    )
  })

  it("has each shape and each value of a place once, and whole numbers as differences", () => {
    const shape = '{"at":0,"object":{"~":{"0":{"name":0},"1":{"name":0}}}}'
    const lines = [
      new Line(1, 1, { shape, values: ["1000", '"a"', '"b"'] }),
      new Line(1, 2, { shape, values: ["1005", '"b"', '"c"'] }),
      wholeLine(2, '{"_tag":"Warned"}')
    ]
    assert.strictEqual(
      inColumns(lines),
      [
        '{"version":[1,1,2],"back":[1,2,0],"shape":[0,0,1]}',
        shape,
        "0",
        '{"+":[1000,5]}',
        '{"of":["a","b","c"],"at":[0,0,1,0]}',
        '[{"_tag":"Warned"}]'
      ].join("\n")
    )
  })
})

describe("guarantee 15: a block that does not match its digest", () => {
  const lines = written(Array.from({ length: 40 }, (_, i) => ({ turn: i, name: i % 2 === 0 ? "even" : `odd ${i}` })))
  const block = sealBlock(1, blockOf(lines), GENESIS)

  it.each([
    ["a value that one event has", '"odd 21"', '"odd 91"', 22],
    ["a number that later ones are counted from", '"+":[1,1,1,', '"+":[1,1,2,', 4],
    ["what cannot be parsed", '{"version"', '["version"', 1]
  ])("names the first event that is wrong: %s", (_, from, to, seq) => {
    const text = zstdDecompressSync(block.body as Buffer).toString()
    assert.include(text, from)
    const { damage, events } = open({ ...block, body: zstdCompressSync(text.replace(from, to)) }, 1)
    assert.strictEqual(damage?.seq, seq)
    assert.deepStrictEqual(
      events.map((event) => lineOf(event).text),
      lines.slice(0, seq - 1).map(({ text: line }) => line)
    )
  })
})
