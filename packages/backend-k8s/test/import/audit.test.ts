import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, canonical, type Json, type JsonObject, makeRedactor } from "@kubereel/core"
import { Effect, Stream } from "effect"
import fc from "fast-check"
import { afterAll } from "vitest"
import { importRecordings, recognise } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-audit-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const file = (content: string | Buffer): string => {
  const name = join(folder, `${++files}`)
  writeFileSync(name, content)
  return name
}

const read = (...contents: ReadonlyArray<string | Buffer>) =>
  Effect.gen(function* () {
    const found = yield* Effect.promise(() => Promise.all(contents.map((content) => recognise(file(content)))))
    return yield* Stream.runCollect(importRecordings(found))
  })

const time = (at: number): string => `2026-08-01T12:00:${String(at).padStart(2, "0")}.000000Z`
const body = (version: string, more: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "p", namespace: "d", uid: "u1", resourceVersion: version, ...metadata },
  spec: { containers: [] },
  ...more
})

interface Line {
  readonly verb?: string
  readonly at?: number
  readonly response?: JsonObject
  readonly ref?: JsonObject
  readonly more?: JsonObject
}

let ids = 0
const line = ({ at = 1, more = {}, ref = {}, response, verb = "patch" }: Line): JsonObject => ({
  kind: "Event",
  apiVersion: "audit.k8s.io/v1",
  level: response === undefined ? "Metadata" : "RequestResponse",
  auditID: `id-${++ids}`,
  stage: "ResponseComplete",
  requestURI: "/api/v1/namespaces/d/pods/p",
  verb,
  user: { username: "system:node:n1" },
  objectRef: { resource: "pods", namespace: "d", name: "p", apiVersion: "v1", ...ref },
  responseStatus: { metadata: {}, code: 200 },
  ...(response === undefined ? {} : { responseObject: response }),
  requestReceivedTimestamp: time(at),
  stageTimestamp: time(at),
  ...more
})

const text = (...lines: ReadonlyArray<Json>): string => lines.map((one) => `${JSON.stringify(one)}\n`).join("")
const versionOf = ({ metadata }: JsonObject): string => String((metadata as JsonObject).resourceVersion)
const told = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) =>
    event._tag === "ObjectChanged"
      ? [`${event.change} ${versionOf(event.object)}`]
      : event._tag === "Gap"
        ? [`Gap ${event.cause}`]
        : []
  )
const gaps = (events: ReadonlyArray<ClusterEvent>) => events.flatMap((event) => (event._tag === "Gap" ? [event] : []))
const warnings = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "Warned" ? [event.message] : [])).join("\n")

/** A pod's life as its API server logs it: 8 versions, read in between. */
const life: ReadonlyArray<JsonObject> = [
  line({ verb: "create", at: 1, response: body("9"), ref: { name: undefined } }),
  line({ verb: "create", at: 2, ref: { subresource: "binding" }, more: { requestObject: { target: { name: "n1" } } } }),
  line({ verb: "get", at: 3, response: body("10", { spec: { nodeName: "n1", containers: [] } }) }),
  line({ at: 4, response: body("11", { status: { phase: "Running" } }), ref: { subresource: "status" } }),
  line({ verb: "get", at: 5, response: body("11", { status: { phase: "Running" } }) }),
  line({
    verb: "delete",
    at: 6,
    response: body("100", {}, { deletionTimestamp: "2026-08-01T12:00:06Z", deletionGracePeriodSeconds: 30 })
  }),
  line({
    verb: "delete",
    at: 7,
    response: body("101", {}, { deletionTimestamp: "2026-08-01T12:00:06Z", deletionGracePeriodSeconds: 0 })
  })
]

