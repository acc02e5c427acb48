/** A violation, explained: when it began, what of the slice mattered, and why the formula is not true there. */
import type { Instant } from "../../event/Instant.ts"
import { asked, type Formula } from "../language/Formula.ts"
import type { Property } from "../language/Property.ts"
import { FALSE } from "../language/Verdict.ts"
import type { Moment } from "../monitor/Moment.ts"
import type { Violation } from "../Outcome.ts"
import type { Answers } from "./Answers.ts"
import { type Reason, Reasons } from "./Reason.ts"
import type { Retold, Told } from "./Retelling.ts"
import type { SliceName } from "./sliceName.ts"
import { isHidden, Meaning, type Trace } from "./truthAt.ts"

/** An atom that matters, as it was found at a moment. */
export interface Finding {
  readonly name: string
  readonly holds: boolean
  readonly found?: string
}

/** One line of the slice's life. */
export type Line =
  | {
      readonly _tag: "Moment"
      readonly seq: number
      readonly at: Instant
      readonly words: string
      /** What of the atoms that matter is not as it was at the moment before. */
      readonly changed: ReadonlyArray<Finding>
      /** `onset`: from here on it is owed; `broken`: here it is known; `both`: at once. */
      readonly mark?: "onset" | "broken" | "both"
    }
  | { readonly _tag: "Folded"; readonly events: number }
  | { readonly _tag: "Gap"; readonly at: Instant }
  /** A time ran out, and nothing happened. */
  | { readonly _tag: "Overdue"; readonly at: Instant; readonly seq: number }
  /** Nothing more comes. */
  | { readonly _tag: "Over"; readonly at: Instant; readonly seq: number }

/** The smallest scenario that is known to show it, where one was looked for. */
export interface MinimalScenario {
  /** The document. */
  readonly document: unknown
  /** As a short program, for people. */
  readonly words: string
  /** How many steps it has, and how many it had when it was found. */
  readonly steps: number
  readonly from: number
  /** What plays it again. */
  readonly replay: string
}

export interface Explanation {
  readonly property: Property
  readonly violation: Violation
  readonly slice: SliceName
  /** When the history began. */
  readonly start: Instant
  /** `undefined`: it cannot be said of any moment that it began there. */
  readonly onset: { readonly seq: number; readonly at: Instant } | undefined
  readonly because: Reason | undefined
  readonly lines: ReadonlyArray<Line>
  /** `moment`: something happened that must not. `time`: what had to come did not come in time. `end`: it will not come. */
  readonly brokenBy: "moment" | "time" | "end"
  readonly scenario?: MinimalScenario
}

interface Onset {
  readonly clause: Formula<Answers>
  readonly i: number
  readonly meaning: Meaning<Answers>
}

interface Found extends Onset {
  /** It is false whatever comes; else because nothing more comes. */
  readonly isForGood: boolean
}

const firstFalse = (formula: Formula<Answers>, trace: Trace<Told>, since: Instant): Onset | undefined => {
  const meaning = new Meaning<Answers>(trace)
  const clauses = asked(formula)
  for (const [i, item] of trace.entries()) {
    if (isHidden(item) || item.at < since) continue
    const clause = clauses.find((one) => meaning.truth(one, i) === FALSE)
    if (clause !== undefined) return { clause, i, meaning }
  }
  return undefined
}

/**
 * Where it began. What is false whatever comes is told from what is false because nothing more comes by a gap behind the last
 * moment: it hides only what still could have come.
 */
const onsetOf = (formula: Formula<Answers>, trace: Trace<Told>, { at, since }: Violation): Found | undefined => {
  const forGood = firstFalse(formula, [...trace, { hiddenAt: (at + 1) as Instant }], since)
  if (forGood !== undefined) return { ...forGood, isForGood: true }
  const found = firstFalse(formula, trace, since)
  return found === undefined ? undefined : { ...found, isForGood: false }
}

/** Not more than this is one screen. */
const SHOWN = 12

interface Marked {
  readonly moment: Moment<Told>
  readonly line: Extract<Line, { readonly _tag: "Moment" }>
  readonly isTold: boolean
}

