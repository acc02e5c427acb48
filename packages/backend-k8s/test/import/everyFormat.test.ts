/** What must hold for every format alike. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, type JsonObject, makeRedactor } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
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
