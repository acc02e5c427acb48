/** What must hold for every format alike. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, type JsonObject, makeRedactor } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import { stringify } from "yaml"
import { importRecordings, type RecordingOptions, recognise } from "../../src/index.ts"
import { asFile, asFolder } from "./formats.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-formats-"))
afterAll(() => rmSync(folder, { recursive: true }))
let written = 0

/** The objects in one format, as the user would name them. */
const laidOut = (
  format: string,
  objects: ReadonlyArray<JsonObject>,
  change = (content: string): string => content
): string => {
  const path = join(folder, `${++written}`)
  const single = asFile[format]
  const files = single === undefined ? (asFolder[format]?.(objects) ?? {}) : { "": single(objects) }
  for (const [name, content] of Object.entries(files)) {
    const file = name === "" ? path : join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, change(content))
  }
  return path
}

const read = (path: string, options: RecordingOptions = {}) =>
  Effect.gen(function* () {
    return yield* Stream.runCollect(importRecordings([yield* Effect.promise(() => recognise(path))], options))
  })

const formats = [...Object.keys(asFile), ...Object.keys(asFolder)]

const meta = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  namespace: "d",
  uid: `uid-${name}`,
  resourceVersion: "7",
  ...more
})

const warnings = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "Warned" ? [event.message] : [])).join("\n")

describe("guarantee 18: no secret of a recording comes out of its import", () => {
  const canary = "hunter2-canary"
  const container = {
    name: "c",
    image: "i",
    env: [{ name: "PASSWORD", value: canary }],
    args: [`--db=postgres://bob:${canary}@db/x`]
  }
  const applied = { "kubectl.kubernetes.io/last-applied-configuration": `{"password":"${canary}"}` }
  const objects: ReadonlyArray<JsonObject> = [
    { apiVersion: "v1", kind: "Pod", metadata: meta("p", { annotations: applied }), spec: { containers: [container] } },
    { apiVersion: "v1", kind: "Secret", metadata: meta("s"), data: { a: canary }, stringData: { b: canary } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: meta("c"), data: { a: canary }, binaryData: { b: canary } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta("w"),
      spec: { template: { metadata: { annotations: applied }, spec: { initContainers: [container] } } }
    },
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: meta("e"),
      involvedObject: { kind: "Pod", name: "p", namespace: "d" },
      message: `cannot reach https://bob:${canary}@registry/v2`
    }
  ]

  it.effect.each(formats)("%s", (format) =>
    Effect.gen(function* () {
      const path = laidOut(format, objects)
      const redactor = makeRedactor(new Uint8Array(32))
      const events = yield* read(path, { redactor })
      assert.isAbove(events.filter(({ _tag }) => _tag === "ObjectChanged").length, 4)
      assert.notInclude(JSON.stringify(events), canary)
      for (const [rule, hidden] of Object.entries(redactor.counts())) assert.isAbove(hidden, 0, rule)
      // It was there to be hidden.
      assert.include(JSON.stringify(yield* read(path)), canary)
    })
  )
})

describe("a number that has more digits than a double", () => {
  const pod = (name: string): JsonObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: meta(name),
    spec: { containers: [], n: "MARK" }
  })
  it.effect.each(formats)("is rounded and said to be: %s", (format) =>
    Effect.gen(function* () {
      const said = (number: string) =>
        Effect.map(
          read(laidOut(format, [pod("a"), pod("b")], (content) => content.replaceAll(/(\\?")?MARK(\\?")?/g, number))),
          warnings
        )
      for (const number of ["9007199254740993", "-9007199254740993", "0.1000000000000000055511151231257827", "1e400"])
        assert.include(yield* said(number), `the number ${number} has more digits than can be kept; it was rounded`)
      for (const number of ["9007199254740992", "0.30000000000000004", "1.50", "0", "1e100"])
        assert.notInclude(yield* said(number), "more digits", number)
    })
  )
})

