import { globSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonical, type Json, type JsonObject } from "../../src/event/Json.ts"
import { gapOf, parseWatchLine, toWatchLine, withT0 } from "../../src/view/watchLines.ts"

const there = (line: Json): Json | undefined => {
  const event = parseWatchLine(line)
  return event._tag === "NotAWatchLine" ? event.problem : toWatchLine(event)
}

const pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "p" } }
const recordings = globSync("*.jsonl.gz", { cwd: `${import.meta.dirname}/../../../../recordings` }).filter(
  (_, i) => i % 12 === 0
)

describe("a watch line", () => {
  it("of every recording comes back as it was", () => {
    expect(recordings.length).toBeGreaterThan(10)
    for (const name of recordings) {
      const text = gunzipSync(readFileSync(`${import.meta.dirname}/../../../../recordings/${name}`)).toString()
      for (const line of text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Json))
        expect(canonical(there(line))).toBe(canonical(line))
    }
  })

  const observedAt = fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2255-01-01") }).map((date) => date.toISOString()),
    fc.constantFrom(
      "2026-11-21T08:43:01Z",
      "2026-11-21T08:43:01.123456Z",
      "2026-11-21T08:43:01.123456789Z",
      "2026-11-21T09:43:01.5+01:00",
      "soon",
      ""
    )
  )
  const line = fc.record(
    {
      observedAt: fc.oneof(observedAt, fc.jsonValue()),
      type: fc.constantFrom("ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"),
      object: fc.jsonValue().map((more) => ({ ...pod, more })),
      source: fc.jsonValue(),
      found: fc.oneof(fc.jsonValue(), fc.constant({ resource: "pods", resourceVersion: "9" })),
      era: fc.oneof(fc.jsonValue(), fc.nat())
    },
    { requiredKeys: ["type", "object"] }
  )

  it("with any time, any object and any further keys comes back as it was", () => {
    fc.assert(
      fc.property(line, (line) => {
        expect(canonical(there(line as JsonObject))).toBe(canonical(line as JsonObject))
      })
    )
  })

  it("that is a header comes back as it was", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
        const header = {
          t0: "2026-11-21T08:43:01.123Z",
          ...more,
          object: undefined,
          type: undefined,
          metadata: undefined
        } as JsonObject
        expect(canonical(there(header))).toBe(canonical(header))
      })
    )
  })

  it.each([
    [3, /JSON object/],
    [[], /JSON object/],
    [{ type: "SYNC", object: pod }, /"SYNC"/],
    [{ object: pod }, /missing/],
    [{ type: "ADDED" }, /`object`/],
    [{ type: "ADDED", object: [] }, /`object`/],
    [{ type: "ADDED", object: { kind: "Pod" } }, /metadata.name/],
    [pod, /--output-watch-events/]
  ])("is not %j", (line, problem) => {
    expect(parseWatchLine(line)).toMatchObject({ _tag: "NotAWatchLine", problem: expect.stringMatching(problem) })
  })
})

describe("an ERROR line", () => {
  const error = (object: JsonObject) => {
    const event = parseWatchLine({ observedAt: "2026-11-21T08:43:01.123Z", type: "ERROR", object })
    return event._tag === "ObjectChanged" ? gapOf(event) : undefined
  }

  it.each([
    [{ kind: "Status", code: 410, message: "too old resource version: 1 (2)" }, "expired"],
    [{ kind: "Status", reason: "Expired" }, "expired"],
    [{ kind: "Status", code: 403 }, "denied"],
    [{ kind: "Status", code: 500 }, "closed"]
  ])("%j is a gap: %s", (object, cause) => {
    expect(error(object)).toMatchObject({ _tag: "Gap", cause, observed: 1_795_250_581_123_000 })
  })
})

describe("a header", () => {
  it("gets a t0 only where it has none", () => {
    expect(withT0({ t0: "x" }, 0 as never)).toEqual({ t0: "x" })
    expect(withT0({ a: 1 }, 0 as never)).toEqual({ a: 1, t0: "1970-01-01T00:00:00.000Z" })
    expect(withT0({}, undefined)).toEqual({})
  })
})
