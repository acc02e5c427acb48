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
      assert.strictEqual(events.at(-2)?._tag, "Gap")
      assert.deepStrictEqual(exported(events), linesOf(many).slice(0, events.length - 2))
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

const version = (type: string, resourceVersion: string, more: object = {}) =>
  JSON.stringify({
    type,
    object: {
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "a", namespace: "d", uid: "u", resourceVersion, ...more }
    }
  })
const told = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    if (event._tag === "Gap") return [`Gap ${event.cause}`]
    if (event._tag !== "ObjectChanged") return []
    const { name, resourceVersion } = event.object.metadata as { name?: string; resourceVersion: string }
    return [`${event.change} ${name ?? ""}${resourceVersion}${event.era === undefined ? "" : ` era ${event.era}`}`]
  })
const warnings = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "Warned" ? [event.message] : [])).join("\n")

describe("guarantee 8: a watch that kubectl wrote", () => {
  it.effect(
    "C-172: ends with the ERROR that it was sent, or without a word: a gap, and what it cannot show is said",
    () =>
      Effect.gen(function* () {
        const expired =
          '{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 5 (900)","reason":"Expired","code":410}}'
        const refused = yield* read([version("ADDED", "1"), expired].join("\n"))
        assert.deepStrictEqual(told(refused), ["ADDED a1", "ERROR undefined", "Gap expired"])
        const closed = yield* read(version("ADDED", "1"))
        assert.deepStrictEqual(told(closed), ["ADDED a1", "Gap closed"])
        assert.match(
          warnings(closed),
          /watch lines: 1 of them say no time, as kubectl writes them.*the version of the list .* is lost/
        )
        // A recorder that writes its times says itself what it missed.
        const timed = yield* read(version("ADDED", "1").replace("{", '{"observedAt":"2026-08-01T12:00:00.000Z",'))
        assert.deepStrictEqual([told(timed), warnings(timed)], [["ADDED a1"], ""])
      })
  )

  it.effect("C-167, C-168: tells a list from what was created after it by the bookmark that ends it", () =>
    Effect.gen(function* () {
      const bookmark = (annotations: object) =>
        JSON.stringify({
          type: "BOOKMARK",
          object: { kind: "Pod", apiVersion: "v1", metadata: { resourceVersion: "20", annotations } }
        })
      const lines = (annotations: object) => [
        version("ADDED", "1"),
        version("ADDED", "2", { name: "b", uid: "v" }),
        version("MODIFIED", "3"),
        // The wrapper around kubectl has begun anew.
        version("ADDED", "3"),
        bookmark(annotations),
        version("ADDED", "21", { name: "c", uid: "w" })
      ]
      const found = (events: ReadonlyArray<ClusterEvent>) => {
        const gap = events.find((event) => event._tag === "Gap" && event.found !== undefined)
        const names = gap?._tag === "Gap" ? [gap.found?.created, gap.found?.vanished] : []
        return names.map((refs) => refs?.map(({ name }) => name))
      }
      const marked = yield* read(lines({ "k8s.io/initial-events-end": "true" }).join("\n"))
      assert.deepStrictEqual(found(marked), [[], ["b"]])
      assert.deepStrictEqual(told(marked).slice(-4), ["Gap closed", "BOOKMARK 20", "ADDED c21", "Gap closed"])
      const plain = yield* read(lines({}).join("\n"))
      assert.deepStrictEqual(found(plain), [["c"], ["b"]])
    })
  )

  it.effect("whose versions run back was of a store that was restored: a gap, and another era", () =>
    Effect.gen(function* () {
      const other = { name: "b", uid: "v" }
      const events = yield* read(
        [
          version("ADDED", "9"),
          version("ADDED", "8", other),
          version("MODIFIED", "10"),
          version("MODIFIED", "9"),
          version("MODIFIED", "7", other),
          version("MODIFIED", "11")
        ].join("\n")
      )
      assert.deepStrictEqual(told(events), [
        "ADDED a9",
        "ADDED b8",
        "MODIFIED a10",
        "Gap restored",
        "MODIFIED a9 era 1",
        "MODIFIED b7 era 1",
        "MODIFIED a11 era 1",
        "Gap closed"
      ])
      // A list may be older than what was seen before it: it may come from a cache.
      const relisted = yield* read([version("ADDED", "9"), version("ADDED", "8"), version("MODIFIED", "9")].join("\n"))
      assert.notInclude(told(relisted), "Gap restored")
      const long = "170141183460469231731687303715884105727"
      const counted = yield* read(
        [version("ADDED", "9"), version("MODIFIED", "10"), version("MODIFIED", long)].join("\n")
      )
      assert.notInclude(told(counted), "Gap restored")
    })
  )

  it.effect(
    "S-374, C-384, C-389: of Events tells occurrences that no line shows, and that an expiry deletes nothing",
    () =>
      Effect.gen(function* () {
        const event = (type: string, resourceVersion: string, more: object) =>
          JSON.stringify({
            type,
            object: {
              kind: "Event",
              apiVersion: "v1",
              metadata: { name: "a.1", namespace: "d", uid: "e", resourceVersion },
              involvedObject: { kind: "Pod", name: "a", namespace: "d", uid: "u" },
              ...more
            }
          })
        const events = yield* read(
          [
            version("ADDED", "1"),
            event("ADDED", "2", { count: 1 }),
            event("MODIFIED", "3", { count: 2 }),
            event("MODIFIED", "4", { count: 7 }),
            event("MODIFIED", "5", { series: { count: 9 } }),
            event("DELETED", "6", { series: { count: 9 } })
          ].join("\n")
        )
        assert.deepStrictEqual(told(events).slice(0, 2), ["ADDED a1", "ADDED a.12"])
        assert.strictEqual(events.filter(({ _tag }) => _tag === "ObjectChanged").length, 6)
        assert.match(warnings(events), /Events: 5 occurrences were counted that no line shows/)
        assert.match(
          warnings(events),
          /Events: 1 were DELETED: they expire .* which deletes nothing else in the cluster/
        )
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
        ["ADDED", "ERROR", "Gap", "ADDED", "Gap", "Warned"]
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
