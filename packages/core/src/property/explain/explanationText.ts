/** A counter-example for people: one screen, readable without colours. */
import type { Instant } from "../../event/Instant.ts"
import { cut, printable } from "../../view/timelineText.ts"
import type { Outcome } from "../Outcome.ts"
import { type BecauseLine, becauseLines } from "./becauseText.ts"
import type { Explanation, Line } from "./explain.ts"
import type { Reason } from "./Reason.ts"
import type { SliceName } from "./sliceName.ts"

export interface ExplanationTextOptions {
  /** Columns; longer lines are broken. `undefined`: lines are as long as they are. */
  readonly width?: number | undefined
  /** What the reader should know besides, under a word of its own. */
  readonly notes?: ReadonlyArray<readonly [label: string, text: string]>
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0")

/** Since the start: `00:31.000`, `01:02:03.000`. */
const timeText = (start: Instant, at: Instant): string => {
  const millis = Math.round((at - start) / 1_000)
  const seconds = Math.floor(Math.abs(millis) / 1_000)
  const hours = Math.floor(seconds / 3_600)
  const rest = `${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${pad(Math.abs(millis) % 1_000, 3)}`
  return `${millis < 0 ? "-" : ""}${hours > 0 ? `${pad(hours, 2)}:` : ""}${rest}`
}

/** `1 210`. */
export const countText = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, " ")

const brokenIn = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line: string | undefined
  for (const word of text.split(" ")) {
    const longer = line === undefined ? word : `${line} ${word}`
    if (line === undefined || longer.length <= width) line = longer
    else {
      lines.push(line)
      line = word === "" ? undefined : word
    }
  }
  return line === undefined ? lines : [...lines, line]
}

const LEAST = 24
/** What happened is said in short: the rest of it is no reason. */
const WORDS = 100

/** The text behind its head; where it is broken it goes on under itself. */
const behind = (head: string, text: string, width: number | undefined): ReadonlyArray<string> => {
  const parts = width === undefined ? [text] : brokenIn(text, Math.max(LEAST, width - head.length))
  return parts.map((part, i) => `${i === 0 ? head : " ".repeat(head.length)}${part}`.trimEnd())
}

const labelled = (label: string, text: string, width: number | undefined): ReadonlyArray<string> =>
  behind(`  ${label.padEnd(8)} `, text, width)

const sliceText = ({ container, each, key, kind, name, namespace, nodeName, uid }: SliceName): string => {
  if (name === undefined) return `${each} ${key}`
  const owner = kind === "Pod" || kind === undefined ? "" : `${kind} `
  return [
    `${owner}${namespace === undefined ? "" : `${namespace}/`}${name}`,
    ...(uid === undefined ? [] : [`uid ${uid}`]),
    ...(container === undefined ? [] : [`container ${container}`]),
    ...(nodeName === undefined ? [] : [`on ${nodeName}`])
  ].join("  ")
}

/** What is owed from the onset on, if a time was set for it. */
const owed = (reason: Reason | undefined): Reason | undefined => {
  if (reason === undefined || (reason.deadline !== undefined && reason.holds === false)) return reason
  for (const part of reason.of) {
    const found = owed(part)
    if (found !== undefined) return found
  }
  return undefined
}

const factsOf = ({ fired, property, slices, violations }: Outcome): string =>
  `${countText(violations.length)} of ${countText(slices)} slice${slices === 1 ? "" : "s"} · fired ${countText(fired)}× · ${property.severity}`

interface Columns {
  readonly time: (at: Instant) => string
  readonly numbers: number
}

const headOf = (mark: string, at: string, seq: string, { numbers }: Columns): string =>
  `  ${mark} ${at}  ${seq.padEnd(numbers)}  `

const findingText = ({ found, holds, name }: { found?: string; holds: boolean; name: string }): string =>
  `${name} ${holds ? "✓" : "✗"}${found === undefined || found === name ? "" : ` (${found})`}`