describe("an audit log", () => {
  it.effect.each([
    ["as lines", text(...life)],
    ["gzipped", gzipSync(text(...life))],
    ["as zstd", zstdCompressSync(text(...life))],
    ["pretty-printed", life.map((one) => JSON.stringify(one, undefined, 2)).join("\n")],
    ["as a webhook's EventList", JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items: life })],
    [
      "as EventLists, one a line",
      life
        .map((one) => `${JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items: [one] })}\n`)
        .join("")
    ],
    ["as CloudWatch exports it", life.map((one) => `2026-08-01T12:00:00.000Z ${JSON.stringify(one)}\n`).join("")],
    [
      "as CloudWatch's subscription sends it",
      JSON.stringify({
        messageType: "DATA_MESSAGE",
        logEvents: life.map((one) => ({ id: "1", timestamp: 1, message: JSON.stringify(one) }))
      })
    ],
    [
      "as `aws logs filter-log-events` prints it",
      JSON.stringify(
        {
          events: life.map((one) => ({ logStreamName: "kube-apiserver-audit-1", message: JSON.stringify(one) })),
          searchedLogStreams: []
        },
        undefined,
        1
      )
    ],
    ["in another order", text(...life.toReversed())]
  ] as const)("gives the versions of an object: %s", ([, content]) =>
    Effect.gen(function* () {
      const events = yield* read(content)
      assert.deepStrictEqual(told(events), ["ADDED 9", "MODIFIED 10", "MODIFIED 11", "MODIFIED 100", "DELETED 101"])
      assert.deepStrictEqual(events[0], {
        _tag: "RecordingStarted",
        header: { source: "audit log", files: String(files), t0: "2026-08-01T12:00:01.000Z" }
      })
    })
  )

  it.effect("takes a log of Google for what it is, as YAML or JSON", () =>
    Effect.gen(function* () {
      const entry = {
        insertId: "i",
        timestamp: time(1),
        operation: { id: "o", first: true, last: true },
        protoPayload: {
          "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
          serviceName: "k8s.io",
          authenticationInfo: { principalEmail: "system:node:n1" },
          methodName: "io.k8s.core.v1.pods.status.patch",
          resourceName: "core/v1/namespaces/d/pods/p/status",
          status: { code: 0 },
          response: { "@type": "core.k8s.io/v1.Pod", ...body("5") }
        }
      }
      const refused = { ...entry, protoPayload: { ...entry.protoPayload, status: { code: 7 } } }
      assert.deepStrictEqual(told(yield* read(JSON.stringify([entry, refused]))), ["MODIFIED 5"])
      const public_ = join(
        import.meta.dirname,
        "../../../../recordings/public/GoogleCloudPlatform__khi/test/logs/k8s_audit"
      )
      const events = yield* read(readFileSync(join(public_, "container_recorder_test_1_1.yaml")))
      assert.deepStrictEqual(told(events), ["ADDED 15465"])
    })
  )
})

describe("a log of Google, which holds patches without their answers", () => {
  const real = gunzipSync(readFileSync(join(import.meta.dirname, "data/pair.audit.jsonl.gz")))
    .toString()
    .trim()
    .split("\n")
  const plain = ({ metadata, ...rest }: JsonObject): string => {
    const { managedFields: _, resourceVersion: __, ...others } = metadata as JsonObject
    return canonical({ ...rest, metadata: others })
  }
  const podsIn = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
    ["once", "loop"].flatMap((name) =>
      events.flatMap((event) => {
        if (event._tag !== "ObjectChanged" || event.object.kind !== "Pod") return []
        return (event.object.metadata as { name: string }).name === name
          ? [`${event.change} ${plain(event.object)}`]
          : []
      })
    )

  it.effect("gives the versions that the API server made of them", () =>
    Effect.gen(function* () {
      const whole = podsIn(yield* read(real.join("\n")))
      const google = real.flatMap((one) => {
        const entry = JSON.parse(one) as { verb: string; objectRef: { subresource?: string }; responseObject?: object }
        if (entry.verb === "get" || entry.verb === "list") return []
        const { responseObject: _, ...request } = entry
        return [JSON.stringify(entry.objectRef.subresource === "status" ? { ...request, level: "Request" } : entry)]
      })
      const events = yield* read(google.join("\n"))
      const merged = podsIn(events)
      assert.isAbove(merged.length, 15)
      assert.deepStrictEqual(merged, whole)
      assert.match(
        warnings(events),
        /versions were put together from bindings and patches of a status as they were sent/
      )
    })
  )

  it.effect("does so only where the patch fits what is known", () =>
    Effect.gen(function* () {
      const files_ = join(
        import.meta.dirname,
        "../../../../recordings/public/GoogleCloudPlatform__khi/test/logs/k8s_audit"
      )
      const log = (part: number) =>
        readFileSync(join(files_, `container_recorder_test_1_${part}.yaml`), "utf8").replace(
          /^timestamp: .*$/m,
          `timestamp: "2024-01-01T01:00:0${part}Z"`
        )
      // The patches speak of a condition PodScheduled: the binding that has made it is not in these logs.
      assert.deepStrictEqual(told(yield* read(`${log(1)}\n---\n${log(2)}\n---\n${log(3)}`)), [
        "ADDED 15465",
        "Gap unreadable"
      ])
    })
  )

  it.effect("puts nothing together where the state before is not known, or the patch may mean two things", () =>
    Effect.gen(function* () {
      const patch = (status: JsonObject, at: number, user = "somebody") =>
        line({
          at,
          ref: { subresource: "status" },
          more: { level: "Request", user: { username: user }, requestObject: { status } }
        })
      const created = line({ verb: "create", at: 1, response: body("5") })
      assert.deepStrictEqual(told(yield* read(text(patch({ phase: "Failed" }, 1)))), ["Gap unreadable"])
      assert.deepStrictEqual(told(yield* read(text(created, patch({ conditions: [] }, 2)))), [
        "ADDED 5",
        "Gap unreadable"
      ])
      assert.deepStrictEqual(told(yield* read(text(created, line({ at: 2 }), patch({ phase: "Failed" }, 3)))), [
        "ADDED 5",
        "Gap unreadable"
      ])
      assert.deepStrictEqual(told(yield* read(text(created, patch({ phase: "Failed" }, 3)))), [
        "ADDED 5",
        "MODIFIED undefined"
      ])
    })
  )
})

