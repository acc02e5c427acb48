import { describe, expect, test } from "@effect/vitest"
import fc from "fast-check"
import type { Instant } from "../../../src/event/Instant.ts"
import { isHidden, type Trace, truthAt } from "../../../src/property/explain/truthAt.ts"
import type { Formula } from "../../../src/property/language/Formula.ts"
import * as say from "../../../src/property/language/operators.ts"
import { FALSE, TRUE, type Truth, UNKNOWN } from "../../../src/property/language/Verdict.ts"
import { Monitor, programOf } from "../../../src/property/monitor/Monitor.ts"
import { a, anyFormula, anyPast, anyTrace, b, type Letters } from "./anyFormula.ts"

const watch = (formula: Formula<Letters>, trace: Trace<Letters>): Monitor<Letters> => {
  const monitor = new Monitor(programOf(formula))
  for (const item of trace) {
    if (monitor.broken !== undefined) break
    if (isHidden(item)) {
      monitor.expire(item.hiddenAt, 0)
      if (monitor.broken === undefined) monitor.cut("a gap")
    } else monitor.see(item)
  }
  return monitor
}

const least = (truths: ReadonlyArray<Truth>): Truth => Math.min(TRUE, ...truths) as Truth

/** What it means: asked at every moment that was seen, `always` at the top or not. */
const truth = (formula: Formula<Letters>, trace: Trace<Letters>): Truth => {
  if (formula._tag === "Always" || formula._tag === "Named") return truth(formula.of, trace)
  if (formula._tag === "And") return least(formula.of.map((part) => truth(part, trace)))
  return least(trace.flatMap((item, i) => (isHidden(item) ? [] : [truthAt(formula, trace, i)])))
}

const verdict = (formula: Formula<Letters>, trace: Trace<Letters>): Truth => {
  const { isUnknown, verdict } = watch(formula, trace).standing("quiescent")
  return verdict === "violated" ? FALSE : isUnknown ? UNKNOWN : TRUE
}

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
})
void a
void b
void anyPast
void say
void (0 as Instant)