const findings = (atoms: Reasons["atoms"], { view }: Moment<Told>, before: Moment<Told> | undefined) =>
  [...atoms].flatMap((atom): ReadonlyArray<Finding> => {
    const [is, was] = [view.answers.get(atom), before?.view.answers.get(atom)]
    if (is === undefined) return []
    // A step's evidence tells of the step: it is another each time.
    const isSame = was !== undefined && is.holds === was.holds && (atom.isStep || is.found === was.found)
    if (isSame || (atom.isStep && is.holds)) return []
    return [{ name: atom.name, holds: is.holds, ...(is.found === undefined ? {} : { found: is.found }) }]
  })

const uniqueFindings = (all: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const byName = new Map(all.map((one) => [`${one.name} ${one.found ?? ""}`, one]))
  return [...byName.values()]
}

const markOf = (moment: Moment<Told>, onset: Moment<Told> | undefined, violation: Violation) => {
  const isOnset = moment === onset
  const isBroken = moment.seq === violation.seq && moment.at === violation.at
  return isOnset && isBroken ? "both" : isOnset ? "onset" : isBroken ? "broken" : undefined
}

/** Those that are told: marked ones first, then those nearest to the end. */
const told = (all: ReadonlyArray<Marked>): ReadonlySet<Marked> => {
  const wanted = all.filter(({ isTold }) => isTold)
  const marked = wanted.filter(({ line }) => line.mark !== undefined)
  const others = wanted.filter(({ line }) => line.mark === undefined)
  return new Set([...marked, ...others.slice(-Math.max(0, SHOWN - marked.length))])
}

const linesOf = (
  { items, violation }: Retold,
  onset: Found | undefined,
  atoms: Reasons["atoms"]
): ReadonlyArray<Line> => {
  const began = onset === undefined ? undefined : (items[onset.i] as Moment<Told>)
  const marked: Array<Marked> = []
  let before: Moment<Told> | undefined
  for (const item of items) {
    if (isHidden(item)) continue
    const changed = uniqueFindings(findings(atoms, item, before))
    const mark = markOf(item, began, violation)
    const line = { _tag: "Moment" as const, seq: item.seq, at: item.at, words: item.view.words, changed }
    const isTold = before === undefined || mark !== undefined || changed.length > 0
    marked.push({ moment: item, isTold, line: mark === undefined ? line : { ...line, mark } })
    before = item
  }
  return [...folded(items, marked), ...endOf(items, violation, onset)]
}

const folded = (items: Retold["items"], marked: ReadonlyArray<Marked>): ReadonlyArray<Line> => {
  const shown = told(marked)
  const byMoment = new Map(marked.map((one) => [one.moment, one]))
  const lines: Array<Line> = []
  let events = 0
  const fold = (): void => {
    if (events > 0) lines.push({ _tag: "Folded", events })
    events = 0
  }
  for (const item of items) {
    if (isHidden(item)) {
      fold()
      lines.push({ _tag: "Gap", at: item.hiddenAt })
      continue
    }
    const one = byMoment.get(item)
    if (one === undefined || !shown.has(one)) {
      events += 1
      continue
    }
    fold()
    lines.push(one.line)
  }
  fold()
  return lines
}

/** Of a time that ran out the last event may be one of the slice: it happened before. */
const isMoment = (items: Retold["items"], { at, seq }: Pick<Violation, "seq" | "at">): boolean =>
  items.some((item) => !isHidden(item) && item.seq === seq && item.at === at)

/** What broke it, where that was no moment of the slice. */
const endOf = (items: Retold["items"], { at, seq }: Violation, onset: Found | undefined): ReadonlyArray<Line> =>
  isMoment(items, { at, seq }) ? [] : [{ _tag: onset?.isForGood === true ? "Overdue" : "Over", at, seq }]

export const explain = (retold: Retold): Explanation => {
  const { items, name, property, questions, start, violation } = retold
  const onset = onsetOf(questions.formula, items, violation)
  const reasons = onset === undefined ? undefined : new Reasons(onset.meaning)
  const because = onset === undefined ? undefined : reasons?.why(onset.clause, onset.i)
  const began = onset === undefined ? undefined : (items[onset.i] as Moment<Told>)
  return {
    property,
    violation,
    slice: name,
    start,
    onset: began === undefined ? undefined : { seq: began.seq, at: began.at },
    because,
    lines: linesOf(retold, onset, reasons?.atoms ?? new Set()),
    brokenBy: onset?.isForGood === false ? "end" : isMoment(items, violation) ? "moment" : "time"
  }
}
