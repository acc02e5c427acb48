/** Why a formula is true or false at a moment: a tree with what was found. */
import type { Instant } from "../../event/Instant.ts"
import type { Atom, Formula } from "../language/Formula.ts"
import { partsOf } from "../language/Formula.ts"
import { formulaText } from "../language/formulaText.ts"
import { FALSE, TRUE, type Truth, UNKNOWN } from "../language/Verdict.ts"
import type { Moment } from "../monitor/Moment.ts"
import type { Answers } from "./Answers.ts"
import { isHidden, type Meaning } from "./truthAt.ts"

/** Where something was looked for and not found: the numbers of the first and of the last event. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface Reason {
  readonly op: Formula<never>["_tag"]
  /** In the words of the language. */
  readonly says: string
  /** `undefined`: a gap hides it. */
  readonly holds: boolean | undefined
  readonly seq: number
  readonly at: Instant
  /** Of an atom: what was found. */
  readonly found?: string
  /** What never came, or what always was, where. */
  readonly what?: string
  readonly never?: Stretch
  readonly always?: Stretch
  /** Until when it had to come, or had to last. */
  readonly deadline?: Instant
  /** What would have excused it, and did not. */
  readonly excuses?: ReadonlyArray<Reason>
  readonly of: ReadonlyArray<Reason>
}

type Part = Formula<Answers>
type Only<Tag> = Extract<Part, { readonly _tag: Tag }>

/** A moment, and from where on its past is seen. */
interface Place {
  readonly i: number
  readonly start: number
}

const holdsOf = (truth: Truth): boolean | undefined => (truth === UNKNOWN ? undefined : truth === TRUE)

export class Reasons {
  readonly #meaning: Meaning<Answers>
  /** The atoms on which it rests, and those of which it rests that they were never true. */
  readonly atoms = new Set<Atom<Answers>>()

  constructor(meaning: Meaning<Answers>) {
    this.#meaning = meaning
  }

  why(part: Part, i: number, start = 0): Reason {
    const moment = this.#moment(i)
    const truth = this.#meaning.truth(part, i, start)
    const plain = { op: part._tag, says: formulaText(part), holds: holdsOf(truth), seq: moment.seq, at: moment.at }
    if (truth === UNKNOWN) return { ...plain, of: [] }
    return { ...plain, of: [], ...this.#because(part, { i, start }, truth, moment) }
  }

  #moment(i: number): Moment<Answers> {
    const item = this.#meaning.trace[i]
    if (item === undefined || isHidden(item)) throw new RangeError(`item ${i} is no moment`)
    return item
  }

