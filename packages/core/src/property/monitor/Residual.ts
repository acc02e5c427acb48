/**
 * What is still open of a formula after some moments: what would have to be true of the rest.
 *
 * It is progressed from moment to moment; obligations of one shape are merged, so that it grows with what is open at once and
 * not with how often it was asked for.
 */
import type { Instant } from "../../event/Instant.ts"
import { type End, FALSE, TRUE, type Truth, UNKNOWN } from "../language/Verdict.ts"
import { compile, type Node, type Temporal } from "./compile.ts"
import type { Moment } from "./Moment.ts"
import type { Past, Registers } from "./now.ts"

export type Residual<V> = Truth | Later<V> | Junction<V>

/** To be asked again at the next moment of the slice. */
export interface Later<V> {
  readonly _tag: "Later"
  readonly node: Temporal<V>
  readonly window: Window<V>
  /** The last moment that counts. */
  readonly deadline: number
  /** When it was asked for first. */
  readonly since: Instant
  readonly key: string
}

interface Junction<V> {
  readonly _tag: "All" | "Any"
  readonly of: ReadonlyArray<Residual<V>>
  readonly key: string
}

const NO_REGISTERS: Registers = []

/** What is remembered of the past for one formula, from the slice's beginning or from a binding on. */
export class Window<V> {
  readonly pasts: ReadonlyArray<Past<V>>
  readonly registers: Registers
  readonly id: number
  #reached: Moment<V> | undefined
  static #windows = 0

  constructor(pasts: ReadonlyArray<Past<V>>) {
    this.pasts = pasts
    this.registers = pasts.length === 0 ? NO_REGISTERS : new Array<number>(pasts.length * 2).fill(0)
    Window.#windows += 1
    this.id = Window.#windows
    for (const past of pasts) past.begin(this.registers)
  }

  /** Whoever remembers nothing needs no window of its own. */
  static of<V>(pasts: ReadonlyArray<Past<V>>): Window<V> {
    return pasts.length === 0 ? (blind as unknown as Window<V>) : new Window(pasts)
  }

