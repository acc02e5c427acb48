/** A reason in words: one line for each thing that was found. */
import type { Instant } from "../../event/Instant.ts"
import type { Reason, Stretch } from "./Reason.ts"

export interface BecauseLine {
  readonly depth: number
  readonly text: string
}

/** Moments as they are told. */
export type TimeText = (at: Instant) => string

const markOf = (holds: boolean | undefined): string => (holds === undefined ? "?" : holds ? "✓" : "✗")

const numbers = ({ from, to }: Stretch): string => (from === to ? `at #${from}` : `in #${from}…#${to}`)

/** `app running` says more than that `running` is so; what only repeats the name says nothing. */
const foundText = (found: string | undefined, name: string): string =>
  found === undefined || found === name ? "" : ` (${found})`

const simple = (reason: Reason): string | undefined => {
  if (reason.op === "Atom") return `${reason.says} ${markOf(reason.holds)}${foundText(reason.found, reason.says)}`
  const [only] = reason.of
  if (reason.op !== "Not" || only === undefined || only.op !== "Atom") return undefined
  return `${reason.says} ${markOf(reason.holds)}${foundText(only.found, only.says)}`
}

const excuseText = (excuse: Reason): string => simple(excuse) ?? `${excuse.says} ${markOf(excuse.holds)}`

const stretchText = (reason: Reason, time: TimeText): string | undefined => {
  const { always, deadline, excuses = [], never, what = "" } = reason
  const until = deadline === undefined ? "" : ` until ${time(deadline)}`
  if (always !== undefined) return `${what} was true ${numbers(always)}${until}`
  if (never === undefined) return undefined
  const excused = excuses.length === 0 ? "" : `; excuses: ${excuses.map(excuseText).join(", ")}`
  return `${what} was ${never.from === never.to ? "not" : "never"} true ${numbers(never)}${until}${excused}`
}

/** What only holds its parts together is not said. */
const isJoint = ({ op }: Reason): boolean => op === "Implies" || op === "And" || op === "Or"

export const becauseLines = (reason: Reason, time: TimeText, depth = 0): ReadonlyArray<BecauseLine> => {
  const at = `#${reason.seq} `
  const one = simple(reason)
  if (one !== undefined) return [{ depth, text: at + one }]
  const stretch = stretchText(reason, time)
  if (stretch !== undefined) return [{ depth, text: stretch }]
  if (reason.holds === undefined) return [{ depth, text: `${at}${reason.says}: not known, a gap hides it` }]
  const below = (deeper: number) => reason.of.flatMap((part) => becauseLines(part, time, depth + deeper))
  if (isJoint(reason)) return below(0)
  return [{ depth, text: `${at}${reason.says} ${markOf(reason.holds)}` }, ...below(1)]
}
