/** A monitor over a whole slice, and what it means. */
import { isHidden, type Trace, truthAt } from "../../../src/property/explain/truthAt.ts"
import type { Formula } from "../../../src/property/language/Formula.ts"
import { FALSE, TRUE, type Truth, UNKNOWN } from "../../../src/property/language/Verdict.ts"
import { Monitor, programOf } from "../../../src/property/monitor/Monitor.ts"

export const watch = <V>(formula: Formula<V>, trace: Trace<V>): Monitor<V> => {
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
export const truth = <V>(formula: Formula<V>, trace: Trace<V>): Truth => {
  if (formula._tag === "Always" || formula._tag === "Named") return truth(formula.of, trace)
  if (formula._tag === "And") return least(formula.of.map((part) => truth(part, trace)))
  return least(trace.flatMap((item, i) => (isHidden(item) ? [] : [truthAt(formula, trace, i)])))
}

/** What a monitor finds of it, when nothing more comes. */
export const verdict = <V>(formula: Formula<V>, trace: Trace<V>): Truth => {
  const { isUnknown, verdict } = watch(formula, trace).standing("quiescent")
  return verdict === "violated" ? FALSE : isUnknown ? UNKNOWN : TRUE
}