const lineText = (line: Line, columns: Columns, due: Reason | undefined): readonly [head: string, text: string] => {
  const blank = " ".repeat(columns.time(0 as Instant).length)
  switch (line._tag) {
    case "Folded":
      return ["    ", `… ${countText(line.events)} event${line.events === 1 ? "" : "s"}`]
    case "Gap":
      return [headOf("?", columns.time(line.at), "", columns), "a gap: nobody looked"]
    case "Overdue":
      return [
        headOf("✗", columns.time(line.at), "", columns),
        `the time is over, as event #${line.seq} shows   ┘ deadline passed`
      ]
    case "Over":
      return [headOf("✗", blank, "", columns), "nothing more comes"]
    case "Moment": {
      const changed = line.changed.length === 0 ? "" : `   [${line.changed.map(findingText).join(", ")}]`
      const opens =
        line.mark === "onset" && due?.deadline !== undefined
          ? `   ┐ ${due.what ?? due.says}: by ${columns.time(due.deadline)}`
          : ""
      const mark = line.mark === undefined ? " " : line.mark === "onset" ? "▶" : "✗"
      return [
        headOf(mark, columns.time(line.at), `#${line.seq}`, columns),
        `${cut(printable(line.words), WORDS)}${changed}${opens}`
      ]
    }
  }
}

const timelineText = ({ because, lines, start }: Explanation, width: number | undefined): ReadonlyArray<string> => {
  const moments = lines.filter((line) => line._tag === "Moment")
  const hasTimes = lines.some((line) => "at" in line && line.at > 0)
  const longest = Math.max(0, ...lines.flatMap((line) => ("at" in line ? [timeText(start, line.at).length] : [])))
  const columns: Columns = {
    time: (at) => (hasTimes ? (at === 0 ? "" : timeText(start, at)).padEnd(longest) : ""),
    numbers: Math.max(0, ...moments.map(({ seq }) => String(seq).length + 1))
  }
  const due = owed(because)
  return lines.flatMap((line) => {
    const [head, text] = lineText(line, columns, due)
    return behind(head, text, width)
  })
}

const becauseText = ({ because, start }: Explanation, width: number | undefined): ReadonlyArray<string> => {
  const lines: ReadonlyArray<BecauseLine> =
    because === undefined
      ? [{ depth: 0, text: "it cannot be said of any one moment: gaps hide where it began" }]
      : becauseLines(because, (at) => timeText(start, at))
  return lines.flatMap(({ depth, text }, i) => {
    const head = `  ${(i === 0 ? "because" : "").padEnd(8)} ${"  ".repeat(depth)}`
    return behind(head, text, width)
  })
}

/** One line each for what the explanation has besides. */
const restText = ({ scenario }: Explanation, { notes = [], width }: ExplanationTextOptions): ReadonlyArray<string> => [
  ...(scenario === undefined
    ? []
    : [
        ...labelled("scenario", `${scenario.steps} steps (from ${scenario.from}): ${scenario.words}`, width),
        ...labelled("replay", scenario.replay, width)
      ]),
  ...notes.flatMap(([label, text]) => labelled(label, text, width))
]

/** The name of a property, and its id where that is another. */
export const nameText = ({ id, name }: Outcome["property"]): string => (id === name ? id : `${name} (${id})`)

export const renderExplanation = (
  self: Explanation,
  outcome: Outcome,
  options: ExplanationTextOptions = {}
): string => {
  const { width } = options
  const title = `VIOLATED  ${nameText(self.property)}`
  const facts = factsOf(outcome)
  const fits = width === undefined || title.length + 6 + facts.length <= width
  return [
    ...(fits ? [`${title}      ${facts}`] : [title, ...behind("          ", facts, width)]),
    ...labelled("says", self.property.says, width),
    ...labelled("source", self.property.source, width),
    ...labelled("slice", sliceText(self.slice), width),
    ...timelineText(self, width),
    ...becauseText(self, width),
    ...restText(self, options)
  ].join("\n")
}
