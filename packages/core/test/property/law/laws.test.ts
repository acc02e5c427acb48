import { describe, expect, it } from "@effect/vitest"
import type { ClusterEvent } from "../../../src/event/ClusterEvent.ts"
import { check } from "../../../src/property/Checker.ts"
import { laws } from "../../../src/property/laws.ts"
import type { Outcome } from "../../../src/property/Outcome.ts"
import { lifeOf, type Version } from "../../../src/testing/lifeOf.ts"
import { recording, scenarioNames } from "../../view/recordings.ts"
import { clusterExamples } from "./clusterExamples.ts"
import { main, never, podExamples } from "./podExamples.ts"

/** No recording gives occasion to ask these. */
const neverAsked: ReadonlyArray<string> = ["L21", "L34", "L63", "L70"]

const run = (id: string, history: ReadonlyArray<ClusterEvent>): Outcome => {
  const [outcome] = check(
    laws.filter((law) => law.id === id),
    history
  )
  if (outcome === undefined) throw new Error(`there is no law ${id}`)
  return outcome
}

const examples = { ...podExamples, ...clusterExamples }

it("every law has an id and a name of its own, a sentence and a source", () => {
  expect(new Set(laws.flatMap(({ id, name }) => [id, name])).size).toBe(2 * laws.length)
  expect(laws.filter(({ says, source }) => says === "" || source === "").map(({ id }) => id)).toEqual([])
})

describe.each(laws.map((law) => ({ id: law.id, says: law.says })))("$id: $says", ({ id }) => {
  it("is told from a history that breaks it, with the event that does", () => {
    const broken = examples[id]?.broken ?? []
    const { verdict, violations } = run(id, lifeOf(...broken))
    expect({ verdict, at: violations.map(({ seq }) => seq) }).toEqual({ verdict: "violated", at: [broken.length] })
  })

  it("is asked, and holds, in a history that keeps it", () => {
    const { fired, verdict } = run(id, lifeOf(...(examples[id]?.kept ?? [])))
    expect(["holding", "satisfied"]).toContain(verdict)
    expect(fired).toBeGreaterThan(0)
  })
})

describe("what a real cluster showed", () => {
  const recordings = scenarioNames.flatMap((scenario) => [1, 2, 3].map((n) => `${scenario}.${n}`))
  const fired = new Map<string, number>()
  it("keeps every law", { timeout: 120_000 }, () => {
    const broken = recordings.flatMap((name) =>
      check(laws, recording(name)).flatMap((outcome) => {
        fired.set(outcome.property.id, (fired.get(outcome.property.id) ?? 0) + outcome.fired)
        return outcome.violations.map(({ seq, slice }) => `${outcome.property.id} in ${name}: event ${seq}, ${slice}`)
      })
    )
    expect(broken).toEqual([])
  })
  it("asks every law but those that it gives no occasion to", () => {
    expect(laws.filter(({ id }) => (fired.get(id) ?? 0) === 0).map(({ id }) => id)).toEqual(neverAsked)
  })
})

it("L22: a container may lose `started` before it is ready no more, and is never ready without it before", () => {
  const version = (more: object) =>
    main({ containerID: "c://1", state: { running: {} }, ready: true, started: true, ...more })
  const at = (...versions: ReadonlyArray<object>) => run("L22", lifeOf(...versions.map(version))).violations[0]?.seq
  expect(at({}, { started: false }, { started: false, ready: false })).toBe(undefined)
  expect(at({ started: false })).toBe(1)
  expect(at({ ready: false, started: false }, { started: false })).toBe(2)
  expect(at({}, { started: false, containerID: "c://2" })).toBe(2)
})

it("L40, L42: a container that was created when the kubelet was restarted never ran, and is started anew", () => {
  const life = lifeOf(
    { spec: never, ...main({ state: { waiting: {} }, lastState: {} }) },
    { spec: never, ...main({ state: { running: {} }, lastState: { waiting: {} }, restartCount: 1 }) }
  )
  expect(["L40", "L42"].flatMap((id) => run(id, life).violations)).toEqual([])
})

describe("L2, L5: what comes late is told", () => {
  const late = (...versions: ReadonlyArray<Version>): ReadonlyArray<string> =>
    [run("L2", lifeOf(...versions)), run("L5", lifeOf(...versions))].flatMap(({ property, violations }) =>
      violations.map(({ seq }) => `${property.id} at ${seq}`)
    )
  const first = { metadata: { resourceVersion: "1" } }

  it("of what is gone, and of a version that was told", () => {
    expect(late({}, { change: "DELETED" }, first)).toEqual(["L2 at 3"])
    expect(late({}, first)).toEqual(["L5 at 2"])
  })

  it("not where a gap, a list, a watch that begins, or a server that went back in time explains it", () => {
    const gap: ClusterEvent = { _tag: "Gap", cause: "expired", detail: "410" }
    const [born, gone, again] = lifeOf({}, { change: "DELETED" }, first)
    const told = (...history: ReadonlyArray<ClusterEvent | undefined>) => {
      const seen = history.filter((event) => event !== undefined)
      return ["L2", "L5"].flatMap((id) => run(id, seen).violations)
    }
    expect(told(born, gone, gap, again)).toEqual([])
    expect(told(born, gone, { ...again, era: 1 } as ClusterEvent)).toEqual([])
    expect(told(born, gone, { ...again, found: { resource: "pods", resourceVersion: "9" } } as ClusterEvent)).toEqual(
      []
    )
    expect(late({}, { ...first, change: "ADDED" })).toEqual([])
  })
})