describe("a line of an audit log", () => {
  it.effect("counts once, when its answer was ready: of all its stages the last, at the time of that", () =>
    Effect.gen(function* () {
      const stage = (name: string, at: number) =>
        line({
          response: body("5"),
          more: { auditID: "one", stage: name, stageTimestamp: time(at), requestReceivedTimestamp: time(1) }
        })
      const events = yield* read(
        text(stage("RequestReceived", 1), stage("ResponseStarted", 3), stage("ResponseComplete", 7))
      )
      const changes = events.flatMap((event) => (event._tag === "ObjectChanged" ? [event] : []))
      assert.deepStrictEqual(
        changes.map(({ observedText }) => observedText),
        [time(7)]
      )
      assert.match(warnings(events), /3 requests, 1 versions .*2 of stage/)
      const early = yield* read(
        text(line({ response: body("5"), more: { stageTimestamp: undefined as unknown as Json } }))
      )
      assert.strictEqual(early[1]?.observedText, time(1))
    })
  )

  it.effect("shows what was stored, not what was sent; what was sent may be no object at all", () =>
    Effect.gen(function* () {
      const sent = { metadata: { generateName: "p-" }, spec: "nonsense" }
      const created = line({
        verb: "create",
        ref: { name: undefined as unknown as Json },
        response: body("5"),
        more: { requestObject: sent }
      })
      const events = yield* read(text(created))
      const objects = events.flatMap((event) => (event._tag === "ObjectChanged" ? [event.object] : []))
      assert.deepStrictEqual(objects, [body("5")] as never)
      const bare = yield* read(text({ ...created, level: "Request", responseObject: undefined as unknown as Json }))
      assert.deepStrictEqual(told(bare), ["Gap unreadable"])
      assert.match(gaps(bare)[0]?.detail ?? "", /pods d\/\(no name\): a change/)
    })
  )

  it.effect.each([
    ["a JSON patch", [{ op: "replace", path: "/status/phase", value: "Failed" }], {}, "Gap unreadable"],
    [
      "a strategic patch",
      {
        status: { "$setElementOrder/conditions": [{ type: "Ready" }], conditions: [{ type: "Ready", status: "False" }] }
      },
      {},
      "MODIFIED undefined"
    ],
    ["an apply", { apiVersion: "v1", kind: "Pod", status: { phase: "Failed" } }, {}, "Gap unreadable"],
    [
      "an apply, by its manager",
      { status: { phase: "Failed" } },
      { requestURI: "/x?fieldManager=m&force=true" },
      "Gap unreadable"
    ],
    ["a merge patch, or a strategic one: they do the same", { status: { phase: "Failed" } }, {}, "MODIFIED undefined"],
    [
      "one that may be either, with a list",
      { status: { conditions: [{ type: "Ready" }] } },
      { user: { username: "u" } },
      "Gap unreadable"
    ],
    ["a patch of a spec, which admission may change", { spec: { nodeName: "n" } }, { ref: "" }, "Gap unreadable"]
  ] as const)(
    "at level Request is put on what is known only where there is no doubt what it does: %s",
    ([, patch, more, expected]) =>
      Effect.gen(function* () {
        const isSpec = "ref" in more
        const sent = line({
          at: 2,
          ref: isSpec ? {} : { subresource: "status" },
          more: { level: "Request", requestObject: patch as unknown as Json, ...(isSpec ? {} : more) }
        })
        const events = yield* read(
          text(line({ verb: "create", response: body("5", { status: { phase: "Pending" } }) }), sent)
        )
        assert.deepStrictEqual(told(events), ["ADDED 5", expected])
      })
  )

  it.effect("says who acted, and as whom", () =>
    Effect.gen(function* () {
      const events = yield* read(
        text(line({ more: { user: { username: "jane" }, impersonatedUser: { username: "admin" } } }))
      )
      assert.match(gaps(events)[0]?.detail ?? "", /patch pods by jane as admin \(level Metadata\)/)
    })
  )

  it.effect(
    "C-376: may lack managedFields, and may be of another level than its neighbour: what is there is told",
    () =>
      Effect.gen(function* () {
        const managed = { managedFields: [{ manager: "kubelet" }] }
        const events = yield* read(
          text(
            line({ verb: "create", at: 1, response: body("5", {}, managed) }),
            line({ at: 2, response: body("6") }),
            line({ at: 3 }),
            line({ at: 4, response: body("8") })
          )
        )
        assert.deepStrictEqual(told(events), ["ADDED 5", "MODIFIED 6", "MODIFIED 8", "Gap unreadable"])
        assert.match(
          warnings(events),
          /it cannot show .*what the policy leaves out \(level None; managedFields where it omits them\)/
        )
      })
  )

  it.effect(
    "counts once, also where rotated files overlap and Google says the beginning and the end of an operation",
    () =>
      Effect.gen(function* () {
        const rotated = yield* read(gzipSync(text(...life.slice(0, 5))), text(...life.slice(3)))
        assert.deepStrictEqual(told(rotated), ["ADDED 9", "MODIFIED 10", "MODIFIED 11", "MODIFIED 100", "DELETED 101"])
        const entry = (part: string, more: JsonObject) => ({
          insertId: part,
          timestamp: time(1),
          operation: { id: "o", [part]: true },
          labels: { "authorization.k8s.io/decision": "allow" },
          protoPayload: {
            serviceName: "k8s.io",
            methodName: "io.k8s.core.v1.pods.create",
            resourceName: "core/v1/namespaces/d/pods/p",
            ...more
          }
        })
        const google = [
          entry("first", {}),
          entry("last", { response: { "@type": "core.k8s.io/v1.Pod", ...body("5") } })
        ]
        const events = yield* read(JSON.stringify(google))
        assert.deepStrictEqual(told(events), ["ADDED 5"])
      })
  )

  it.effect("C-374: of a watch says nothing, of a list everything that it answered", () =>
    Effect.gen(function* () {
      const list = { kind: "PodList", apiVersion: "v1", items: [{ metadata: body("5").metadata as Json }] }
      const ref = { name: undefined as unknown as Json }
      const events = yield* read(
        text(
          line({ verb: "list", ref, response: list }),
          line({ verb: "watch", at: 2, ref, more: { stage: "ResponseComplete" } })
        )
      )
      assert.deepStrictEqual(told(events), ["ADDED 5"])
    })
  )

  it.effect("C-373, C-379: without an answer that shows it is a change that nobody saw", () =>
    Effect.gen(function* () {
      const hungUp = line({ more: { responseStatus: { metadata: {}, code: 200, message: "Connection closed early" } } })
      const panic = line({
        at: 2,
        more: { stage: "Panic", responseStatus: { code: 500, message: "APIServer panic'd: boom" } }
      })
      const ended = line({
        verb: "deletecollection",
        at: 3,
        ref: { name: undefined as unknown as Json },
        response: { kind: "Status", status: "Success" }
      })
      for (const one of [hungUp, panic, ended]) assert.deepStrictEqual(told(yield* read(text(one))), ["Gap unreadable"])
    })
  )

  it.effect("C-375, C-378: that changed nothing is no version, and the end of a pod is the last of its deletions", () =>
    Effect.gen(function* () {
      const marked = { deletionTimestamp: time(3), deletionGracePeriodSeconds: 30 }
      const events = yield* read(
        text(
          line({ verb: "create", at: 1, response: body("5") }),
          line({ at: 2, response: body("5") }),
          line({ verb: "delete", at: 3, response: body("6", {}, marked) }),
          line({ verb: "delete", at: 4, response: body("7", {}, { ...marked, deletionGracePeriodSeconds: 0 }) })
        )
      )
      assert.deepStrictEqual(told(events), ["ADDED 5", "MODIFIED 6", "DELETED 7"])
      assert.match(warnings(events), /1 repeats of a version that was known/)
    })
  )
})

