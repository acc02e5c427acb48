/** One property, watched over one slice. */
import type { Instant } from "../../event/Instant.ts"
import type { Bind, Formula } from "../language/Formula.ts"
import { type End, FALSE, TRUE, type Truth, UNKNOWN, type Verdict, verdicts } from "../language/Verdict.ts"
import { compile, type Node } from "./compile.ts"
import type { Moment } from "./Moment.ts"
import { isNow, type Past, type Read, readNow } from "./now.ts"
import {
  begin,
  both,
  cut,
  deadlineOf,
  expire,
  ifAsked,
  openSince,
  progress,
  type Residual,
  sizeOf,
  standingOf,
  Window,
  withoutUnknown
} from "./Residual.ts"

/** Something a property asks at every moment at which its trigger is true. */
interface Clause<V> {
  readonly trigger: Read<V> | undefined
  readonly body: Node<V>
}

/** A property's formula, ready for any number of slices. */
export interface Program<V> {
  readonly clauses: ReadonlyArray<Clause<V>>
  readonly pasts: ReadonlyArray<Past<V>>
}

const triggerOf = <V>(bind: Bind<V>): Read<V> => {
  const { match } = bind
  return ({ view }) => (match(view) === undefined ? FALSE : TRUE)
}

const clausesOf = <V>(formula: Formula<V>, pasts: Array<Past<V>>): ReadonlyArray<Clause<V>> => {
  switch (formula._tag) {
    case "Always":
    case "Named":
      return clausesOf(formula.of, pasts)
    case "And":
      return formula.of.flatMap((part) => clausesOf(part, pasts))
    case "Implies":
      if (!isNow(formula.given)) break
      return [{ trigger: readNow(formula.given, pasts), body: compile(formula.asked, false, pasts).node }]
    case "Bind":
      return [{ trigger: triggerOf(formula), body: compile(formula, false, pasts).node }]
    default:
  }
  return [{ trigger: undefined, body: compile(formula, false, pasts).node }]
}

/** What is asked of every moment. */
export const programOf = <V>(formula: Formula<V>): Program<V> => {
  const pasts: Array<Past<V>> = []
  return { clauses: clausesOf(formula, pasts), pasts }
}

const NOTHING: ReadonlyMap<string, number> = new Map()

export interface Broken {
  /** The event with which it was known; of a time that ran out, the first event after it. */
  readonly seq: number
  /** When it was broken: the deadline, where time ran out. */
  readonly at: Instant
  /** Since when that was open which was not fulfilled. */
  readonly since: Instant
}

/** Why something is not known of a slice that was there before anybody looked. */
export const BEGINNING_UNSEEN = "its beginning was not seen"

export class Monitor<V> {
  readonly #program: Program<V>
  readonly #window: Window<V>
  #residual: Residual<V> = TRUE
  /** How often a trigger was true. */
  fired = 0
  /** There are many monitors, and few of them have anything hidden. */
  #hidden: Map<string, number> | undefined
  #blind = BEGINNING_UNSEEN
  broken: Broken | undefined
  /** For whoever keeps the time: the moment for which it is put down. */
  waitsFor = Number.POSITIVE_INFINITY

  constructor(program: Program<V>) {
    this.#program = program
    this.#window = Window.of(program.pasts)
  }

  /** Why a part of it is not known; each with the number of times. */
  get hidden(): ReadonlyMap<string, number> {
    return this.#hidden ?? NOTHING
  }

  #hide(reason: string): void {
    this.#hidden ??= new Map()
    this.#hidden.set(reason, (this.#hidden.get(reason) ?? 0) + 1)
  }

  /** The earliest moment after which time alone can change the verdict. */
  get deadline(): number {
    return this.broken === undefined ? deadlineOf(this.#residual) : Number.POSITIVE_INFINITY
  }

  /** Since when something has been open; `otherwise`: nothing is. */
  openSince(otherwise: Instant): Instant {
    return Math.min(openSince(this.#residual), otherwise) as Instant
  }

  /** Obligations that are open. */
  get size(): number {
    return sizeOf(this.#residual)
  }

  /** Moments come in their order. */
  see(moment: Moment<V>): void {
    if (moment.joins === "after-gap") this.#window.cut()
    if (this.#residual !== TRUE) {
      this.expire(moment.at, moment.seq)
      if (this.broken !== undefined) return
      const since = openSince(this.#residual)
      this.#settle(progress(this.#residual, moment), moment.seq, moment.at, since)
      if (this.broken !== undefined) return
    }
    if (this.#window.pasts.length > 0) this.#window.reach(moment)
    for (const clause of this.#program.clauses) {
      this.#ask(clause, moment)
      if (this.broken !== undefined) return
    }
  }

  #ask({ body, trigger }: Clause<V>, moment: Moment<V>): void {
    const given: Truth = trigger === undefined ? TRUE : trigger(moment, this.#window.registers)
    if (given === FALSE) return
    if (given === TRUE) this.fired += 1
    const asked = begin(body, moment, this.#window)
    if (asked === TRUE) return
    const added = given === UNKNOWN ? ifAsked(asked) : asked
    this.#settle(both(this.#residual, added), moment.seq, moment.at, moment.at)
  }

  /** Time has come to `now`, which `seq` tells. */
  expire(now: Instant, seq: number): void {
    const deadline = deadlineOf(this.#residual)
    if (this.broken !== undefined || deadline >= now) return
    this.#settle(expire(this.#residual, now), seq, deadline as Instant, openSince(this.#residual))
  }

  #settle(residual: Residual<V>, seq: number, at: Instant, since: number): void {
    if (residual === FALSE) {
      this.broken = { seq, at, since: Math.min(since, at) as Instant }
      this.#residual = TRUE
      return
    }
    if (residual === TRUE) {
      this.#residual = TRUE
      return
    }
    const { isHiding, rest } = withoutUnknown(residual)
    if (isHiding) this.#hide(this.#blind)
    this.#residual = rest
  }

  /** Something may have happened that nobody saw, for that reason. */
  cut(reason: string): void {
    this.#blind = reason
    this.#window.cut()
    if (this.#residual !== TRUE) this.#settle(cut(this.#residual), 0, 0 as Instant, 0)
  }

  /** How it stands if the history ends here. `isUnknown`: a gap hides a part of it. */
  standing(end: End): { readonly verdict: Verdict; readonly isUnknown: boolean } {
    if (this.broken !== undefined) return { verdict: "violated", isUnknown: false }
    const { rank, isUnknown } = standingOf(this.#residual, end)
    const least = end === "open" ? Math.min(rank, 2) : rank
    return { verdict: verdicts[least] ?? "violated", isUnknown: rank > 0 && (isUnknown || this.hidden.size > 0) }
  }

  /** The slice is over: what had to come and has not will not. */
  end(end: End, seq: number, at: Instant): void {
    if (this.broken !== undefined || standingOf(this.#residual, end).rank > 0) return
    this.broken = { seq, at, since: this.openSince(at) }
  }
}
