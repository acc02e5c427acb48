/**
 * The words in which properties are written. At the top of a property everything is meant `always`.
 *
 * There is no bare `next`: what the next version of an object is depends on who was looking.
 */
import { parseDuration } from "../../event/duration.ts"
import type { Micros } from "../../event/Instant.ts"
import { type Atom, type Evidence, type Formula, looksForward } from "./Formula.ts"

/** A Go duration, also with spaces (`15 s`, `5m`, `1h30m`), or microseconds. */
export type Duration = string | Micros

/** Throws a `TypeError` for what is no duration, or is below zero. */
export const micros = (duration: Duration): Micros => {
  const value = typeof duration === "number" ? duration : parseDuration(duration.replace(/\s+/g, ""))
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`"${duration}" is no duration; write one like "15 s", "5m" or "1h30m"`)
  }
  return value
}

/** A named question about one moment. */
export const when = <V>(name: string, test: (view: V) => boolean | Evidence): Atom<V> => ({
  _tag: "Atom",
  name,
  test,
  isStep: false
})

/** A named question about one moment and the one before it, which `test` finds in the view. */
export const transition = <V>(name: string, test: (view: V) => boolean | Evidence): Atom<V> => ({
  _tag: "Atom",
  name,
  test,
  isStep: true
})

/** An atom's answer with what was found. */
export const because = (holds: boolean, found: () => string): Evidence => ({ holds, because: found })

export const constant = (value: boolean): Formula<unknown> => ({ _tag: "Constant", value })
export const not = <V>(of: Formula<V>): Formula<V> => ({ _tag: "Not", of })
export const and = <V>(...of: ReadonlyArray<Formula<V>>): Formula<V> => ({ _tag: "And", of })
export const or = <V>(...of: ReadonlyArray<Formula<V>>): Formula<V> => ({ _tag: "Or", of })
export const implies = <V>(given: Formula<V>, asked: Formula<V>): Formula<V> => ({ _tag: "Implies", given, asked })
/** A part with a name of its own in what is printed. */
export const named = <V>(name: string, of: Formula<V>): Formula<V> => ({ _tag: "Named", name, of })

export const always = <V>(of: Formula<V>): Formula<V> => ({ _tag: "Always", of })
export const never = <V>(of: Formula<V>): Formula<V> => always(not(of))
/** True now, and from now on for so long. */
export const holdsFor = <V>(of: Formula<V>, lasting: Duration): Formula<V> => ({
  _tag: "HoldsFor",
  of,
  lasting: micros(lasting)
})

const onlyBackward = <V>(word: string, ...of: ReadonlyArray<Formula<V>>): void => {
  if (of.some(looksForward)) {
    throw new TypeError(`${word}(…) looks back, and in it stands what looks forward; say what led to it instead`)
  }
}

/** True at the moment before. False at the first one. */
export const previously = <V>(of: Formula<V>): Formula<V> => {
  onlyBackward("previously", of)
  return { _tag: "Previously", of }
}
export const rose = <V>(of: Formula<V>): Formula<V> => and(of, not(previously(of)))
export const fell = <V>(of: Formula<V>): Formula<V> => and(not(of), previously(of))
/** Once true, it stays so. */
export const stable = <V>(of: Formula<V>): Formula<V> => always(implies(previously(of), of))

/** A formula with methods that are no part of its data. */
const fluent = <F extends object, M extends object>(formula: F, methods: M): F & M =>
  Object.defineProperties(
    formula,
    Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value, enumerable: false }]))
  ) as F & M

/** Of what looks back without an end. */
export type Back<V> = Formula<V> & {
  /** Only the last so-and-so long counts. */
  readonly within: (duration: Duration) => Formula<V>
}

