/**
 * The meaning of formulas, written down as it is said: what is true at a moment, given the whole slice. Slow and short; the
 * monitors are tested against it, and violations are explained with it.
 */
import type { Instant } from "../../event/Instant.ts"
import type { Formula } from "../language/Formula.ts"
import { FALSE, negated, TRUE, type Truth, UNKNOWN } from "../language/Verdict.ts"
import type { Moment } from "../monitor/Moment.ts"
import { testAtom } from "../monitor/now.ts"

/** A time in which something may have happened that nobody saw. */
export interface Hidden {
  readonly hiddenAt: Instant
}

/** A slice's moments in their order, and the gaps between them. One that begins with a gap was not seen to begin. */
export type Trace<V> = ReadonlyArray<Moment<V> | Hidden>

export const isHidden = <V>(item: Moment<V> | Hidden | undefined): item is Hidden =>
  item !== undefined && "hiddenAt" in item

const least = (one: Truth, other: Truth): Truth => (one < other ? one : other)
const most = (one: Truth, other: Truth): Truth => (one > other ? one : other)

/**
 * The truth at item `i`, a moment, for someone to whom the past begins at `start`. Nothing comes after the last item: what had to
 * come has not come.
 */
export const truthAt = <V>(formula: Formula<V>, trace: Trace<V>, i: number, start = 0): Truth => {
  const moment = trace[i]
  if (moment === undefined || isHidden(moment)) throw new RangeError(`item ${i} is no moment`)
  const at = (part: Formula<V>, there = i): Truth => truthAt(part, trace, there, start)
  switch (formula._tag) {
    case "Atom": {
      if (formula.isStep && i === start) return TRUE
      if (formula.isStep && isHidden(trace[i - 1])) return UNKNOWN
      return testAtom(formula, moment.view) ? TRUE : FALSE
    }
    case "Constant":
      return formula.value ? TRUE : FALSE
    case "Named":
      return at(formula.of)
    case "Not":
      return negated(at(formula.of))
    case "And":
      return formula.of.reduce<Truth>((truth, part) => least(truth, at(part)), TRUE)
    case "Or":
      return formula.of.reduce<Truth>((truth, part) => most(truth, at(part)), FALSE)
    case "Implies":
      return most(negated(at(formula.given)), at(formula.asked))
    case "Previously":
    case "Once":
    case "Historically":
    case "Since":
      return pastTruth(formula, trace, i, start)
    case "Bind": {
      const found = formula.match(moment.view)
      return found === undefined ? TRUE : truthAt(formula.body(found as never), trace, i, i)
    }
    default:
      return futureTruth(formula, trace, i, start)
  }
}

type Past<V> = Extract<Formula<V>, { readonly _tag: "Previously" | "Once" | "Historically" | "Since" }>
type Future<V> = Extract<Formula<V>, { readonly _tag: "Always" | "Eventually" | "HoldsFor" | "Until" }>

const timeOf = <V>(trace: Trace<V>, i: number): number => {
  const item = trace[i]
  if (item === undefined) return Number.POSITIVE_INFINITY
  return isHidden(item) ? item.hiddenAt : item.at
}

const pastTruth = <V>(formula: Past<V>, trace: Trace<V>, i: number, start: number): Truth => {
  if (formula._tag === "Historically") {
    const { limit, of } = formula
    const broken: Formula<V> = { _tag: "Once", of: { _tag: "Not", of }, ...(limit === undefined ? {} : { limit }) }
    return negated(pastTruth(broken as Past<V>, trace, i, start))
  }
  if (formula._tag === "Once") return onceTruth(formula, trace, i, start)
  const before = (): Truth => {
    // Where the slice was not seen to begin, the first item is a gap.
    if (i === start) return FALSE
    return isHidden(trace[i - 1])
      ? UNKNOWN
      : truthAt(formula._tag === "Since" ? formula : formula.of, trace, i - 1, start)
  }
  if (formula._tag === "Previously") return before()
  return most(truthAt(formula.from, trace, i, start), least(truthAt(formula.held, trace, i, start), before()))
}

const onceTruth = <V>(
  { limit = Number.POSITIVE_INFINITY, of }: Extract<Formula<V>, { readonly _tag: "Once" }>,
  trace: Trace<V>,
  i: number,
  start: number
): Truth => {
  let truth: Truth = FALSE
  for (let k = start; k <= i; k++) {
    // What a gap hides can have happened up to the moment that ends it.
    const item = trace[k]
    const ended = isHidden(item) ? trace.slice(k).findIndex((other) => !isHidden(other)) + k : k
    if (timeOf(trace, i) - timeOf(trace, ended) > limit) continue
    truth = most(truth, isHidden(item) ? UNKNOWN : truthAt(of, trace, k, start))
  }
  return truth
}

const futureTruth = <V>(formula: Future<V>, trace: Trace<V>, i: number, start: number): Truth => {
  if (formula._tag === "Until") return untilTruth(formula, trace, i, start)
  const of: Formula<V> =
    formula._tag === "Eventually" && formula.excuse !== undefined
      ? { _tag: "Or", of: [formula.of, formula.excuse] }
      : formula.of
  const limit =
    formula._tag === "Eventually" ? formula.limit : formula._tag === "HoldsFor" ? formula.lasting : undefined
  const mustCome = formula._tag === "Eventually"
  let truth: Truth = mustCome ? FALSE : TRUE
  for (let k = i; k < trace.length; k++) {
    if (timeOf(trace, k) - timeOf(trace, i) > (limit ?? Number.POSITIVE_INFINITY)) break
    const here = isHidden(trace[k]) ? UNKNOWN : truthAt(of, trace, k, start)
    truth = mustCome ? most(truth, here) : least(truth, here)
  }
  return truth
}

const untilTruth = <V>(
  formula: Extract<Formula<V>, { readonly _tag: "Until" }>,
  trace: Trace<V>,
  i: number,
  start: number
): Truth => {
  const { by, held, mustCome } = formula
  let truth: Truth = mustCome ? FALSE : TRUE
  for (let k = trace.length - 1; k >= i; k--) {
    truth = isHidden(trace[k])
      ? UNKNOWN
      : most(truthAt(by, trace, k, start), least(truthAt(held, trace, k, start), truth))
  }
  return truth
}
