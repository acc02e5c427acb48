import { describe, expect, test } from "@effect/vitest"
import fc from "fast-check"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import { type Instant, later, SECOND } from "../../src/event/Instant.ts"
import { Checker, check } from "../../src/property/Checker.ts"
import { nodeReachable } from "../../src/property/language/assumptions.ts"
import * as say from "../../src/property/language/operators.ts"
import { property, sometimes } from "../../src/property/language/Property.ts"
import { laws } from "../../src/property/laws.ts"
import { pod } from "../../src/property/slice/pod.ts"
import { phase } from "../../src/property/vocabulary/pod.ts"
import { lifeOf, type Version } from "../../src/testing/lifeOf.ts"
import { recording } from "../view/recordings.ts"

const soon = property(
  "soon",
  { says: "A pending pod runs within 10 s", source: "a test", each: pod, params: { limit: "10 s" } },
  ({ params }) => say.leadsTo(phase("Pending"), phase("Running")).within(params.limit).unless(phase("Failed"))
)
const pending = { status: { phase: "Pending" } }
const runs = { status: { phase: "Running" } }
const heartbeat = (at: number): Version => ({ at, kind: "Node", metadata: { name: "n" } })
const gap: ClusterEvent = { _tag: "Gap", cause: "closed", detail: "", resource: "pods" }
const insert = (history: ReadonlyArray<ClusterEvent>, place: number, event: ClusterEvent) => [
  ...history.slice(0, place),
  event,
  ...history.slice(place)
]
const only = (history: ReadonlyArray<ClusterEvent>, end: "open" | "quiescent" = "open", one = soon) => {
  const [outcome] = check([one], history, end)
  if (outcome === undefined) throw new Error("no outcome")
  return outcome
}

describe("what is owed within a time", () => {
  test("is pending while there is time, and violated when a later event shows that there was none", () => {
    expect(only(lifeOf(pending)).verdict).toBe("pending")
    expect(only(lifeOf(pending, heartbeat(10))).verdict).toBe("pending")
    const { verdict, violations } = only(lifeOf(pending, heartbeat(5), heartbeat(11), heartbeat(12)))
    const start = lifeOf(pending)[0]?.observed as Instant
    expect({ verdict, violations }).toEqual({
      verdict: "violated",
      violations: [{ slice: "uid-of-Pod-p", seq: 3, at: later(start, 10 * SECOND), since: start }]
    })
  })

  test("is kept at the last moment, and by what excuses it", () => {
    expect(only(lifeOf(pending, { at: 10, ...runs })).verdict).toBe("holding")
    expect(only(lifeOf(pending, { at: 10, status: { phase: "Failed" } }, heartbeat(60))).verdict).toBe("holding")
    expect(only(lifeOf(pending, { at: 11, ...runs })).verdict).toBe("violated")
  })

  test("will not come any more when the pod is gone, or nothing is left to happen", () => {
    const gone = lifeOf(pending, { at: 1, change: "DELETED", ...pending })
    expect(only(gone).violations).toMatchObject([{ seq: 2 }])
    expect(only(lifeOf(pending), "quiescent").verdict).toBe("violated")
    expect(only(lifeOf(runs), "quiescent")).toMatchObject({ verdict: "satisfied", isVacuous: true })
  })

  test("is another with another parameter", () => {
    const history = lifeOf(pending, { at: 15, ...runs })
    expect(only(history, "open", soon.with({ limit: "20 s" })).verdict).toBe("holding")
    expect(() => soon.with({ limits: "20 s" })).toThrow("soon has no parameter limits; it has limit")
    expect(() => soon.with({ limit: "soon" })).toThrow('"soon" is no duration')
  })
})

describe("a gap", () => {
  const broken = lifeOf(pending, { at: 20, ...runs })
  test("hides whether it was fulfilled: never a violation, and said", () => {
    const { inconclusive, verdict } = only(insert(broken, 1, gap))
    expect(verdict).toBe("holding")
    expect([...inconclusive]).toEqual([["a gap in the recording of pods", 1]])
  })
  test("of another resource hides nothing", () => {
    expect(only(insert(broken, 1, { ...gap, resource: "nodes" })).verdict).toBe("violated")
  })
  test("does not hide what is broken after it", () => {
    const history = lifeOf(runs, { at: 30, ...pending }, { at: 50, ...runs })
    expect(only(insert(history, 1, gap)).violations).toMatchObject([{ seq: 4 }])
  })
})

describe("an assumption", () => {
  const assuming = property("assuming", { says: "…", source: "a test", each: pod, assume: [nodeReachable] }, () =>
    say.leadsTo(phase("Pending"), phase("Running")).within("10 s")
  )
  const ready = (status: string) => ({ conditions: [{ type: "Ready", status }] })
  const node = (at: number, status: string): Version => ({ ...heartbeat(at), status: ready(status) })
  const on = { spec: { nodeName: "n" }, ...pending }
  test("that turns out not to have been so within its time takes the violation back before it is told", () => {
    const told: Array<string> = []
    const checker = new Checker([assuming], { onViolation: ({ id }) => told.push(id) })
    const history = lifeOf(node(0, "True"), on, node(40, "Unknown"), node(200, "Unknown"))
    for (const event of history) checker.see(event)
    const [outcome] = checker.outcomes("open")
    expect(told).toEqual([])
    expect([...(outcome?.inconclusive.keys() ?? [])]).toEqual(["node n was not ready"])
  })
  test("that was so lets it be told", () => {
    const told: Array<string> = []
    const checker = new Checker([assuming], { onViolation: ({ id }) => told.push(id) })
    for (const event of lifeOf(node(0, "True"), on, node(40, "True"))) checker.see(event)
    expect(told).toEqual([])
    checker.tick(later(lifeOf(on)[0]?.observed as Instant, 200 * SECOND))
    expect(told).toEqual(["assuming"])
  })
})

test("a goal is reached where its moment is seen", () => {
  const goal = sometimes("fails", { says: "a pod fails", source: "a test", each: pod }, phase("Failed"))
  expect(only(lifeOf(runs), "open", goal).violations).toEqual([])
  expect(only(lifeOf(runs, { status: { phase: "Failed" } }), "open", goal).violations).toMatchObject([{ seq: 2 }])
})

test("versions that a property does not speak of are not held to it", () => {
  const old = property("old", { says: "…", source: "a test", each: pod, until: "1.36" }, () =>
    say.never(phase("Running"))
  )
  const history = [{ _tag: "RecordingStarted", header: { kubernetes: "1.36.3" } } as ClusterEvent, ...lifeOf(runs)]
  expect(only(history, "open", old)).toMatchObject({
    violations: [],
    notApplicable: "speaks of Kubernetes before 1.36, this is 1.36.3"
  })
})

test("what is found while a recording goes on is what is found in it as far as it goes", () => {
  const history = recording("crash-loop.1")
  fc.assert(
    fc.property(fc.nat(history.length), (cut) => {
      const checker = new Checker([...laws, soon])
      const plain = (outcomes: ReturnType<typeof check>) =>
        outcomes.map(({ property: { id }, ...rest }) => ({ id, ...rest }))
      for (const [place, event] of history.entries()) {
        checker.see(event)
        if (place + 1 === cut) {
          expect(plain(checker.outcomes("open"))).toEqual(plain(check([...laws, soon], history.slice(0, cut))))
        }
      }
    }),
    { numRuns: 10 }
  )
})
