import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, type Instant, type JsonObject, toObserved } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import { stringify } from "yaml"
import { importRecordings, type RecordingOptions, recognise } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-objects-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const file = (content: string): string => {
  const name = join(folder, `${++files}`)
  writeFileSync(name, content)
  return name
}
const publicFile = (path: string): string =>
  readFileSync(join(import.meta.dirname, "../../../../recordings/public", path), "utf8")

const readWith = (options: RecordingOptions, ...contents: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const found = yield* Effect.promise(() => Promise.all(contents.map((content) => recognise(file(content)))))
    return yield* Stream.runCollect(importRecordings(found, options))
  })
const read = (...contents: ReadonlyArray<string>) => readWith({}, ...contents)

const meta = (name: string, version = "1", uid = name) => ({ name, namespace: "d", uid, resourceVersion: version })
const pod = (name: string, version = "1", more: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: meta(name, version),
  ...more
})
const told = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    if (event._tag === "Gap") return [`Gap ${event.cause}`]
    if (event._tag !== "ObjectChanged") return []
    const { name, resourceVersion } = event.object.metadata as { name: string; resourceVersion?: string }
    return [`${event.change} ${String(event.object.kind)} ${name} ${resourceVersion ?? "-"}`]
  })
const warnings = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "Warned" ? [event.message] : [])).join("\n")

describe("S-436, C-165: a list of one moment", () => {
  const items = [pod("a"), pod("b")]
  it.effect.each([
    [
      "kubectl's List, kind after the items",
      JSON.stringify({ apiVersion: "v1", items, kind: "List", metadata: {} }, undefined, 4)
    ],
    ["kubectl's List as YAML", stringify({ apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } })],
    [
      "an API server's list, whose items do not say what they are",
      JSON.stringify({
        kind: "PodList",
        apiVersion: "v1",
        metadata: {},
        items: items.map(({ metadata }) => ({ metadata }))
      })
    ],
    ["a manifest of several documents", items.map((item) => `---\n${stringify(item)}`).join("")],
    ["an array", JSON.stringify(items)]
  ] as const)("is read: %s", ([, content]) =>
    Effect.gen(function* () {
      const events = yield* read(content)
      assert.deepStrictEqual(told(events), ["ADDED Pod a 1", "ADDED Pod b 1"])
      assert.match(warnings(events), /they show what was, not what became of it.*no deletion is seen/)
    })
  )

  it.effect("of which there are two has a gap between them, with what was found; nothing is said to be deleted", () =>
    Effect.gen(function* () {
      const list = (...objects: ReadonlyArray<object>) =>
        JSON.stringify({ kind: "List", apiVersion: "v1", items: objects })
      const events = yield* read(list(pod("a"), pod("b"), pod("c")), list(pod("b"), pod("c", "2"), pod("e")))
      assert.deepStrictEqual(told(events).slice(3), ["MODIFIED Pod c 2", "ADDED Pod e 1", "Gap stopped"])
      const gap = events.find(({ _tag }) => _tag === "Gap")
      const names = (refs: ReadonlyArray<{ readonly name: string }> | undefined) => refs?.map(({ name }) => name)
      assert.isTrue(gap?._tag === "Gap")
      const { changed, created, vanished } = (gap?._tag === "Gap" ? gap.found : undefined) ?? {}
      assert.deepStrictEqual([names(created), names(changed), names(vanished)], [["e"], ["c"], ["a"]])
    })
  )

  it.effect("of real pods is read", () =>
    Effect.gen(function* () {
      const events = yield* read(publicFile("kubearchive__kubearchive/pkg/cmd/testdata/pods.json"))
      assert.strictEqual(events.filter(({ _tag }) => _tag === "ObjectChanged").length, 2)
    })
  )

  it.effect("that breaks off keeps what was whole, and is a gap", () =>
    Effect.gen(function* () {
      const content = JSON.stringify({ apiVersion: "v1", kind: "List", items: [pod("a"), pod("b")] }, undefined, 1)
      assert.deepStrictEqual(told(yield* read(content.slice(0, -40))), ["ADDED Pod a 1", "Gap truncated"])
      const yaml = `${stringify(pod("a"))}---\n${stringify(pod("b"))}x: "`
      assert.deepStrictEqual(told(yield* read(yaml)), ["ADDED Pod a 1", "Gap truncated"])
    })
  )
})

describe("states without watch events (kubectl get -w -o json)", () => {
  it.effect("are versions, never deletions", () =>
    Effect.gen(function* () {
      const states = [pod("a", "1"), pod("b", "2"), pod("a", "3"), pod("a", "3"), pod("a", "4")]
      const content = states.map((state) => JSON.stringify(state, undefined, 4)).join("\n")
      assert.deepStrictEqual(told(yield* read(content)), [
        "ADDED Pod a 1",
        "ADDED Pod b 2",
        "MODIFIED Pod a 3",
        "MODIFIED Pod a 4"
      ])
    })
  )
})