describe("guarantee 6: versions of one object follow their resourceVersions", () => {
  it.effect("C-372: whatever the order of lines and files", () =>
    Effect.gen(function* () {
      const events = yield* read(text(...life))
      const facts = canonical(events.slice(1) as unknown as Json)
      const shuffled = fc.shuffledSubarray([...life], { minLength: life.length, maxLength: life.length })
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(shuffled, fc.nat({ max: life.length }), async (lines, cut) => {
            const parts = [lines.slice(0, cut), lines.slice(cut)].filter((part) => part.length > 0)
            const again = await Effect.runPromise(read(...parts.map((part) => text(...part))))
            assert.strictEqual(canonical(again.slice(1) as unknown as Json), facts)
          }),
          { numRuns: 60 }
        )
      )
    })
  )

  it.effect("even where the clocks of two API servers say otherwise, which is said", () =>
    Effect.gen(function* () {
      const big = "340282366920938463463374607431768211455"
      const events = yield* read(
        text(line({ at: 5, response: body("9") }), line({ at: 3, response: body("10") })),
        text(line({ at: 4, response: body(big) }), line({ at: 6, response: body(big.replace(/5$/, "4")) }))
      )
      assert.deepStrictEqual(told(events), [
        "MODIFIED 9",
        "MODIFIED 10",
        `MODIFIED ${big.replace(/5$/, "4")}`,
        `MODIFIED ${big}`
      ])
      assert.match(
        warnings(events),
        /version 9 is stamped .*05.000000Z, after version \d+ .*clocks of the API servers differ/
      )
    })
  )

  it.effect("by time where they cannot be compared, which is said", () =>
    Effect.gen(function* () {
      const events = yield* read(text(line({ at: 2, response: body("a9") }), line({ at: 1, response: body("a10") })))
      assert.deepStrictEqual(told(events), ["MODIFIED a10", "MODIFIED a9"])
      assert.match(warnings(events), /versions a10 and a9 cannot be compared/)
    })
  )

  it.effect("but a version that runs back long after is a store that was restored", () =>
    Effect.gen(function* () {
      const later = line({ response: body("50"), more: { stageTimestamp: "2026-08-01T13:00:00.000000Z" } })
      const events = yield* read(text(line({ response: body("100") }), later))
      assert.deepStrictEqual(told(events), ["MODIFIED 100", "Gap restored", "MODIFIED 50"])
      // What is told from then on is news, however low its number is.
      const eras = events.flatMap((event) => (event._tag === "ObjectChanged" ? [event.era] : []))
      assert.deepStrictEqual(eras, [undefined, 1])
    })
  )
})

