/** Several recordings of one cluster in one history. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { appendStream, type ClusterEvent, EventLog, EventLogMemory, type JsonObject } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import { importRecordings, recognise } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-several-"))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (files: { readonly [name: string]: string }) => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const names = Object.keys(files).map((name) => join(folder, name))
  return Stream.unwrap(
    Effect.promise(async () => importRecordings(await Promise.all(names.map((name) => recognise(name)))))
  )
}

const second = (at: number): string => `2026-08-01T12:00:${String(at).padStart(2, "0")}.000Z`
const pod = (version: string, more: JsonObject = {}) => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "p", namespace: "d", uid: "u", resourceVersion: version, ...more },
  status: { phase: `phase of ${version}` }
})
const watched = (...lines: ReadonlyArray<readonly [at: number | undefined, type: string, object: object]>): string =>
  lines
    .map(([at, type, object]) =>
      JSON.stringify({ ...(at === undefined ? {} : { observedAt: second(at) }), type, object })
    )
    .join("\n")
const audited = (...lines: ReadonlyArray<readonly [at: number, verb: string, object: object]>): string =>
  lines
    .map(([at, verb, object], i) =>
      JSON.stringify({
        kind: "Event",
        apiVersion: "audit.k8s.io/v1",
        level: "RequestResponse",
        auditID: `id-${i}`,
        stage: "ResponseComplete",
        verb,
        objectRef: { resource: "pods", namespace: "d", name: "p" },
        responseStatus: { code: 200 },
        responseObject: object,
        stageTimestamp: second(at)
      })
    )
    .join("\n")

const told = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) =>
    event._tag === "ObjectChanged"
      ? [`${(event.object.metadata as JsonObject).resourceVersion} ${event.line?.source ?? "alone"}`]
      : []
  )

describe("several recordings of one cluster", () => {
  it.effect("are told in the order of their times, each change with its source, whatever the order of the files", () =>
    Effect.gen(function* () {
      const watch = watched([1, "ADDED", pod("1")], [3, "MODIFIED", pod("3")], [5, "MODIFIED", pod("5")])
      const audit = audited([2, "update", pod("2")], [4, "update", pod("4")], [6, "update", pod("6")])
      for (const files of [
        { "w.jsonl": watch, "a.log": audit },
        { "a.log": audit, "w.jsonl": watch }
      ])
        assert.deepStrictEqual(told(yield* Stream.runCollect(read(files))), [
          "1 w.jsonl",
          "2 a.log",
          "3 w.jsonl",
          "4 a.log",
          "5 w.jsonl",
          "6 a.log"
        ])
    })
  )

  it.effect("come in the order of the files where they have no times", () =>
    Effect.gen(function* () {
      const list = JSON.stringify({ kind: "PodList", apiVersion: "v1", items: [pod("1")] })
      const recipe = { "list.json": list, "watch.jsonl": watched([undefined, "MODIFIED", pod("2")]) }
      assert.deepStrictEqual(told(yield* Stream.runCollect(read(recipe))), ["1 list.json", "2 watch.jsonl"])
      assert.deepStrictEqual(told(yield* Stream.runCollect(read({ "alone.json": list }))), ["1 alone"])
    })
  )

  it.effect("are told apart by their folders where their names are the same", () =>
    Effect.gen(function* () {
      const files = { "x/log": watched([1, "ADDED", pod("1")]), "y/log": watched([2, "MODIFIED", pod("2")]) }
      assert.deepStrictEqual(told(yield* Stream.runCollect(read(files))), [
        `1 ${join(folder, "x/log")}`,
        `2 ${join(folder, "y/log")}`
      ])
    })
  )

  it.effect("fail with the sentence of the one that is bad", () =>
    Effect.gen(function* () {
      const files = {
        "good.jsonl": watched([1, "ADDED", pod("1")]),
        "bad.jsonl": `${watched([1, "ADDED", pod("1")])}\n{}x\n`
      }
      assert.match((yield* Effect.flip(Stream.runCollect(read(files)))).message, /bad.jsonl:2: the line is not JSON/)
    })
  )

  it.effect(
    "guarantee 5: may tell one version in two ways: both are kept, but nothing twice and nothing that says less",
    () =>
      Effect.gen(function* () {
        const managed = { managedFields: [{ manager: "kubelet" }] }
        const watch = watched([1, "ADDED", pod("1", managed)], [4, "MODIFIED", pod("2", managed)])
        const audit = audited([2, "get", pod("1")], [3, "update", pod("2")], [5, "update", pod("3")])
        const events = yield* Effect.gen(function* () {
          yield* appendStream(read({ "w.jsonl": watch, "a.log": audit }), { contradictions: "none is here" })
          const log = yield* EventLog
          return yield* Stream.runCollect(log.read())
        }).pipe(Effect.provide(EventLogMemory.layer))
        assert.deepStrictEqual(told(events.map(({ event }) => event)), ["1 w.jsonl", "2 a.log", "2 w.jsonl", "3 a.log"])
        assert.notInclude(JSON.stringify(events), "none is here")
      })
  )
})