  /** Brings the registers up to a moment; a second time at the same one does nothing. */
  reach(moment: Moment<V>): void {
    if (this.pasts.length === 0 || this.#reached === moment) return
    this.#reached = moment
    for (const past of this.pasts) past.advance(moment, this.registers)
  }

  cut(): void {
    for (const past of this.pasts) past.cut(this.registers)
  }
}

const blind = new Window<never>([])

const later = <V>(node: Temporal<V>, window: Window<V>, since: Instant): Later<V> => {
  const deadline = node._tag === "Until" ? Number.POSITIVE_INFINITY : since + node.limit
  return { _tag: "Later", node, window, deadline, since, key: `${node.id}/${window.id}/${deadline}` }
}
const keyOf = <V>(residual: Residual<V>): string => (typeof residual === "number" ? String(residual) : residual.key)

/** Of two obligations of one shape the one that says it all. */
const merged = <V>(tag: "All" | "Any", one: Later<V>, other: Later<V>): Later<V> => {
  const takesEarlier = (tag === "All") === (one.node._tag === "Eventually")
  if (one.deadline === other.deadline) return one.since <= other.since ? one : other
  return one.deadline < other.deadline === takesEarlier ? one : other
}

/** The conjunction or disjunction, as short as it can be said. */
const join = <V>(tag: "All" | "Any", parts: ReadonlyArray<Residual<V>>): Residual<V> => {
  const [absorbing, neutral]: readonly [Truth, Truth] = tag === "All" ? [FALSE, TRUE] : [TRUE, FALSE]
  const kept = new Map<string, Residual<V>>()
  const add = (part: Residual<V>): boolean => {
    if (part === absorbing) return false
    if (part === neutral) return true
    if (typeof part === "object" && part._tag === tag) return part.of.every(add)
    const shape = typeof part === "object" && part._tag === "Later" ? `${part.node.id}/${part.window.id}` : keyOf(part)
    const known = kept.get(shape)
    if (known === undefined) kept.set(shape, part)
    else if (typeof known === "object" && known._tag === "Later") kept.set(shape, merged(tag, known, part as Later<V>))
    return true
  }
  if (!parts.every(add)) return absorbing
  const of = [...kept.values()]
  if (of.length <= 1) return of[0] ?? neutral
  return { _tag: tag, of, key: `${tag}(${[...of].map(keyOf).sort().join(",")})` }
}

export const both = <V>(one: Residual<V>, other: Residual<V>): Residual<V> => {
  if (one === TRUE) return other
  return other === TRUE ? one : join("All", [one, other])
}

/** As far as it was asked at all. */
export const ifAsked = <V>(residual: Residual<V>): Residual<V> => join("Any", [UNKNOWN, residual])

/** What is left of a conjunction when what a gap hides is set aside; `isHiding`: something was. */
export const withoutUnknown = <V>(
  residual: Residual<V>
): { readonly rest: Residual<V>; readonly isHiding: boolean } => {
  if (residual === UNKNOWN) return { rest: TRUE, isHiding: true }
  if (typeof residual === "number" || residual._tag !== "All" || !residual.of.includes(UNKNOWN)) {
    return { rest: residual, isHiding: false }
  }
  return {
    rest: join(
      "All",
      residual.of.filter((part) => part !== UNKNOWN)
    ),
    isHiding: true
  }
}

/** What a formula asks at this moment and leaves for later. */
export const begin = <V>(node: Node<V>, moment: Moment<V>, window: Window<V>): Residual<V> => {
  switch (node._tag) {
    case "Now":
      return node.read(moment, window.registers)
    case "All":
    case "Any":
      return join(
        node._tag,
        node.of.map((part) => begin(part, moment, window))
      )
    case "Bind":
      return bound(node, moment)
    default:
      return ask(later(node, window, moment.at), moment)
  }
}

const bound = <V>({ bind, isNegated }: Extract<Node<V>, { readonly _tag: "Bind" }>, moment: Moment<V>): Residual<V> => {
  const found = bind.match(moment.view)
  if (found === undefined) return isNegated ? FALSE : TRUE
  const { node, pasts } = compile(bind.body(found as never), isNegated)
  const window = Window.of<V>(pasts)
  // Of what was before the binding nothing is asked: a step that leads here is none of it.
  const first: Moment<V> = { ...moment, joins: "begins" }
  window.reach(first)
  return begin(node, first, window)
}

/** What an obligation that is not overdue asks at this moment. */
const ask = <V>(open: Later<V>, moment: Moment<V>): Residual<V> => {
  const { node, window } = open
  switch (node._tag) {
    case "Eventually":
      return join("Any", [begin(node.of, moment, window), open])
    case "Always":
      return join("All", [begin(node.of, moment, window), open])
    case "Until":
      return join("Any", [begin(node.by, moment, window), join("All", [begin(node.held, moment, window), open])])
  }
}

/** What is left when the time is up: what had to come has not come, what had to last has lasted. */
const overdue = <V>({ node }: Later<V>): Truth => (node._tag === "Eventually" ? FALSE : TRUE)

const mapped = <V>(residual: Residual<V>, change: (open: Later<V>) => Residual<V>): Residual<V> => {
  if (typeof residual === "number") return residual
  if (residual._tag === "Later") return change(residual)
  return join(
    residual._tag,
    residual.of.map((part) => mapped(part, change))
  )
}

/** The residual after one moment more. */
export const progress = <V>(residual: Residual<V>, moment: Moment<V>): Residual<V> =>
  mapped(residual, (open) => {
    if (open.deadline < moment.at) return overdue(open)
    open.window.reach(moment)
    return ask(open, moment)
  })

/** The residual when `now` has come and nothing happened in the slice. */
export const expire = <V>(residual: Residual<V>, now: Instant): Residual<V> =>
  mapped(residual, (open) => (open.deadline < now ? overdue(open) : open))

/** The residual when something may have happened that nobody saw. */
export const cut = <V>(residual: Residual<V>): Residual<V> =>
  mapped(residual, (open) => {
    open.window.cut()
    if (open.node._tag === "Until") return UNKNOWN
    return join(open.node._tag === "Eventually" ? "Any" : "All", [UNKNOWN, open])
  })

/** The earliest moment after which time alone changes it; infinity: never. */
export const deadlineOf = <V>(residual: Residual<V>): number => {
  if (typeof residual === "number") return Number.POSITIVE_INFINITY
  if (residual._tag === "Later") return residual.deadline
  let least = Number.POSITIVE_INFINITY
  for (const part of residual.of) least = Math.min(least, deadlineOf(part))
  return least
}

/** Since when something has been open; infinity: nothing is. */
export const openSince = <V>(residual: Residual<V>): number => {
  if (typeof residual === "number") return Number.POSITIVE_INFINITY
  if (residual._tag === "Later") return residual.since
  let least = Number.POSITIVE_INFINITY
  for (const part of residual.of) least = Math.min(least, openSince(part))
  return least
}

/** The number of obligations in it. */
export const sizeOf = <V>(residual: Residual<V>): number => {
  if (typeof residual === "number") return 0
  return residual._tag === "Later" ? 1 : residual.of.reduce<number>((sum, part) => sum + sizeOf(part), 0)
}

/** How it stands at an end: 0 violated … 3 satisfied; `isUnknown`: a gap hides whether it is better. */
export interface Standing {
  readonly rank: 0 | 1 | 2 | 3
  readonly isUnknown: boolean
}

const standingOfLater = <V>({ deadline, node }: Later<V>, end: End): Standing["rank"] => {
  const mustCome = node._tag === "Eventually" || (node._tag === "Until" && node.mustCome)
  if (end === "open" || (end === "stopped" && deadline !== Number.POSITIVE_INFINITY)) return mustCome ? 1 : 2
  return mustCome ? 0 : 3
}

/** Of an open end: when time has passed up to it by `expire`. */
export const standingOf = <V>(residual: Residual<V>, end: End): Standing => {
  if (residual === FALSE) return { rank: 0, isUnknown: false }
  if (residual === TRUE) return { rank: 3, isUnknown: false }
  if (residual === UNKNOWN) return { rank: 3, isUnknown: true }
  if (residual._tag === "Later") return { rank: standingOfLater(residual, end), isUnknown: false }
  const parts = residual.of.map((part) => standingOf(part, end))
  const surely = parts.filter((part) => !part.isUnknown).map(({ rank }) => rank)
  if (residual._tag === "All") {
    const rank = Math.min(...parts.map((part) => part.rank)) as Standing["rank"]
    return { rank, isUnknown: !surely.includes(0) && parts.some(({ isUnknown }) => isUnknown) }
  }
  const isUnknown = !surely.includes(3) && parts.some((part) => part.isUnknown)
  return { rank: Math.max(...parts.map((part) => part.rank)) as Standing["rank"], isUnknown }
}