describe("an audit log changes nothing", () => {
  it.effect.each([
    ["by a request that failed", line({ response: body("5"), more: { responseStatus: { code: 409 } } })],
    ["by a dry run", line({ response: body("5"), more: { requestURI: "/api/v1/namespaces/d/pods/p?dryRun=All&x=1" } })],
    ["by its other stages", line({ response: body("5"), more: { stage: "RequestReceived" } })],
    ["by a read without an answer", line({ verb: "get" })],
    ["by a token", line({ verb: "create", ref: { resource: "serviceaccounts", subresource: "token" } })],
    ["by a review", line({ verb: "create", ref: { resource: "subjectaccessreviews" } })],
    ["by a request for no resource", line({ verb: "get", more: { objectRef: undefined as unknown as Json } })]
  ] as const)("%s", ([, one]) =>
    Effect.gen(function* () {
      const events = yield* read(text(one))
      assert.deepStrictEqual(told(events), [])
      assert.match(warnings(events), /1 requests, 0 versions .*left out because they change nothing: 1 of/)
    })
  )

  it.effect("twice by the same line, or by a patch that changes nothing", () =>
    Effect.gen(function* () {
      const created = line({ verb: "create", at: 1, response: body("5") })
      const unseen = line({ at: 3 })
      const events = yield* read(text(created, created, line({ at: 2, response: body("5") }), unseen, unseen))
      assert.deepStrictEqual(told(events), ["ADDED 5", "Gap unreadable"])
      assert.match(warnings(events), /2 repeats of a version that was known/)
      assert.match(
        gaps(events)[0]?.detail ?? "",
        /patch pods by system:node:n1 \(level Metadata\); it was not seen again/
      )
    })
  )
})

