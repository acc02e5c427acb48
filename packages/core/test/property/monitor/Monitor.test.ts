import { describe, expect, test } from "@effect/vitest"
import fc from "fast-check"
import type { Instant } from "../../../src/event/Instant.ts"
import { isHidden, type Trace } from "../../../src/property/explain/truthAt.ts"
import { type Formula, partsOf } from "../../../src/property/language/Formula.ts"
import * as say from "../../../src/property/language/operators.ts"
import { FALSE } from "../../../src/property/language/Verdict.ts"
import { anyFormula, anyPast, anyTrace, type Letters } from "./anyFormula.ts"
import { truth, verdict, watch } from "./watching.ts"

describe("a monitor", () => {
  test("finds what the formula means, of any formula over any slice", () => {
    fc.assert(
      fc.property(anyFormula, anyTrace(false), (formula, trace) => {
        expect(verdict(formula, trace)).toBe(truth(formula, trace))
      }),
      { numRuns: 3_000 }
    )
  })

  test("finds what is known of it across gaps", () => {
    fc.assert(
      fc.property(anyFormula, anyTrace(true), (formula, trace) => {
        expect(verdict(formula, trace)).toBe(truth(formula, trace))
      }),
      { numRuns: 3_000 }
    )
  })

  test("is impartial: what it has found to be broken is so, whatever comes", () => {
    fc.assert(
      fc.property(anyFormula, anyTrace(true), (formula, trace) => {
        const first = trace.findIndex((_, i) => watch(formula, trace.slice(0, i + 1)).broken !== undefined)
        if (first < 0) return
        for (let end = first + 1; end <= trace.length; end++) {
          expect(truth(formula, trace.slice(0, end))).toBe(FALSE)
          expect(watch(formula, trace.slice(0, end)).standing("open").verdict).toBe("violated")
        }
      }),
      { numRuns: 2_000 }
    )
  })

  test("never says of what is open more than is known: it can still become better or worse", () => {
    fc.assert(
      fc.property(anyFormula, anyTrace(true), (formula, trace) => {
        expect(watch(formula, trace).standing("open").verdict).not.toBe("satisfied")
      }),
      { numRuns: 500 }
    )
  })

  test("cannot tell formulas apart that mean the same", () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, anyTrace(true), (x, y, trace) => {
        for (const [one, other] of sameMeaning(x, y)) {
          expect(verdict(below(one), trace)).toBe(verdict(below(other), trace))
        }
      }),
      { numRuns: 1_000 }
    )
  })

  test("cannot tell what looks back apart from itself unfolded by a moment, as long as nothing is hidden", () => {
    fc.assert(
      fc.property(anyPast, anyPast, anyTrace(false), (x, y, trace) => {
        for (const [one, other] of sameMeaningOfPast(x, y)) {
          expect(verdict(below(one), trace)).toBe(verdict(below(other), trace))
        }
      }),
      { numRuns: 1_000 }
    )
  })

  test("keeps no more than what is open, however long it watches", () => {
    fc.assert(
      fc.property(withoutBindings, fc.array(anyTrace(false), { minLength: 20, maxLength: 20 }), (formula, traces) => {
        const long = joined(traces)
        const middle = watch(formula, long.slice(0, long.length / 2)).size
        const { size } = watch(formula, long)
        expect(Math.max(middle, size)).toBeLessThanOrEqual(2 ** sizeOf(formula))
      }),
      { numRuns: 300 }
    )
  })

  test("does not throw, whatever it is told and in whatever state it is asked", () => {
    fc.assert(
      fc.property(anyFormula, anyTrace(true), fc.nat(200), (formula, trace, later) => {
        const monitor = watch(formula, trace)
        monitor.cut("a gap")
        monitor.expire((100 + later) as Instant, 99)
        monitor.end("stopped", 99, (100 + later) as Instant)
        expect(monitor.deadline).toBeGreaterThan(0)
      }),
      { numRuns: 1_000 }
    )
  })
})

type Pair = readonly [Formula<Letters>, Formula<Letters>]
type Any = Formula<Letters>

/** Not at the top, where `always` means no more than that it is asked at each moment. */
const below = (formula: Any): Any => say.implies(say.constant(true), formula)

/** De Morgan's, negation pushed inside, and what unfolding an operator by one moment gives. */
const sameMeaning = (x: Any, y: Any): ReadonlyArray<Pair> => [
  [say.not(say.and(x, y)), say.or(say.not(x), say.not(y))],
  [say.not(say.or(x, y)), say.and(say.not(x), say.not(y))],
  [say.not(say.not(x)), x],
  [say.implies(x, y), say.or(say.not(x), y)],
  [say.not(say.eventually(x)), say.always(say.not(x))],
  [say.or(say.not(say.always(x)), y), say.or(say.eventually(say.not(x)), y)],
  [say.or(say.not(say.holdsFor(x, 5)), y), say.or(say.eventually(say.not(x)).within(5), y)],
  [say.or(x, say.eventually(x)), say.eventually(x)],
  [say.or(y, say.and(x, say.until(x, y))), say.until(x, y)],
  [say.or(y, say.and(x, say.unless(x, y))), say.unless(x, y)],
  [say.until(x, y), say.and(say.unless(x, y), say.eventually(y))],
  [say.and(x, y), say.and(y, x)]
]

/** Behind a gap nobody knows what was just before, and all the same what was once. */
const sameMeaningOfPast = (x: Any, y: Any): ReadonlyArray<Pair> => [
  [say.or(x, say.previously(say.once(x))), say.once(x)],
  [say.not(say.historically(x)), say.once(say.not(x))],
  [say.or(y, say.and(x, say.previously(say.since(x, y)))), say.since(x, y)]
]

const hasBinding = (formula: Any): boolean => formula._tag === "Bind" || partsOf(formula).some(hasBinding)
const withoutBindings = anyFormula.filter((formula) => !hasBinding(formula))
const sizeOf = (formula: Any): number => partsOf(formula).reduce((sum, part) => sum + sizeOf(part), 1)

/** One long slice of many short ones. */
const joined = (traces: ReadonlyArray<Trace<Letters>>): Trace<Letters> => {
  let [at, seq] = [100, 0]
  return traces.flatMap((trace) => {
    const base = at
    return trace.flatMap((item) => {
      if (isHidden(item)) return []
      at = base + item.at - 100
      seq += 1
      return [{ ...item, seq, at: at as Instant, joins: seq === 1 ? ("begins" as const) : ("continues" as const) }]
    })
  })
}