/** Now, or before. */
export const once = <V>(of: Formula<V>): Back<V> => {
  onlyBackward("once", of)
  const formula: Formula<V> = { _tag: "Once", of }
  return fluent(formula, { within: (limit: Duration): Formula<V> => ({ _tag: "Once", of, limit: micros(limit) }) })
}
/** Now, and at every moment before. */
export const historically = <V>(of: Formula<V>): Back<V> => {
  onlyBackward("historically", of)
  const formula: Formula<V> = { _tag: "Historically", of }
  return fluent(formula, {
    within: (limit: Duration): Formula<V> => ({ _tag: "Historically", of, limit: micros(limit) })
  })
}
/** `from` was true now or before, and `held` ever after. */
export const since = <V>(held: Formula<V>, from: Formula<V>): Formula<V> => {
  onlyBackward("since", held, from)
  return { _tag: "Since", held, from }
}

/** What may not come without the other: `after` only once `before` has been. */
export const precedes = <V>(before: Formula<V>, after: Formula<V>): Formula<V> => always(implies(after, once(before)))

/** `held` is true until `by` is; `by` may never come. */
export const unless = <V>(held: Formula<V>, by: Formula<V>): Formula<V> => ({
  _tag: "Until",
  held,
  by,
  mustCome: false
})
/** `held` is true until `by` is, and `by` comes. */
export const until = <V>(held: Formula<V>, by: Formula<V>): Formula<V> => ({ _tag: "Until", held, by, mustCome: true })

/** Of what must come: how soon, and what excuses that it does not. Each may be said once, in any order. */
export type Coming<V> = Formula<V> & {
  readonly within: (limit: Duration) => Coming<V>
  readonly unless: (excuse: Formula<V>) => Coming<V>
}

const coming = <V>(
  of: Formula<V>,
  around: (formula: Formula<V>) => Formula<V>,
  limit?: Micros,
  excuse?: Formula<V>
): Coming<V> => {
  const limits = { ...(limit === undefined ? {} : { limit }), ...(excuse === undefined ? {} : { excuse }) }
  return fluent(around({ _tag: "Eventually", of, ...limits }), {
    within: (duration: Duration) => coming(of, around, micros(duration), excuse),
    unless: (other: Formula<V>) => coming(of, around, limit, other)
  })
}

/** Now, or later. */
export const eventually = <V>(of: Formula<V>): Coming<V> => coming(of, (formula) => formula)

/** Whenever `trigger` is true, `response` is, then or later. */
export const leadsTo = <V>(trigger: Formula<V>, response: Formula<V>): Coming<V> =>
  coming(response, (formula) => always(implies(trigger, formula)))

/** While what is wanted stays the same, what is becomes what is wanted, and stays so (Anvil's eventually stable reconciliation). */
export const converges = <V>(desired: Formula<V>, actual: Formula<V>): Coming<V> =>
  coming(always(actual), (formula) => always(implies(always(desired), formula)))

/**
 * At each moment at which `match` finds something, `body` is asked with what was found. What looks back in there begins at that
 * moment.
 */
export const on = <V, T>(
  name: string,
  match: (view: V) => T | undefined,
  body: (found: T) => Formula<V>
): Formula<V> => ({ _tag: "Bind", name, match, body: body as (found: never) => Formula<V> })

/** What `of` picks is the same as at the moment before. */
export const unchanged = <V extends { readonly before: V | undefined }>(
  name: string,
  of: (view: V) => string | number | boolean | undefined
): Formula<V> =>
  transition(`${name} unchanged`, (view) => {
    const [was, is] = [view.before === undefined ? of(view) : of(view.before), of(view)]
    return because(was === is, () => `${name} ${String(was)} → ${String(is)}`)
  })

/** What `of` picks never falls; where there is none before or after, nothing is asked. */
export const monotone = <V extends { readonly before: V | undefined }>(
  name: string,
  of: (view: V) => number | undefined
): Formula<V> =>
  transition(`${name} never falls`, (view) => {
    const [was, is] = [view.before === undefined ? undefined : of(view.before), of(view)]
    return because(was === undefined || is === undefined || is >= was, () => `${name} ${String(was)} → ${String(is)}`)
  })