  #because(part: Part, place: Place, truth: Truth, moment: Moment<Answers>): Partial<Reason> {
    const { i, start } = place
    const at = (one: Part): Reason => this.why(one, i, start)
    switch (part._tag) {
      case "Atom":
        return this.#atom(part, moment)
      case "Constant":
        return {}
      case "Named":
      case "Not":
        return { of: [at(part.of)] }
      case "And":
        return { of: this.#deciding(part.of, place, truth === TRUE ? undefined : FALSE).map(at) }
      case "Or":
        return { of: this.#deciding(part.of, place, truth === TRUE ? TRUE : undefined).map(at) }
      case "Implies":
        if (truth === FALSE) return { of: [at(part.given), at(part.asked)] }
        return { of: [at(this.#meaning.truth(part.given, i, start) === FALSE ? part.given : part.asked)] }
      case "Bind": {
        const body = moment.view.bodies.get(part)
        return body === undefined ? {} : { of: [this.why(body, i, i)] }
      }
      case "Previously":
        return i === start ? {} : { of: [this.why(part.of, i - 1, start)] }
      case "Once":
      case "Historically":
      case "Since":
        return this.#past(part, place, truth)
      default:
        return this.#future(part, place, truth)
    }
  }

  #atom(part: Only<"Atom">, { view }: Moment<Answers>): Partial<Reason> {
    this.atoms.add(part)
    const found = view.answers.get(part)?.found
    return found === undefined ? {} : { found }
  }

  /** Of many the first that decides; `undefined`: it needs all. */
  #deciding(parts: ReadonlyArray<Part>, { i, start }: Place, by: Truth | undefined): ReadonlyArray<Part> {
    if (by === undefined) return parts
    const deciding = parts.filter((one) => this.#meaning.truth(one, i, start) === by)
    return by === TRUE ? deciding.slice(0, 1) : deciding
  }

  #past(part: Only<"Once" | "Historically" | "Since">, place: Place, truth: Truth): Partial<Reason> {
    const { i, start } = place
    const since = { from: start, to: i }
    if (part._tag === "Since") {
      if (truth === TRUE) return { of: [this.why(part.from, this.#lastOf(part.from, since, start, TRUE) ?? i, start)] }
      const begun = this.#lastOf(part.from, since, start, TRUE)
      if (begun === undefined) return { ...this.#stretch("never", since, part.from), of: [] }
      const broken = this.#lastOf(part.held, { from: begun + 1, to: i }, start, FALSE) ?? i
      return { of: [this.why(part.from, begun, start), this.why(part.held, broken, start)] }
    }
    const wanted = part._tag === "Once" ? TRUE : FALSE
    if (truth === wanted) return { of: [this.why(part.of, this.#lastOf(part.of, since, start, wanted) ?? i, start)] }
    const from = this.#first(since, (k) => this.#isWithin(k, i, part.limit)) ?? i
    return this.#stretch(part._tag === "Once" ? "never" : "always", { from, to: i }, part.of)
  }

  #future(part: Only<"Always" | "Eventually" | "HoldsFor" | "Until">, place: Place, truth: Truth): Partial<Reason> {
    const { i, start } = place
    if (part._tag === "Until") return this.#until(part, place, truth)
    const limit = part._tag === "Eventually" ? part.limit : part._tag === "HoldsFor" ? part.lasting : undefined
    const to = this.#lastWithin(i, limit)
    const deadline = limit === undefined ? {} : { deadline: (this.#moment(i).at + limit) as Instant }
    if (part._tag !== "Eventually") {
      const broken = this.#firstOf(part.of, { from: i, to }, start, FALSE)
      if (truth === FALSE && broken !== undefined) return { ...deadline, of: [this.why(part.of, broken, start)] }
      return { ...deadline, ...this.#stretch("always", { from: i, to }, part.of) }
    }
    if (truth === FALSE) {
      const excuses = part.excuse === undefined ? [] : alternatives(part.excuse)
      return {
        ...deadline,
        ...this.#stretch("never", { from: i, to }, part.of),
        excuses: excuses.map((one) => this.#excuse(one, { from: i, to }, start)),
        of: []
      }
    }
    const came = this.#firstOf(part.of, { from: i, to }, start, TRUE)
    if (came !== undefined) return { ...deadline, of: [this.why(part.of, came, start)] }
    const excuse = part.excuse ?? part.of
    return { ...deadline, of: [this.why(excuse, this.#firstOf(excuse, { from: i, to }, start, TRUE) ?? i, start)] }
  }

  #until({ by, held, mustCome }: Only<"Until">, { i, start }: Place, truth: Truth): Partial<Reason> {
    const all = { from: i, to: this.#lastWithin(i, undefined) }
    if (truth === TRUE) {
      const came = this.#firstOf(by, all, start, TRUE)
      return came === undefined ? this.#stretch("always", all, held) : { of: [this.why(by, came, start)] }
    }
    const broken = this.#firstOf(held, all, start, FALSE)
    if (broken === undefined || mustCome) {
      const came = this.#firstOf(by, { from: i, to: broken ?? all.to }, start, TRUE)
      if (broken === undefined || came !== undefined) return { ...this.#stretch("never", all, by), of: [] }
    }
    return { of: [this.why(held, broken, start), this.why(by, broken, start)] }
  }

  /** As it stood at the end of the time in which it could have excused. */
  #excuse(part: Part, stretch: Stretch, start: number): Reason {
    return this.why(part, this.#momentBefore(stretch.to), start)
  }

  /** The moment itself; of a gap the one before it, of a gap at the beginning the one after it. */
  #momentBefore(i: number): number {
    let k = i
    while (k > 0 && isHidden(this.#meaning.trace[k])) k--
    return isHidden(this.#meaning.trace[k]) ? k + 1 : k
  }

  /** The numbers of events, and the atoms of which it is said. */
  #stretch(how: "never" | "always", { from, to }: Stretch, part: Part): Partial<Reason> {
    for (const atom of atomsOf(part)) this.atoms.add(atom)
    const numbers = { from: this.#moment(this.#momentBefore(from)).seq, to: this.#moment(this.#momentBefore(to)).seq }
    return { what: formulaText(part), [how]: numbers }
  }

  #isWithin(k: number, i: number, limit: number | undefined): boolean {
    const [one, other] = [this.#meaning.trace[k], this.#meaning.trace[i]]
    if (one === undefined || other === undefined || isHidden(one) || isHidden(other)) return false
    return Math.abs(other.at - one.at) <= (limit ?? Number.POSITIVE_INFINITY)
  }

  #lastWithin(i: number, limit: number | undefined): number {
    let last = i
    for (let k = i; k < this.#meaning.trace.length; k++) if (this.#isWithin(k, i, limit)) last = k
    return last
  }

  #first({ from, to }: Stretch, is: (k: number) => boolean): number | undefined {
    for (let k = from; k <= to; k++) if (is(k)) return k
    return undefined
  }

  #firstOf(part: Part, stretch: Stretch, start: number, truth: Truth): number | undefined {
    return this.#first(
      stretch,
      (k) => !isHidden(this.#meaning.trace[k]) && this.#meaning.truth(part, k, start) === truth
    )
  }

  #lastOf(part: Part, { from, to }: Stretch, start: number, truth: Truth): number | undefined {
    for (let k = to; k >= from; k--) {
      if (!isHidden(this.#meaning.trace[k]) && this.#meaning.truth(part, k, start) === truth) return k
    }
    return undefined
  }
}

const alternatives = (part: Part): ReadonlyArray<Part> => (part._tag === "Or" ? part.of.flatMap(alternatives) : [part])

const atomsOf = (part: Part): ReadonlyArray<Atom<Answers>> =>
  part._tag === "Atom" ? [part] : partsOf(part).flatMap(atomsOf)
