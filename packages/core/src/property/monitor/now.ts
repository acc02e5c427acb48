/**
 * The truth, at a moment, of what does not look forward. What looks back keeps a few registers a slice: memory that does not
 * grow with time.
 */
import { type Atom, type Formula, looksForward } from "../language/Formula.ts"
import { FALSE, negated, TRUE, type Truth, UNKNOWN } from "../language/Verdict.ts"
import type { Moment } from "./Moment.ts"

/** What the past ones of one formula remember, two numbers each. */
export type Registers = Array<number>

/** Its truth at a moment, when the registers have been brought up to it. */
export type Read<V> = (moment: Moment<V>, registers: Registers) => Truth

/** Of one operator that looks back; they are kept in the order of their nesting, the inner ones first. */
export interface Past<V> {
  readonly begin: (registers: Registers) => void
  readonly advance: (moment: Moment<V>, registers: Registers) => void
  /** Something may have happened that nobody saw. */
  readonly cut: (registers: Registers) => void
}

const truthOf = (holds: boolean): Truth => (holds ? TRUE : FALSE)

export const testAtom = <V>(atom: Atom<V>, view: V): boolean => {
  const answer = atom.test(view)
  return typeof answer === "boolean" ? answer : answer.holds
}

const readAtom = <V>(atom: Atom<V>): Read<V> =>
  atom.isStep
    ? ({ joins, view }) => (joins === "continues" ? truthOf(testAtom(atom, view)) : joins === "begins" ? TRUE : UNKNOWN)
    : ({ view }) => truthOf(testAtom(atom, view))

/** `pasts` gets what must be brought up to a moment before it is read. */
export const readNow = <V>(formula: Formula<V>, pasts: Array<Past<V>>): Read<V> => {
  switch (formula._tag) {
    case "Atom":
      return readAtom(formula)
    case "Constant": {
      const value = truthOf(formula.value)
      return () => value
    }
    case "Named":
      return readNow(formula.of, pasts)
    case "Not": {
      const of = readNow(formula.of, pasts)
      return (moment, registers) => negated(of(moment, registers))
    }
    case "Implies": {
      const [given, asked] = [readNow(formula.given, pasts), readNow(formula.asked, pasts)]
      return (moment, registers) => {
        const no = negated(given(moment, registers))
        return no === TRUE ? TRUE : (Math.max(no, asked(moment, registers)) as Truth)
      }
    }
    case "And":
      return readAll(formula.of.map((part) => readNow(part, pasts)))
    case "Or":
      return readAny(formula.of.map((part) => readNow(part, pasts)))
    case "Previously":
    case "Once":
    case "Historically":
    case "Since":
      return readPast(formula, pasts)
    default:
      throw new TypeError(`${formula._tag} looks forward: it has no truth at a moment`)
  }
}

const readAll =
  <V>(parts: ReadonlyArray<Read<V>>): Read<V> =>
  (moment, registers) => {
    let least: Truth = TRUE
    for (const part of parts) {
      const truth = part(moment, registers)
      if (truth === FALSE) return FALSE
      if (truth < least) least = truth
    }
    return least
  }

const readAny =
  <V>(parts: ReadonlyArray<Read<V>>): Read<V> =>
  (moment, registers) => {
    let most: Truth = FALSE
    for (const part of parts) {
      const truth = part(moment, registers)
      if (truth === TRUE) return TRUE
      if (truth > most) most = truth
    }
    return most
  }

type PastFormula<V> = Extract<Formula<V>, { readonly _tag: "Previously" | "Once" | "Historically" | "Since" }>

const readPast = <V>(formula: PastFormula<V>, pasts: Array<Past<V>>): Read<V> => {
  const make = (): Past<V> & { readonly read: (registers: Registers, at: number) => Truth } => {
    switch (formula._tag) {
      case "Previously": {
        const of = readNow(formula.of, pasts)
        return previously(of, pasts.length * 2)
      }
      case "Since": {
        const [held, from] = [readNow(formula.held, pasts), readNow(formula.from, pasts)]
        return since(held, from, pasts.length * 2)
      }
      case "Once": {
        const of = readNow(formula.of, pasts)
        return lately(of, formula.limit ?? Number.POSITIVE_INFINITY, pasts.length * 2)
      }
      case "Historically": {
        const of = readNow(formula.of, pasts)
        const inner = lately<V>(
          (moment, registers) => negated(of(moment, registers)),
          formula.limit ?? Number.POSITIVE_INFINITY,
          pasts.length * 2
        )
        return { ...inner, read: (registers, at) => negated(inner.read(registers, at)) }
      }
    }
  }
  const past = make()
  pasts.push(past)
  return ({ at }, registers) => past.read(registers, at)
}

const previously = <V>(of: Read<V>, place: number) => ({
  begin: (registers: Registers) => {
    registers[place] = FALSE
    registers[place + 1] = FALSE
  },
  advance: (moment: Moment<V>, registers: Registers) => {
    registers[place] = registers[place + 1] as Truth
    registers[place + 1] = of(moment, registers)
  },
  cut: (registers: Registers) => {
    registers[place + 1] = UNKNOWN
  },
  read: (registers: Registers): Truth => registers[place] as Truth
})

const since = <V>(held: Read<V>, from: Read<V>, place: number) => ({
  begin: (registers: Registers) => {
    registers[place] = FALSE
  },
  advance: (moment: Moment<V>, registers: Registers) => {
    const kept = Math.min(held(moment, registers), registers[place] as Truth)
    registers[place] = Math.max(from(moment, registers), kept)
  },
  cut: (registers: Registers) => {
    registers[place] = UNKNOWN
  },
  read: (registers: Registers): Truth => registers[place] as Truth
})

/** Once, of the last `limit`: the moment at which it was last true, and the one at which it last could have been; NaN: never. */
const lately = <V>(of: Read<V>, limit: number, place: number) => ({
  begin: (registers: Registers) => {
    registers[place] = Number.NaN
    registers[place + 1] = Number.NaN
  },
  advance: (moment: Moment<V>, registers: Registers) => {
    // What happened in a gap happened before the moment that ends it.
    if (registers[place + 1] === Number.POSITIVE_INFINITY) registers[place + 1] = moment.at
    const truth = of(moment, registers)
    if (truth === TRUE) registers[place] = moment.at
    else if (truth === UNKNOWN) registers[place + 1] = moment.at
  },
  cut: (registers: Registers) => {
    registers[place + 1] = Number.POSITIVE_INFINITY
  },
  read: (registers: Registers, at: number): Truth => {
    if (at - (registers[place] as number) <= limit) return TRUE
    return at - (registers[place + 1] as number) <= limit ? UNKNOWN : FALSE
  }
})

export const isNow = <V>(formula: Formula<V>): boolean => !looksForward(formula)
