import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, canonical, type Json, makeRedactor, toWatchLine } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import { contentKey, importWatchLines, redactionNotice, textKey } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-import-"))
afterAll(() => rmSync(folder, { recursive: true }))

const recording = gunzipSync(
  readFileSync(join(import.meta.dirname, "../../../../recordings/crash-loop.1.jsonl.gz"))
).toString()
let files = 0
const file = (content: string | Buffer): string => {
  const name = join(folder, `${++files}`)
  writeFileSync(name, content)
  return name
}

const read = (content: string | Buffer) => Stream.runCollect(importWatchLines(file(content)))
const refusal = (content: string | Buffer) =>
  Effect.map(Effect.flip(read(content)), ({ message }) => message.slice(folder.length + 1).replace(/^\d+/, "FILE"))

const exported = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    const line = toWatchLine(event)
    return line === undefined ? [] : [canonical(line)]
  })
const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .trim()
    .split("\n")
    .map((line) => canonical(JSON.parse(line) as Json))

const pod = (name: string, more: object = {}) =>
  JSON.stringify({ type: "ADDED", object: { kind: "Pod", apiVersion: "v1", metadata: { name }, ...more } })

describe("an import of watch lines", () => {
  it.effect.each([
    ["plain", recording],
    ["gzip", gzipSync(recording)],
    ["zstd", zstdCompressSync(recording)],
    ["two gzip files joined", Buffer.concat([gzipSync(recording.slice(0, 5_000)), gzipSync(recording.slice(5_000))])],
    ["with carriage returns, empty lines and a byte order mark", `\uFEFF${recording.replaceAll("\n", "\r\n\r\n")}`],
    ["without a line feed at the end", recording.trimEnd()]
  ] as const)("reads every line: %s", ([, content]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(exported(yield* read(content)), linesOf(recording))
    })
  )

  it.effect("reads the same wherever the pieces of the file begin and end", () =>
    Effect.gen(function* () {
      // Lines around the size of a piece, with letters of two and four bytes across its border.
      const lines = Array.from({ length: 12 }, (_, i) => pod(`p${i}`, { note: "é😀".repeat(5_000 + 2_221 * i) }))
      assert.deepStrictEqual(exported(yield* read(lines.join("\n"))), linesOf(lines.join("\n")))
    })
  )
})

describe("a recording that was cut off", () => {
  it.effect("shows a last line that was torn off as a gap, and keeps the rest", () =>
    Effect.gen(function* () {
      const lines = recording.trimEnd().split("\n")
      const events = yield* read(recording.trimEnd().slice(0, -20))
      assert.deepStrictEqual(exported(events), linesOf(lines.slice(0, -1).join("\n")))
      const gap = events.at(-1)
      assert.isTrue(
        gap?._tag === "Gap" &&
          gap.cause === "truncated" &&
          gap.detail.includes(`:${lines.length}: the last line is cut off`)
      )
    })
  )

  it.effect.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync]
  ] as const)("shows %s data that ends too early as one gap", ([, compress]) =>
    Effect.gen(function* () {
      // Incompressible and long enough that something has come out before the cut.
      const many = Array.from({ length: 4_000 }, (_, i) =>
        pod(`p${i}`, { note: Math.sin(i).toString(36).repeat(20) })
      ).join("\n")
      const whole = compress(many)
      const events = yield* read(whole.subarray(0, whole.length - 100))
      assert.deepStrictEqual(
        events.filter(({ _tag }) => _tag === "Gap").map((event) => (event._tag === "Gap" ? event.cause : "")),
        ["truncated"]
      )
      assert.strictEqual(events.at(-1)?._tag, "Gap")
      assert.deepStrictEqual(exported(events), linesOf(many).slice(0, events.length - 1))
      assert.isAbove(events.length, 1_000)
    })
  )
})

describe("what is no recording", () => {
  it.effect.each([
    ["", "FILE: is empty; a recording has at least one watch line"],
    ["\n\n", "FILE: is empty; a recording has at least one watch line"],
    [
      "hello",
      "FILE:1: the line is not JSON; a recording has one watch event a line (`kubectl get -w --output-watch-events -o json`)"
    ],
    [`${pod("a")}\n{"type":\n${pod("b")}\n`, "FILE:2: the line is not JSON"],
    [`${pod("a")}\n{"type":\n`, "FILE:2: the line is not JSON"],
    [`${pod("a")}\n{"type":"ADDED","object":{}}`, "FILE:2: `object` must have `kind` and `metadata.name`"],
    [
      Buffer.concat([Buffer.from(`${pod("a")}\n`), Buffer.from([0x22, 0xff, 0x22, 0x0a])]),
      "FILE:2: the line is not UTF-8"
    ],
    [gzipSync("x").fill(0xff, 10, 14), "FILE: the compressed data is damaged; fetch the file again"],
    [
      gzipSync(recording).subarray(0, 12),
      "FILE: the compressed data ends too early and nothing could be read; fetch the file again"
    ]
  ] as const)("refuses what is no recording, with its place: %#", ([content, message]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusal(content), message)
    })
  )

  it.effect("refuses one endless line instead of keeping it", () =>
    Effect.gen(function* () {
      assert.match(
        yield* refusal(`${pod("a")}\n"${"x".repeat(33 * 1024 * 1024)}`),
        /^FILE:2: line 2 is longer than 32 MiB/
      )
    })
  )

  it.effect.each([
    ["nowhere.jsonl", /nowhere.jsonl: no such file$/],
    [".", /is a directory/]
  ] as const)("says what is wrong with %s", ([name, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Stream.runCollect(importWatchLines(join(folder, name))))
      assert.match(error.message, message)
    })
  )
})

describe("an import", () => {
  it.effect("turns the end of a watch into a gap and keeps its line", () =>
    Effect.gen(function* () {
      const error = '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}'
      const events = yield* read([pod("a"), error, pod("a")].join("\n"))
      assert.deepStrictEqual(
        events.map((event) => (event._tag === "ObjectChanged" ? event.change : event._tag)),
        ["ADDED", "ERROR", "Gap", "ADDED"]
      )
    })
  )

  it.effect("hides secrets under a key of the files, and says how many", () =>
    Effect.gen(function* () {
      const name = file(pod("a", { spec: { containers: [{ env: [{ name: "TOKEN", value: "canary" }] }] } }))
      const key = yield* contentKey([name])
      const redactor = makeRedactor(key)
      const events = yield* Stream.runCollect(
        Stream.concat(importWatchLines(name, { redactor }), redactionNotice(redactor))
      )
      assert.notInclude(JSON.stringify(events), "canary")
      assert.deepStrictEqual(events.at(-1), {
        _tag: "Warned",
        message: "redacted before writing (policy 2): 1 environment values"
      })
      assert.deepStrictEqual(key, yield* contentKey([name]))
      assert.notDeepEqual(key, yield* contentKey([name, name]))
      assert.notDeepEqual(textKey("a"), textKey("b"))
    })
  )
})
