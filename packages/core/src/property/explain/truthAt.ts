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

export const timeOf = <V>(item: Moment<V> | Hidden): Instant => (isHidden(item) ? item.hiddenAt : item.at)

const least = (one: Truth, other: Truth): Truth => (one < other ? one : other)
const most = (one: Truth, other: Truth): Truth => (one > other ? one : other)

type Past<V> = Extract<Formula<V>, { readonly _tag: "Previously" | "Once" | "Historically" | "Since" }>
type Future<V> = Extract<Formula<V>, { readonly _tag: "Always" | "Eventually" | "HoldsFor" | "Until" }>
type Only<V, Tag> = Extract<Formula<V>, { readonly _tag: Tag }>

/** What every formula means in one slice. What was asked once is known. */
export class Meaning<V> {
  readonly trace: Trace<V>
  readonly #known = new Map<Formula<V>, Map<number, Truth>>()

  constructor(trace: Trace<V>) {
    this.trace = trace
  }

  /**
   * The truth at item `i`, a moment, for someone to whom the past begins at `start`. Nothing comes after the last item: what had to
   * come has not come.
   */
  truth(formula: Formula<V>, i: number, start = 0): Truth {
    const moment = this.trace[i]
    if (moment === undefined || isHidden(moment)) throw new RangeError(`item ${i} is no moment`)
    const place = i * this.trace.length + start
    const known = this.#known.get(formula) ?? new Map<number, Truth>()
    this.#known.set(formula, known)
    const truth = known.get(place) ?? this.#find(formula, moment, i, start)
    known.set(place, truth)
    return truth
  }

  #find(formula: Formula<V>, moment: Moment<V>, i: number, start: number): Truth {
    const at = (part: Formula<V>): Truth => this.truth(part, i, start)
    switch (formula._tag) {
      case "Atom": {
        if (formula.isStep && i === start) return TRUE
        if (formula.isStep && isHidden(this.trace[i - 1])) return UNKNOWN
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
        return this.#past(formula, i, start)
      case "Bind": {
        const found = formula.match(moment.view)
        return found === undefined ? TRUE : this.truth(formula.body(found as never), i, i)
      }
      default:
        return this.#future(formula, i, start)
    }
  }

  #past(formula: Past<V>, i: number, start: number): Truth {
    switch (formula._tag) {
      case "Previously":
        // Where the slice was not seen to begin, the first item is a gap.
        if (i === start) return FALSE
        return isHidden(this.trace[i - 1]) ? UNKNOWN : this.truth(formula.of, i - 1, start)
      case "Historically": {
        const { limit, of } = formula
        return negated(
          this.#once({ _tag: "Once", of: { _tag: "Not", of }, ...(limit === undefined ? {} : { limit }) }, i, start)
        )
      }
      case "Once":
        return this.#once(formula, i, start)
      case "Since":
        return this.#since(formula, i, start)
    }
  }

  #since({ from, held }: Only<V, "Since">, i: number, start: number): Truth {
    let truth: Truth = FALSE
    for (let k = start; k <= i; k++) {
      truth = isHidden(this.trace[k])
        ? UNKNOWN
        : most(this.truth(from, k, start), least(this.truth(held, k, start), truth))
    }
    return truth
  }

  #once({ limit = Number.POSITIVE_INFINITY, of }: Only<V, "Once">, i: number, start: number): Truth {
    let truth: Truth = FALSE
    let ended = i
    for (let k = i; k >= start; k--) {
      // What a gap hides can have happened up to the moment that ends it.
      const hides = isHidden(this.trace[k])
      if (!hides) ended = k
      if (this.#time(i) - this.#time(ended) > limit) break
      truth = most(truth, hides ? UNKNOWN : this.truth(of, k, start))
    }
    return truth
  }

  #time(i: number): number {
    const item = this.trace[i]
    return item === undefined ? Number.POSITIVE_INFINITY : timeOf(item)
  }

  #future(formula: Future<V>, i: number, start: number): Truth {
    if (formula._tag === "Until") return this.#until(formula, i, start)
    const of: Formula<V> = formula.of
    const excuse = formula._tag === "Eventually" ? formula.excuse : undefined
    const limit =
      formula._tag === "Eventually" ? formula.limit : formula._tag === "HoldsFor" ? formula.lasting : undefined
    const mustCome = formula._tag === "Eventually"
    let truth: Truth = mustCome ? FALSE : TRUE
    for (let k = i; k < this.trace.length; k++) {
      if (this.#time(k) - this.#time(i) > (limit ?? Number.POSITIVE_INFINITY)) break
      let here: Truth = UNKNOWN
      if (!isHidden(this.trace[k])) {
        here = this.truth(of, k, start)
        if (excuse !== undefined) here = most(here, this.truth(excuse, k, start))
      }
      truth = mustCome ? most(truth, here) : least(truth, here)
    }
    return truth
  }

  #until({ by, held, mustCome }: Only<V, "Until">, i: number, start: number): Truth {
    let truth: Truth = mustCome ? FALSE : TRUE
    for (let k = this.trace.length - 1; k >= i; k--) {
      truth = isHidden(this.trace[k])
        ? UNKNOWN
        : most(this.truth(by, k, start), least(this.truth(held, k, start), truth))
    }
    return truth
  }
}

/** The truth at item `i` of a slice. */
export const truthAt = <V>(formula: Formula<V>, trace: Trace<V>, i: number, start = 0): Truth =>
  new Meaning(trace).truth(formula, i, start)
