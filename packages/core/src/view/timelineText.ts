/** A timeline in a terminal: one line a moment, aligned, readable without colours. */
import type { Micros } from "../event/Instant.ts"
import { inSeconds } from "./compare/tolerance.ts"
import type { Timeline, TimelineLife, TimelineMoment, TimelineNote } from "./timeline.ts"

export interface TextOptions {
  /** Columns; longer lines are cut. `undefined`: lines are as long as they are. */
  readonly width?: number | undefined
  readonly colour?: boolean | undefined
}

export interface TimelineTextOptions extends TextOptions {
  /** Show facts that no API server shows. */
  readonly facts?: boolean | undefined
  /** Show writes that changed nothing that is shown. */
  readonly all?: boolean | undefined
}

export type Paint = "dim" | "red" | "green" | "yellow" | "bold" | "reverse"
const codes: { readonly [P in Paint]: number } = { dim: 2, red: 31, green: 32, yellow: 33, bold: 1, reverse: 7 }

export const paint = (on: boolean | undefined, how: Paint | undefined, text: string): string =>
  on === true && how !== undefined && text !== "" ? `\u001b[${codes[how]}m${text}\u001b[0m` : text

export const cut = (text: string, width: number | undefined): string =>
  width === undefined || text.length <= width
    ? text
    : width <= 1
      ? text.slice(0, Math.max(0, width))
      : `${text.slice(0, width - 1)}…`

/** Text of others may carry characters that move a terminal's cursor or turn the direction of writing. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`)

const maximalName = 40
const maximalWhat = 48

interface Line {
  readonly at: Micros | undefined
  readonly order: number
  readonly name: string
  readonly moment: TimelineMoment
}

const timeColumn = (at: Micros | undefined, order: number): string =>
  (at === undefined ? `#${order}` : inSeconds(at)).padStart(10)

const colourOf = ({ kind, warning, words }: TimelineMoment): Paint | undefined => {
  const what = words.what.join(" ")
  if (kind === "Event") return warning ? "yellow" : "dim"
  if (kind === "Fact") return "dim"
  if (/terminated \((?!Completed)|Failed|Evicted|OOMKilled/.test(what)) return "red"
  if (/BackOff|deletion requested|ErrImage|not ready/.test(what)) return "yellow"
  return /running| ready/.test(what) ? "green" : undefined
}

const columns = (lines: ReadonlyArray<Line>): { readonly name: number; readonly what: number } => {
  let [name, what] = [0, 0]
  for (const line of lines) {
    name = Math.max(name, Math.min(maximalName, line.name.length))
    if (line.moment.words.conditions.length > 0)
      what = Math.max(what, Math.min(maximalWhat, line.moment.words.what.join(", ").length))
  }
  return { name, what }
}

const renderLine = (
  line: Line,
  { name, what }: { readonly name: number; readonly what: number },
  { width, colour }: TextOptions
): string => {
  const { words } = line.moment
  const said = words.what.join(", ")
  const conditions = words.conditions.join("; ")
  const text =
    said === "" && conditions === ""
      ? words.detail.join(", ") || "written"
      : conditions === ""
        ? said
        : `${said.padEnd(what)}   ${conditions}`
  const head = `${timeColumn(line.at, line.order)}  ${cut(printable(line.name), maximalName).padEnd(name)}  `
  const rest = cut(printable(text), width === undefined ? undefined : Math.max(8, width - head.length)).trimEnd()
  return paint(colour, "dim", head.slice(0, 10)) + head.slice(10) + paint(colour, colourOf(line.moment), rest)
}

const renderNote = (note: TimelineNote, { width, colour }: TextOptions): string => {
  const until = note.until === undefined ? "" : ` until ${inSeconds(note.until)}`
  const text = note.kind === "Gap" ? `==== GAP: ${note.text}${until} ` : `---- warning: ${note.text} `
  const line = cut(printable(text), width === undefined ? undefined : Math.max(8, width - 12))
  const filled = line.padEnd((width ?? 80) - 12, note.kind === "Gap" ? "=" : "-")
  return `${timeColumn(note.at, note.order)}  ${paint(colour, note.kind === "Gap" ? "reverse" : "yellow", filled)}`
}

const namesOf = (lives: ReadonlyArray<TimelineLife>): ReadonlyMap<TimelineLife, string> => {
  const namespaces = new Set(lives.map(({ namespace }) => namespace).filter((namespace) => namespace !== ""))
  return new Map(
    lives.map((life) => {
      const kind = life.kind === "Pod" ? "" : `${life.kind}/`
      const namespace = namespaces.size > 1 && life.namespace !== "" ? `${life.namespace}/` : ""
      return [life, `${kind}${namespace}${life.name}${life.turn > 1 ? ` (${life.turn})` : ""}`]
    })
  )
}

const block = (
  lives: ReadonlyArray<TimelineLife>,
  notes: ReadonlyArray<TimelineNote>,
  options: TimelineTextOptions
): ReadonlyArray<string> => {
  const names = namesOf(lives)
  const lines: Array<Line> = []
  for (const life of lives) {
    for (const moment of life.moments) {
      if ((moment.kind === "Fact" && options.facts !== true) || (moment.quiet && options.all !== true)) continue
      lines.push({ at: moment.at, order: moment.order, name: names.get(life) ?? life.name, moment })
    }
  }
  const widths = columns(lines)
  const all = [
    ...lines.map((line) => ({ at: line.at, order: line.order, text: () => renderLine(line, widths, options) })),
    ...notes.map((note) => ({ at: note.at, order: note.order, text: () => renderNote(note, options) }))
  ]
  // Watches of several kinds arrive interleaved, a few milliseconds out of order.
  all.sort((a, b) => (a.at === undefined || b.at === undefined ? a.order - b.order : a.at - b.at || a.order - b.order))
  return all.map(({ text }) => text())
}

/** Pods first, then the other objects in short; each in the order of time. Ends without a line break. */
export const renderTimeline = (self: Timeline, options: TimelineTextOptions = {}): string => {
  const pods = self.lives.filter(({ kind }) => kind === "Pod")
  const others = self.lives.filter(({ kind }) => kind !== "Pod")
  const lines: Array<string> = []
  if (pods.length > 0 || self.notes.length > 0) lines.push(...block(pods, self.notes, options))
  if (others.length > 0) {
    if (lines.length > 0) lines.push("")
    lines.push(
      paint(options.colour, "bold", "Other objects"),
      ...block(others, pods.length > 0 ? self.notes.filter(({ kind }) => kind === "Gap") : [], options)
    )
  }
  return lines.length === 0 ? "Nothing happened." : lines.join("\n")
}