describe("guarantee 8: what an audit log does not show is a gap", () => {
  it.effect("from the first change without a version to where the object is known again", () =>
    Effect.gen(function* () {
      const events = yield* read(
        text(
          line({ verb: "create", at: 1, response: body("5") }),
          line({ at: 2, ref: { subresource: "status" } }),
          line({ at: 3, ref: { subresource: "status" } }),
          line({ at: 4, response: body("9") })
        )
      )
      assert.deepStrictEqual(told(events), ["ADDED 5", "MODIFIED 9", "Gap unreadable"])
      const [gap] = gaps(events)
      assert.deepInclude(gap, {
        resource: "pods",
        found: { created: [], changed: [{ namespace: "d", name: "p", uid: "u1" }], vanished: [] }
      })
      assert.deepStrictEqual([gap?.from?.at, gap?.to?.at], [1785585601000000, 1785585604000000])
      assert.match(
        gap?.detail ?? "",
        /patch pods\/status by system:node:n1 \(level Metadata\), 2 times .*seen again as version 9/
      )
      assert.match(warnings(events), /2 of pods\/status at level Metadata/)
    })
  )

  it.effect("and none where one change is followed by a read of what it made", () =>
    Effect.gen(function* () {
      assert.notInclude(told(yield* read(text(...life))), "Gap unreadable")
    })
  )

  it.effect("one for all names of a resource that is never shown", () =>
    Effect.gen(function* () {
      const leases = Array.from({ length: 50 }, (_, i) =>
        line({ verb: "update", at: i, ref: { resource: "leases", apiGroup: "coordination.k8s.io", name: `l${i % 7}` } })
      )
      const events = yield* read(text(...leases))
      assert.match(
        gaps(events)[0]?.detail ?? "",
        /^7 leases.coordination.k8s.io: 50 changes until .*no version of them/
      )
      assert.strictEqual(gaps(events).length, 1)
    })
  )

  it.effect.each([
    [
      "C-377: a body that was too long",
      line({ more: { annotations: { "audit.k8s.io/truncated": "true" } } }),
      /its body was too long/
    ],
    [
      "an eviction",
      line({ verb: "create", ref: { subresource: "eviction" }, response: { kind: "Status", status: "Success" } }),
      /create pods\/eviction/
    ],
    [
      "a binding",
      line({ verb: "create", ref: { subresource: "binding" }, more: { requestObject: { target: { name: "n7" } } } }),
      /create pods\/binding to n7/
    ],
    [
      "a scale, which is no object of its own",
      line({
        verb: "update",
        ref: { resource: "deployments", subresource: "scale" },
        response: { ...body("5"), kind: "Scale" }
      }),
      /update deployments\/scale/
    ],
    ["a panic", line({ more: { stage: "Panic", responseStatus: { code: 500 } } }), /in a panic/],
    [
      "a deletion of a collection without an answer",
      line({ verb: "deletecollection", ref: { name: undefined as unknown as Json } }),
      /deletecollection pods/
    ]
  ] as const)("%s", ([, one, message]) =>
    Effect.gen(function* () {
      const events = yield* read(text(one))
      assert.deepStrictEqual(told(events), ["Gap unreadable"])
      assert.match(gaps(events)[0]?.detail ?? "", message)
    })
  )
})