describe("Events", () => {
  const event = (name: string, more: object) => ({
    kind: "Event",
    apiVersion: "v1",
    metadata: { ...meta(name), creationTimestamp: "2026-08-01T11:00:00Z" },
    involvedObject: { kind: "Pod", name: "a", namespace: "d" },
    reason: "BackOff",
    message: "m",
    ...more
  })
  const rows = [
    event("series", {
      series: { count: 5, lastObservedTime: "2026-08-01T12:00:04.500000Z" },
      lastTimestamp: "2026-08-01T12:00:01Z"
    }),
    event("last", { count: 3, firstTimestamp: "2026-08-01T11:59:00Z", lastTimestamp: "2026-08-01T12:00:03Z" }),
    event("micro", { eventTime: "2026-08-01T12:00:02.000001Z", lastTimestamp: null }),
    event("created", { eventTime: null })
  ]

  it.effect(
    "S-365, C-385, C-386, C-387: stand in the order of their last occurrence, each row once, however often it happened",
    () =>
      Effect.gen(function* () {
        const events = yield* read(JSON.stringify({ apiVersion: "v1", items: rows, kind: "List", metadata: {} }))
        assert.deepStrictEqual(
          events.flatMap((one) =>
            one._tag === "ObjectChanged"
              ? [
                  `${(one.object.metadata as { name: string }).name} ${one.observedText ?? toObserved(one.observed as Instant)}`
                ]
              : []
          ),
          [
            "created 2026-08-01T11:00:00Z",
            "micro 2026-08-01T12:00:02.000001Z",
            "last 2026-08-01T12:00:03Z",
            "series 2026-08-01T12:00:04.500000Z"
          ]
        )
        assert.match(warnings(events), /4 rows stand for 10 occurrences/)
        assert.match(warnings(events), /they expire/)
      })
  )

  it.effect("as event-exporter writes them are read, too", () =>
    Effect.gen(function* () {
      const lines = rows.map(({ apiVersion: _, kind: __, ...row }) => ({
        ...row,
        clusterName: "c",
        involvedObject: { ...row.involvedObject, labels: { app: "x" }, deleted: false }
      }))
      const events = yield* read(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
      assert.deepStrictEqual(
        told(events).map((one) => one.split(" ")[2]),
        ["created", "micro", "last", "series"]
      )
      assert.match(warnings(events), /event-exporter: 4 lines show the first occurrence of an Event only/)
      // A list of Events that kubectl wrote says nothing of it.
      assert.notMatch(warnings(yield* read(JSON.stringify(rows[0]))), /event-exporter/)
    })
  )

  it.effect("C-380: of the newer API are the same under other names", () =>
    Effect.gen(function* () {
      const renamed = rows.map(
        ({ count, firstTimestamp, involvedObject, lastTimestamp, message, ...row }: JsonObject) => ({
          ...row,
          apiVersion: "events.k8s.io/v1",
          regarding: involvedObject,
          note: message,
          ...(count === undefined ? {} : { deprecatedCount: count }),
          ...(firstTimestamp === undefined ? {} : { deprecatedFirstTimestamp: firstTimestamp }),
          ...(lastTimestamp === undefined ? {} : { deprecatedLastTimestamp: lastTimestamp })
        })
      )
      const old = yield* read(JSON.stringify({ kind: "List", apiVersion: "v1", items: rows }))
      const young = yield* read(JSON.stringify({ kind: "List", apiVersion: "v1", items: renamed }))
      const times = (events: ReadonlyArray<ClusterEvent>) => events.map(({ observed }) => observed)
      assert.deepStrictEqual([told(young), times(young), warnings(young)], [told(old), times(old), warnings(old)])
    })
  )

  it.effect("that were combined have lost their own words, which is said (C-384)", () =>
    Effect.gen(function* () {
      const combined = { ...rows[0], message: "(combined from similar events): Back-off" }
      assert.match(warnings(yield* read(JSON.stringify(combined))), /1 rows were combined from similar Events/)
    })
  )

  it.effect("with the time of their capture in a comment keep it, and their order", () =>
    Effect.gen(function* () {
      const events = yield* read(
        publicFile("weaveworks-experiments__kspan/controllers/events/testdata/deployment-2-pods.yaml")
      )
      const times = events.flatMap(({ _tag, observed }) => (_tag === "ObjectChanged" ? [observed ?? 0] : []))
      assert.isAbove(times.length, 20)
      assert.strictEqual(times[0], 1621417378640117)
    })
  )
})

describe("watch lines", () => {
  it.effect("are read as YAML documents", () =>
    Effect.gen(function* () {
      const lines = [
        { object: pod("a"), type: "ADDED" },
        { object: pod("a", "2"), type: "DELETED" }
      ]
      const content = lines.map((line) => stringify(line)).join("---\n")
      assert.deepStrictEqual(told(yield* read(content)), ["ADDED Pod a 1", "DELETED Pod a 2", "Gap closed"])
    })
  )

  it.effect("guarantee 8: that begin anew have a gap, with what was created, changed and vanished in it", () =>
    Effect.gen(function* () {
      const line = (type: string, object: object) => JSON.stringify({ type, object })
      const first = [
        line("ADDED", pod("a")),
        line("ADDED", pod("b")),
        line("ADDED", pod("c")),
        line("MODIFIED", pod("a", "5"))
      ]
      const second = [line("ADDED", pod("a", "5")), line("ADDED", pod("b", "9")), line("ADDED", pod("e", "8"))]
      const events = yield* read([...first, ...second].join("\n"))
      assert.deepStrictEqual(told(events).slice(4), [
        "Gap closed",
        "ADDED Pod a 5",
        "ADDED Pod b 9",
        "ADDED Pod e 8",
        "Gap closed",
        "Gap closed"
      ])
      const last = events.findLast((event) => event._tag === "Gap" && event.to !== undefined)
      const found = last?._tag === "Gap" ? last.found : undefined
      const names = (refs: ReadonlyArray<{ readonly name: string }> | undefined) => refs?.map(({ name }) => name)
      assert.deepStrictEqual(
        [names(found?.created), names(found?.changed), names(found?.vanished)],
        [["e"], ["b"], ["c"]]
      )
    })
  )
})

describe("a recording of kwok", () => {
  const recording = [
    stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "d", creationTimestamp: "$(time-offset-nanosecond -5000000000)" },
      spec: { containers: [{ name: "c", image: "i" }] }
    }),
    stringify({
      apiVersion: "action.kwok.x-k8s.io/v1alpha1",
      kind: "ResourcePatch",
      resource: { version: "v1", resource: "pods" },
      target: { name: "a", namespace: "d" },
      durationNanosecond: 1_500_000_000,
      method: "patch",
      template: { status: { phase: "Running", startTime: "$(time-offset-nanosecond 1500001000)" } }
    }),
    ...(["delete", "patch"] as const).map((method, i) =>
      stringify({
        apiVersion: "action.kwok.x-k8s.io/v1alpha1",
        kind: "ResourcePatch",
        resource: { version: "v1", resource: "pods" },
        target: { name: "a", namespace: "d" },
        durationNanosecond: (i + 2) * 1_000_000_000,
        method,
        ...(method === "patch" ? { template: { status: { phase: "Failed" } } } : {})
      })
    )
  ].join("---\n")

  it.effect("is objects and patches from its beginning on; a patch of what is not there is a gap", () =>
    Effect.gen(function* () {
      const events = yield* readWith({ start: 1_785_585_600_000_000 as Instant }, recording)
      assert.deepStrictEqual(told(events), ["ADDED Pod a -", "MODIFIED Pod a -", "DELETED Pod a -", "Gap unreadable"])
      const changes = events.flatMap((event) => (event._tag === "ObjectChanged" ? [event] : []))
      assert.deepStrictEqual(
        changes.map(({ observed }) => toObserved(observed as Instant)),
        ["2026-08-01T12:00:00.000Z", "2026-08-01T12:00:01.500Z", "2026-08-01T12:00:02.000Z"]
      )
      assert.deepStrictEqual(changes[1]?.object, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "a", namespace: "d", creationTimestamp: "2026-08-01T11:59:55Z" },
        spec: { containers: [{ name: "c", image: "i" }] },
        status: { phase: "Running", startTime: "2026-08-01T12:00:01.500001Z" }
      })
    })
  )

  it.effect("that has patched one kind with the template of another has a gap there, and keeps the rest", () =>
    Effect.gen(function* () {
      const patch = (resource: string, template: object, at: number) =>
        stringify({
          apiVersion: "action.kwok.x-k8s.io/v1alpha1",
          kind: "ResourcePatch",
          resource: { version: "v1", resource },
          target: { name: "a", namespace: "d" },
          durationNanosecond: at,
          method: "patch",
          template
        })
      const deployment = stringify({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "a", namespace: "d" }
      })
      const events = yield* read(
        [
          deployment,
          // kectl knows objects by their names alone.
          patch("deployments", { apiVersion: "v1", kind: "Service", spec: { clusterIP: "10.0.0.1" } }, 1_000),
          patch("services", { spec: {} }, 2_000),
          patch("deployments", { spec: { replicas: 2 } }, 3_000)
        ].join("---\n")
      )
      assert.deepStrictEqual(told(events), [
        "ADDED Deployment a -",
        "Gap unreadable",
        "Gap unreadable",
        "MODIFIED Deployment a -"
      ])
      const gap = events.find(({ _tag }) => _tag === "Gap")
      assert.match(gap?._tag === "Gap" ? gap.detail : "", /patch deployments d\/a: it is of another kind, Service/)
    })
  )

  it.effect("that is given no beginning says so", () =>
    Effect.gen(function* () {
      assert.match(warnings(yield* read(recording)), /its times count from 1970-01-01T00:00:00Z; --start/)
    })
  )
})
