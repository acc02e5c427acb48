import { describe, expect, it } from "@effect/vitest"
import { check } from "../../../src/property/Checker.ts"
import type { Formula } from "../../../src/property/language/Formula.ts"
import { never } from "../../../src/property/language/operators.ts"
import { property } from "../../../src/property/language/Property.ts"
import {
  doesntStart,
  doesntStartAfter,
  exits,
  exitsBefore,
  hasNotRestarted,
  hasRestarted,
  runTogether,
  starts,
  startsBefore
} from "../../../src/property/language/relations.ts"
import { type PodSeen, pod } from "../../../src/property/slice/pod.ts"
import { containerStatus, lifeOf, type Version } from "../../../src/testing/lifeOf.ts"

/** What is reported of `a` and `b`: `1` runs as first instance, `1.` has ended, `2` runs after one restart, `-` waits. */
const report = (text: string): Version => ({
  status: {
    containerStatuses: text.split(" ").map((state, place) => {
      const name = place === 0 ? "a" : "b"
      const instance = Number.parseInt(state, 10)
      if (Number.isNaN(instance)) return containerStatus({ name, state: { waiting: {} } })
      const containerID = `c://${name}${instance}`
      const ended = { terminated: { exitCode: 0, containerID } }
      return containerStatus({
        name,
        containerID,
        restartCount: instance - 1,
        state: state.endsWith(".") ? ended : { running: {} },
        ...(instance > 1
          ? { lastState: { terminated: { exitCode: 0, containerID: `c://${name}${instance - 1}` } } }
          : {})
      })
    })
  }
})

/** Does it hold of a pod that has lived so, and will do nothing more? */
const holds = (formula: Formula<PodSeen>, ...reports: ReadonlyArray<string>): boolean => {
  const relation = property("r", { says: "s", source: "s", each: pod }, () => formula)
  return check([relation], lifeOf(...reports.map(report)), "quiescent")[0]?.verdict !== "violated"
}

describe("the relations of Kubernetes' own tests of container lifecycles", () => {
  const inTurn = ["- -", "1 -", "1. -", "1. 1", "1. 1."]
  const together = ["- -", "1 -", "1 1", "1 1.", "1. 1."]

  it("startsBefore: the one starts, then the other does", () => {
    expect(holds(startsBefore("a", "b"), ...inTurn)).toBe(true)
    expect(holds(startsBefore("b", "a"), ...inTurn)).toBe(false)
    expect(holds(startsBefore("a", "b"), "- -", "1 -")).toBe(false)
    expect(holds(startsBefore("a", "b"), "- -", "1 1")).toBe(false)
  })

  it("startsBefore of the same container: it starts again", () => {
    expect(holds(startsBefore("a", "a"), "1 -", "1. -", "2 -")).toBe(true)
    expect(holds(startsBefore("a", "a"), "1 -", "1. -")).toBe(false)
  })

  it("exitsBefore: the one ends, then the other does", () => {
    expect(holds(exitsBefore("b", "a"), ...together)).toBe(true)
    expect(holds(exitsBefore("a", "b"), ...together)).toBe(false)
  })

  it("runTogether: both run at some moment", () => {
    expect(holds(runTogether("a", "b"), ...together)).toBe(true)
    expect(holds(runTogether("a", "b"), ...inTurn)).toBe(false)
  })

  it("doesntStart, doesntStartAfter", () => {
    expect([holds(doesntStart("b"), "1 -", "1. -"), holds(doesntStart("b"), ...inTurn)]).toEqual([true, false])
    expect(holds(doesntStartAfter("a", "b"), ...inTurn)).toBe(true)
    expect(holds(doesntStartAfter("b", "a"), ...inTurn)).toBe(false)
    expect(holds(doesntStartAfter("a", "b"), ...inTurn, "2 1.")).toBe(false)
  })

  it("hasRestarted, hasNotRestarted", () => {
    expect([holds(hasRestarted("a"), "1 -", "2 -"), holds(hasRestarted("a"), "1 -", "1. -")]).toEqual([true, false])
    expect(holds(hasNotRestarted("a"), "- -", "1 -", "1. -")).toBe(true)
    expect(holds(hasNotRestarted("a"), "- -", "1 -", "2 -")).toBe(false)
    expect(holds(hasNotRestarted("b"), "- -", "1 -")).toBe(false)
  })

  it("what they are made of can be asked by itself", () => {
    expect([holds(never(starts("a")), "- -"), holds(never(starts("a")), "- -", "1 -")]).toEqual([true, false])
    expect([holds(never(exits("a")), "- -", "1 -"), holds(never(exits("a")), "1 -", "1. -")]).toEqual([true, false])
  })
})