it("guarantee 8: every change that a log tells is a version or inside a gap, and a version is never made up", async () => {
  const doing = fc.constantFrom("write", "blind", "blind", "read", "old read", "other stage")
  const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), doing), { minLength: 1, maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (done, turn) => {
      const versions = [0, 0, 0]
      const shown = new Set<string>()
      const blind: Array<{ readonly name: string; readonly at: number; readonly alone: boolean }> = []
      const lines = done.map(([who, what], i) => {
        const at = i + 1
        const name = `p${who}`
        const ref = { name }
        const counts = ([other, which]: readonly [number, string]) => other === who && !/^o/.test(which)
        const next = done.slice(i + 1).find(counts)?.[1]
        const before = done.slice(0, i).findLast(counts)?.[1]
        if (what === "write" || what === "blind") versions[who] = (versions[who] ?? 0) + 1
        const version = versions[who] ?? 0
        const number = String(1_000 + 10 * version + (what === "old read" && version > 0 ? -10 : 0))
        const object = body(number, {}, { name, uid: `u${who}` })
        if (what === "blind") blind.push({ name, at, alone: before !== "blind" && next === "read" })
        if (what === "other stage") return line({ at, ref, response: object, more: { stage: "RequestReceived" } })
        if (what === "blind") return line({ at, ref })
        shown.add(`${name} ${number}`)
        const cached = what === "old read" ? { requestURI: "/api/v1/namespaces/d/pods/p?resourceVersion=0" } : {}
        return line({ at, ref, verb: what === "write" ? "update" : "get", response: object, more: cached })
      })
      const mixed = lines.map((_, i) => lines[(i * 7 + turn) % lines.length] as JsonObject)
      const events = await Effect.runPromise(read(text(...(lines.length % 7 === 0 ? lines : mixed))))
      const found = events.flatMap((event) => (event._tag === "ObjectChanged" ? [event.object] : []))
      const names = found.map((object) => `${String((object.metadata as JsonObject).name)} ${versionOf(object)}`)
      assert.deepStrictEqual(new Set(names), shown)
      const instant = (at: number): number => 1_785_585_600_000_000 + at * 1_000_000
      for (const { alone, at, name } of blind) {
        const covers = gaps(events).some(
          ({ detail, from, to }) =>
            (detail.includes(`/${name} `) || detail.includes(`/${name}:`) || /^\d+ pods:/.test(detail)) &&
            (from?.at ?? 0) < instant(at) &&
            instant(at) <= (to?.at ?? Number.POSITIVE_INFINITY)
        )
        assert.isTrue(covers || alone, `${name} at ${at}`)
      }
    }),
    { numRuns: 200 }
  )
})

describe("an audit log says that an object is deleted", () => {
  const end = { deletionTimestamp: time(2) }
  it.effect.each([
    [
      "when the answer is a Status with the uid",
      line({ verb: "delete", at: 2, response: { kind: "Status", status: "Success", details: { uid: "u1" } } }),
      "DELETED 5"
    ],
    [
      "but not while a grace period runs",
      line({ verb: "delete", at: 2, response: body("6", {}, { ...end, deletionGracePeriodSeconds: 30 }) }),
      "MODIFIED 6"
    ],
    [
      "but not while a finalizer holds it",
      line({ verb: "delete", at: 2, response: body("6", {}, { ...end, finalizers: ["f"] }) }),
      "MODIFIED 6"
    ],
    [
      "when an update takes the last finalizer away",
      line({ verb: "patch", at: 2, response: body("6", {}, { ...end, deletionGracePeriodSeconds: 0 }) }),
      "DELETED 6"
    ],
    ["but not when nobody shows the answer", line({ verb: "delete", at: 2 }), "Gap unreadable"]
  ] as const)("%s", ([, one, expected]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(told(yield* read(text(line({ verb: "create", response: body("5") }), one))), [
        "ADDED 5",
        expected
      ])
    })
  )

  it.effect("by name when a collection was deleted at once, not when its pods are only asked to end", () =>
    Effect.gen(function* () {
      const item = (kind: string) => ({
        metadata: { name: "p", namespace: "d", uid: `u-${kind}`, resourceVersion: "5" }
      })
      const collection = (kind: string, resource: string) =>
        line({
          verb: "deletecollection",
          ref: { resource, name: undefined as unknown as Json },
          response: { kind: `${kind}List`, apiVersion: "v1", metadata: {}, items: [item(kind)] },
          more: { requestObject: { propagationPolicy: "Background" } }
        })
      const events = yield* read(text(collection("ConfigMap", "configmaps"), collection("Pod", "pods")))
      assert.deepStrictEqual(told(events), ["ADDED 5", "DELETED 5", "ADDED 5", "Gap unreadable"])
      assert.deepStrictEqual(
        events.flatMap((event) => (event._tag === "ObjectChanged" ? [event.object.kind] : [])),
        ["ConfigMap", "ConfigMap", "Pod"]
      )
    })
  )
})

