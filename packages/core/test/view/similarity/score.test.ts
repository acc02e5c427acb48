/** The score of a history: the numbers of the yardstick that was written first, and what each of them means. */
import { describe, expect, it } from "vitest"
import type { ClusterEvent } from "../../../src/event/ClusterEvent.ts"
import { type Instant, SECOND } from "../../../src/event/Instant.ts"
import { matches, matchingBlocks } from "../../../src/view/similarity/matchingBlocks.ts"
import { outlineOf } from "../../../src/view/similarity/Outline.ts"
import { plainMessage } from "../../../src/view/similarity/plainMessage.ts"
import { score, spreadOf } from "../../../src/view/similarity/score.ts"
import { recording } from "../recordings.ts"

const outline = (name: string) => outlineOf(recording(name))

/** What `compare.py --score A B…`, the first implementation, said of these recordings. */
const published = [
  ["crash-loop.1", ["crash-loop.2", "crash-loop.3"], false, 0.913, 1, 0.913, 0.571, 16.99, 9.47],
  [
    "deployment-bad-rollout.1",
    ["deployment-bad-rollout.2", "deployment-bad-rollout.3"],
    false,
    0.944,
    1,
    1,
    1,
    1.98,
    0.54
  ],
  ["drain.2", ["drain.1", "drain.3"], true, 1, 1, 0.978, 0.722, 0.37, 0.76],
  ["fuzz-1013.3", ["fuzz-1013.1", "fuzz-1013.2"], false, 0.917, 0.857, 0.826, 0.929, 3.61, 3.57],
  ["quota.1", ["quota.2", "quota.3"], true, 0.929, 1, 0.929, 1, 0.23, 0.2],
  ["service-endpoints.1", ["service-endpoints.2"], true, 1, 1, 1, 1, 0.72, 0],
  ["node-lost.1", ["node-lost.2", "node-lost.3"], false, 1, 0.769, 0.977, 1, 1.52, 0.65],
  [
    "retry-onfailure.1",
    ["always-exit-zero.1", "always-exit-zero.2", "always-exit-zero.3"],
    false,
    0.357,
    0.429,
    1,
    1,
    0.11,
    5.49
  ],
  ["rollout-surge.1", ["rollout-recreate.1", "rollout-recreate.2"], false, 0.298, 0.053, 1, 0.9, 9.47, 2.64],
  ["readiness-http.1", ["readiness-flips.1", "readiness-flips.2"], false, 0.857, 0.429, 1, 1, 0.24, 0.46],
  ["job-parallel.1", ["job-parallel.2", "job-parallel.3"], true, 1, 1, 1, 1, 0.3, 0.58]
] as const

describe("score", () => {
  it.each(published)("of %s among %j is what the first yardstick says", (one, others, ...numbers) => {
    const [parity, states, events, realStates, realEvents, late, realLate] = numbers
    const found = score(outline(one), others.map(outline))
    expect(found.parity).toBe(parity)
    expect(found.states).toBeCloseTo(states, 3)
    expect(found.events).toBeCloseTo(events, 3)
    expect(found.realStates).toBeCloseTo(realStates, 3)
    expect(found.realEvents).toBeCloseTo(realEvents, 3)
    // Hundredths of a second; a tie may be rounded to the other side.
    expect(Math.abs((found.p95 ?? 0) / SECOND - late)).toBeLessThan(0.011)
    expect(Math.abs(found.realP95 / SECOND - realLate)).toBeLessThan(0.011)
  })

  it("is exact for a recording among others and itself", () => {
    const runs = ["drain.1", "drain.2", "drain.3"].map(outline)
    expect(score(runs[0]!, runs)).toMatchObject({ parity: true, exact: true, states: 1, events: 1, p95: 0 })
  })

  it("lets a simulation be a second later than real runs are apart, and not more", () => {
    const [one, two] = [outline("run-forever.1"), outline("run-forever.2")]
    const spread = spreadOf([two])
    expect(spread).toEqual({ realStates: 1, realEvents: 1, realP95: 0 })
    const late = (by: number) => ({
      ...one,
      lives: one.lives.map((life) => ({ ...life, states: life.states.map((s) => ({ ...s, at: s.at + by })) }))
    })
    expect(score(late(SECOND), [one])).toMatchObject({ parity: true, p95: SECOND })
    expect(score(late(SECOND + 10_000), [one])).toMatchObject({ parity: false, p95: SECOND + 10_000 })
  })

  it("of nothing is zero, and has no times", () => {
    const nothing = outlineOf([])
    expect(score(nothing, [outline("run-forever.1")])).toMatchObject({
      states: 0,
      events: 0,
      p95: undefined,
      parity: false
    })
    expect(score(nothing, [nothing])).toMatchObject({ states: 1, events: 1, parity: true, exact: true })
  })
})

describe("outlineOf", () => {
  const at = (seconds: number) => (seconds * SECOND) as Instant
  const pod = (name: string, uid: string, phase: string, change: "ADDED" | "DELETED" = "ADDED"): ClusterEvent => ({
    _tag: "ObjectChanged",
    observed: at(1),
    change,
    object: { kind: "Pod", apiVersion: "v1", metadata: { name, uid }, spec: {}, status: { phase } }
  })

  it("keeps two lives of one name apart, and says of a deleted object only that it is gone", () => {
    const { lives } = outlineOf([
      pod("p", "a", "Pending"),
      pod("p", "a", "Running", "DELETED"),
      pod("p", "b", "Pending")
    ])
    expect(lives.map(({ name, states }) => [name, states.map(({ shape }) => shape).at(-1)])).toEqual([
      ["p", "gone"],
      ["p", expect.stringContaining("Pending")]
    ])
  })

  it("counts from the header's t0, and does not repeat a state", () => {
    const header: ClusterEvent = { _tag: "RecordingStarted", header: { t0: "1970-01-01T00:00:00.500Z" } }
    const { lives } = outlineOf([header, pod("p", "a", "Pending"), pod("p", "a", "Pending")])
    expect(lives.map(({ states }) => states.map((state) => state.at))).toEqual([[500_000]])
  })
})

describe("matchingBlocks", () => {
  it("takes the longest run first, then what is left and right of it", () => {
    const blocks = matchingBlocks([..."abxcd"], [..."abcd"])
    expect(blocks).toEqual([
      { left: 0, right: 0, length: 2 },
      { left: 3, right: 2, length: 2 }
    ])
    expect(matches(matchingBlocks([..."private"], [..."primate"]))).toBe(6)
    // Not a longest common subsequence: after the longest run there may be nothing in common on either side.
    expect(matches(matchingBlocks([..."bbaaacdcd"], [..."cdcdbb"]))).toBe(4)
    expect(matchingBlocks([], ["a"])).toEqual([])
  })
})

describe("plainMessage", () => {
  it("leaves out what two runs never share", () => {
    expect(
      plainMessage(
        "back-off 10s restarting failed container=main pod=web-6d4cf56db6-x7k2p_ns(0f0e0d0c-1111-2222-3333-444455556666)"
      )
    ).toBe("back-off 10s restarting failed container=main pod=web-*-*_ns(UID)")
    expect(plainMessage("read tcp 10.88.0.1:3333->10.88.0.7:80: i/o timeout after 1.003s")).toBe(
      "read tcp CONN: i/o timeout after Ds"
    )
  })
})
