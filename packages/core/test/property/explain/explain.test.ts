import { describe, expect, test } from "@effect/vitest"
import fc from "fast-check"
import type { Instant } from "../../../src/event/Instant.ts"
import { check } from "../../../src/property/Checker.ts"
import { Questions } from "../../../src/property/explain/Answers.ts"
import { type Explanation, explain } from "../../../src/property/explain/explain.ts"
import { renderExplanation } from "../../../src/property/explain/explanationText.ts"
import type { Reason } from "../../../src/property/explain/Reason.ts"
import { Retelling, type Retold } from "../../../src/property/explain/Retelling.ts"
import { isHidden, type Trace } from "../../../src/property/explain/truthAt.ts"
import type { Formula } from "../../../src/property/language/Formula.ts"
import * as say from "../../../src/property/language/operators.ts"
import { property } from "../../../src/property/language/Property.ts"
import { type Broken, Monitor, programOf } from "../../../src/property/monitor/Monitor.ts"
import { pod } from "../../../src/property/slice/pod.ts"
import { phase, terminating } from "../../../src/property/vocabulary/pod.ts"
import { lifeOf } from "../../../src/testing/lifeOf.ts"
import { anyFormula, anyTrace, type Letters } from "../monitor/anyFormula.ts"

/** How a monitor was broken by a slice, if it was; at its end nothing more comes. */
const brokenBy = (formula: Formula<Letters>, trace: Trace<Letters>): Broken | undefined => {
  const monitor = new Monitor(programOf(formula))
  let [seq, at] = [0, 0 as Instant]
  for (const item of trace) {
    if (monitor.broken !== undefined) return monitor.broken
    at = isHidden(item) ? item.hiddenAt : item.at
    if (isHidden(item)) {
      monitor.expire(at, seq)
      if (monitor.broken === undefined) monitor.cut("a gap")
    } else {
      seq = item.seq
      monitor.see(item)
    }
  }
  if (monitor.broken === undefined) monitor.end("quiescent", seq, at)
  return monitor.broken
}

const retoldOf = (formula: Formula<Letters>, trace: Trace<Letters>, broken: Broken): Retold => {
  const questions = new Questions<Letters>(formula, broken.since)
  const items = trace.flatMap((item): Retold["items"] => {
    if (isHidden(item)) return [item]
    if (item.seq > broken.seq || item.at > broken.at) return []
    return [{ ...item, view: { ...questions.ask(item), words: `moment ${item.seq}` } }]
  })
  const one = property("any", { says: "…", source: "a test", each: pod }, () => say.constant(true) as never)
  const violation = { ...broken, slice: "s" }
  return { property: one, violation, name: { each: "pod", key: "s" }, questions, items, start: 0 as Instant } as never
}

const leaves = (reason: Reason): ReadonlyArray<Reason> =>
  [...reason.of, ...(reason.excuses ?? [])].flatMap(leaves).concat(reason.op === "Atom" ? [reason] : [])

const letterOf = (reason: Reason, trace: Trace<Letters>): boolean | undefined => {
  const moment = trace.find((item) => !isHidden(item) && item.seq === reason.seq)
  if (moment === undefined || isHidden(moment)) return undefined
  return reason.says === "a" ? moment.view.a : reason.says === "b" ? moment.view.b : undefined
}

describe("an explanation", () => {
  test("of any formula over any slice says of some moment why it is false there, and each finding is so", () => {
    let explained = 0
    fc.assert(
      fc.property(anyFormula, anyTrace(true), (formula, trace) => {
        const broken = brokenBy(formula, trace)
        if (broken === undefined) return
        explained += 1
        const { because, lines } = explain(retoldOf(formula, trace, broken))
        expect(because?.holds).toBe(false)
        expect(lines.length).toBeGreaterThan(0)
        for (const leaf of because === undefined ? [] : leaves(because)) {
          const letter = letterOf(leaf, trace)
          if (letter !== undefined && leaf.holds !== undefined) expect(leaf.holds).toBe(letter)
        }
      }),
      { numRuns: 3_000 }
    )
    expect(explained).toBeGreaterThan(300)
  })
})

const soon = property("pod/runs-soon", { says: "A pod runs within 5 s", source: "what I believe", each: pod }, () =>
  say
    .leadsTo(phase("Pending"), phase("Running"))
    .within("5 s")
    .unless(say.or(terminating, phase("Failed")))
)
const pending = { phase: "Pending" }
const history = lifeOf(
  { status: pending },
  { at: 1, spec: { nodeName: "n" }, status: pending },
  { at: 2, spec: { nodeName: "n" }, metadata: { labels: { a: "b" } }, status: pending },
  { at: 9, spec: { nodeName: "n" }, status: { phase: "Running" } }
)

const explained = (): { readonly text: (width?: number) => string; readonly explanation: Explanation } => {
  const [outcome] = check([soon], history)
  const [violation] = outcome?.violations ?? []
  if (outcome === undefined || violation === undefined) throw new Error("it is not violated")
  const retelling = new Retelling([{ property: soon, violation }])
  for (const [place, event] of history.entries()) if (!retelling.see(event, place + 1)) break
  const [explanation] = retelling.retold().map(explain)
  if (explanation === undefined) throw new Error("nothing was told")
  return { explanation, text: (width) => renderExplanation(explanation, outcome, { width }) }
}

describe("a counter-example on one screen", () => {
  test("tells what was owed since when, when the time was over, and that no excuse was so", () => {
    expect(explained().text()).toMatchInlineSnapshot(`
      "VIOLATED  pod/runs-soon      1 of 1 slice · fired 3× · law
        says     A pod runs within 5 s
        source   what I believe
        slice    default/p  uid uid-of-Pod-p  on n
        ▶ 00:00.000  #1  ADDED, Pending   [phase Pending ✓, phase Running ✗ (phase Pending), terminating ✗ (deletionTimestamp (none)), phase Failed ✗ (phase Pending)]   ┐ phase Running: by 00:05.000
          … 2 events
        ✗ 00:05.000      the time is over, as event #4 shows   ┘ deadline passed
        because  #1 phase Pending ✓
                 phase Running was never true in #1…#3 until 00:05.000; excuses: terminating ✗ (deletionTimestamp (none)), phase Failed ✗ (phase Pending)"
    `)
  })

  test("is broken where the screen ends, and goes on under itself", () => {
    const text = explained().text(72)
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(72)
    expect(text).toMatchInlineSnapshot(`
      "VIOLATED  pod/runs-soon      1 of 1 slice · fired 3× · law
        says     A pod runs within 5 s
        source   what I believe
        slice    default/p  uid uid-of-Pod-p  on n
        ▶ 00:00.000  #1  ADDED, Pending   [phase Pending ✓, phase Running ✗
                         (phase Pending), terminating ✗ (deletionTimestamp
                         (none)), phase Failed ✗ (phase Pending)]   ┐ phase
                         Running: by 00:05.000
          … 2 events
        ✗ 00:05.000      the time is over, as event #4 shows   ┘ deadline
                         passed
        because  #1 phase Pending ✓
                 phase Running was never true in #1…#3 until 00:05.000;
                 excuses: terminating ✗ (deletionTimestamp (none)), phase
                 Failed ✗ (phase Pending)"
    `)
  })

  test("keeps apart what happened, what did not come in time, and what will not come", () => {
    expect(explained().explanation).toMatchObject({ brokenBy: "time", onset: { seq: 1 } })
  })
})