describe("a damaged audit log", () => {
  it.effect("is read from the first whole line on, where its beginning was cut away", () =>
    Effect.gen(function* () {
      const events = yield* read(text(...life).slice(100))
      assert.deepStrictEqual(told(events).slice(0, 2), ["Gap unreadable", "ADDED 10"])
    })
  )

  it.effect("is read up to where it was torn off", () =>
    Effect.gen(function* () {
      const events = yield* read(text(...life).slice(0, -40))
      assert.deepStrictEqual(told(events).slice(-2), ["MODIFIED 100", "Gap truncated"])
      const cut = yield* read(gzipSync(text(...life)).subarray(0, -30))
      assert.include(told(cut), "Gap truncated")
    })
  )

  it.effect("is read around a line that is none, which is a gap", () =>
    Effect.gen(function* () {
      const events = yield* read(`${text(life[0] as JsonObject)}garbage\n${text(...life.slice(1))}`)
      assert.deepStrictEqual(told(events).slice(0, 2), ["ADDED 9", "Gap unreadable"])
      assert.include(told(events), "DELETED 101")
    })
  )
})

it.effect("guarantee 18: nothing that is redacted reaches an event or a temporary file", () =>
  Effect.gen(function* () {
    const secret = body("5", {
      spec: { containers: [{ name: "c", env: [{ name: "TOKEN", value: "hunter2-canary" }] }] }
    })
    const list = {
      kind: "SecretList",
      apiVersion: "v1",
      items: [{ metadata: { name: "s", uid: "s1", resourceVersion: "7" }, data: { a: "hunter2-canary" } }]
    }
    const content = text(
      line({ verb: "create", response: secret, more: { requestObject: secret } }),
      line({ verb: "list", at: 2, ref: { resource: "secrets" }, response: list })
    )
    const redactor = makeRedactor(new Uint8Array(32))
    const found = yield* Effect.promise(() => recognise(file(content)))
    const events = yield* Stream.runCollect(importRecordings([found], { redactor }))
    assert.notInclude(JSON.stringify(events), "hunter2-canary")
    assert.deepInclude(redactor.counts(), { env: 1, secret: 1 })
  })
)

describe("the audit log and the watch of the same time, on a real cluster", () => {
  const data = (name: string): Buffer => readFileSync(join(import.meta.dirname, "data", `pair.${name}.jsonl.gz`))
  const versions = (events: ReadonlyArray<ClusterEvent>): ReadonlyMap<string, string> =>
    new Map(
      events.flatMap((event) => {
        if (event._tag !== "ObjectChanged" || event.object.kind === "Event") return []
        const { name, resourceVersion } = event.object.metadata as { name: string; resourceVersion: string }
        return [
          [
            `${event.object.kind} ${name} ${resourceVersion}${event.change === "DELETED" ? " gone" : ""}`,
            canonical(event.object as unknown as Json)
          ]
        ] as const
      })
    )

  it.effect("show the same versions, up to what an audit log cannot show", () =>
    Effect.gen(function* () {
      const watch = versions(yield* read(data("watch")))
      const events = yield* read(data("audit"))
      const audit = versions(events)
      assert.strictEqual(watch.size, 41)
      // The last request for a pod writes a version with a grace period of 0, and then deletes that.
      // Where a deletion is answered with a Status, the version of the deletion is not said.
      assert.deepStrictEqual(
        [...watch.keys()].filter((version) => !audit.has(version)),
        ["Pod loop 5670", "Pod once 5674", "Job j 5676 gone", "Pod j-2xkkg 5677"]
      )
      assert.deepStrictEqual(
        [...audit.keys()].filter((version) => !watch.has(version)),
        ["Job j 5662 gone"]
      )
      for (const [version, object] of watch)
        if (audit.has(version)) assert.strictEqual(audit.get(version), object, version)
      assert.match(warnings(events), /3 deletions .*grace period of 0/)
    })
  )

  it.effect("give each object's versions in the same order", () =>
    Effect.gen(function* () {
      const [watch, audit] = [yield* read(data("watch")), yield* read(data("audit"))]
      const order = (events: ReadonlyArray<ClusterEvent>, of: ReadonlyMap<string, string>) =>
        [...versions(events).keys()].filter((version) => version.startsWith("Pod once") && of.has(version))
      assert.deepStrictEqual(order(audit, versions(watch)), order(watch, versions(audit)))
      assert.isAbove(order(audit, versions(watch)).length, 8)
    })
  )
})