describe("every format says at its end what it cannot show", () => {
  const audit =
    /audit log: it cannot show what stood before its first line, what the policy leaves out .*, objects that the API server itself expires \(Events\), and what a full buffer dropped/
  const objects =
    /objects without watch events: they show what was, not what became of it; what came before, between and after is not known, and no deletion is seen/
  const moment = (kind: string) =>
    new RegExp(`${kind}: 1 objects of one moment; .* they need not fit together, and what became of them is not known`)
  const limits: { readonly [format: string]: RegExp } = {
    "watch lines": /watch lines: 1 of them say no time, as kubectl writes them/,
    "watch lines as YAML": /watch lines: 1 of them say no time/,
    "audit log": audit,
    "webhook's EventList": audit,
    "Google's log": audit,
    "CloudWatch's subscription": audit,
    list: objects,
    "list as YAML": objects,
    "states without watch events": objects,
    "recording of kwok":
      /kwok recording: objects have no resourceVersions, a deletion has no last state, kinds that kwok leaves out .* are missing, and where its watch was closed it heard nothing more/,
    "must-gather": moment("must-gather"),
    "troubleshoot bundle": moment("troubleshoot support bundle"),
    "rancher bundle": moment("rancher support bundle"),
    "crust-gather": moment("crust-gather")
  }
  it("which is known of each", () => assert.sameMembers(Object.keys(limits), formats))

  it.effect.each(formats)("%s", (format) =>
    Effect.gen(function* () {
      const pod: JsonObject = { apiVersion: "v1", kind: "Pod", metadata: meta("a"), spec: { containers: [] } }
      const events = yield* read(laidOut(format, [pod]))
      assert.match(warnings(events.slice(-5)), limits[format] ?? /^$/)
    })
  )
})

describe("a file that was cut off gives everything before the cut, and a gap", () => {
  // Words that cannot be compressed, so that there are several blocks of them.
  const noise = (seed: number): string =>
    Array.from({ length: 500 }, (_, i) => (Math.imul(seed * 500 + i + 1, 0x9e3779b1) >>> 0).toString(36)).join("-")
  const pods = Array.from(
    { length: 200 },
    (_, i): JsonObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: meta(`p${i}`, { annotations: { noise: noise(i) } }),
      spec: { containers: [] }
    })
  )
  const names = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> => {
    const all = events.flatMap((event) =>
      event._tag === "ObjectChanged" ? [String((event.object.metadata as JsonObject).name)] : []
    )
    return [...new Set(all)].toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  }
  const packings: { readonly [name: string]: (bytes: Buffer) => Buffer } = {
    "as it is": (bytes) => bytes,
    gzip: gzipSync,
    zstd: zstdCompressSync
  }
  /** What is one value as a whole is nothing in part. */
  const isOne = (format: string): boolean => /^(?:list as YAML|CloudWatch's subscription)$/.test(format)

  it.effect.each(
    Object.keys(asFile).flatMap((format) => Object.keys(packings).map((packing) => [format, packing] as const))
  )("%s, %s", ([format, packing]) =>
    Effect.gen(function* () {
      const packed = packings[packing]?.(Buffer.from(asFile[format]?.(pods) ?? "")) ?? Buffer.alloc(0)
      const path = join(folder, `${++written}`)
      writeFileSync(path, packed.subarray(0, Math.floor(packed.length * 0.7)))
      const done = yield* Effect.result(read(path))
      if (done._tag === "Failure") {
        assert.isTrue(isOne(format), done.failure.message)
        assert.match(done.failure.message, /cut off|ends too early|no line of an audit log/)
        return
      }
      const found = names(done.success)
      assert.deepStrictEqual(
        found,
        found.map((_, i) => `p${i}`)
      )
      assert.isAbove(found.length, 80)
      assert.deepStrictEqual(
        done.success.flatMap((event) => (event._tag === "Gap" && event.cause !== "closed" ? [event.cause] : [])),
        ["truncated"]
      )
    })
  )

  it.effect("also where YAML that is cut off is YAML again: between two items, within a word", () =>
    Effect.gen(function* () {
      const cut = (text: string, at: string) => {
        const path = join(folder, `${++written}`)
        writeFileSync(path, text.slice(0, text.indexOf(at) + at.length))
        return read(path)
      }
      const list =
        asFile["list as YAML"]?.(
          ["a", "b", "c"].map((name) => ({
            apiVersion: "v1",
            kind: "Pod",
            metadata: meta(name),
            status: { phase: "Running" }
          }))
        ) ?? ""
      // kubectl writes the fields of a list in the order of the alphabet.
      const sorted = list.replace(/^kind: List\n/, "").concat("kind: List\n")
      const shown = (events: ReadonlyArray<ClusterEvent>) => [
        names(events).length,
        events.flatMap((event) => (event._tag === "Gap" ? [event.detail.replace(/^.*?: /, "")] : []))
      ]
      const ended = "the list has no end, so it was cut off; everything before it was read"
      assert.deepStrictEqual(shown(yield* cut(sorted, "name: c\n")), [2, [ended]])
      assert.deepStrictEqual(shown(yield* cut(sorted, "kind: List\n")), [3, []])
      const pod = stringify({ apiVersion: "v1", kind: "Pod", metadata: meta("a"), status: { phase: "Running" } })
      const doubtful = "the last line has no end, so the last document may be cut off; everything before it was read"
      assert.deepStrictEqual(shown(yield* cut(pod, "phase: Runn")), [1, [doubtful]])
    })
  )
})
