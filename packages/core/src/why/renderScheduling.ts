/** What became of a pod at the scheduler, in a terminal: each decision with its event, and what the rules say to the last one. */
import type { NodeVerdict, PluginScore } from "../decide/scheduler/explainSchedule.ts"
import type { Instant } from "../event/Instant.ts"
import { inSeconds } from "../view/compare/tolerance.ts"
import { type Paint, paint, printable, type TextOptions } from "../view/timelineText.ts"
import type { RulesAnswer, Scheduling, SchedulingOutcome } from "./schedulingOf.ts"

/** More nodes than that are told by how many say the same. */
const MOST_NODES = 20

const outcomeWords = (outcome: SchedulingOutcome): string => {
  switch (outcome._tag) {
    case "Bound":
      return `bound to ${outcome.node}`
    case "Refused":
      return `no node would do: ${outcome.message}`
    case "Gated":
      return `held back by its scheduling gates: ${outcome.gates.join(", ")}`
    case "Made":
      return `made with spec.nodeName ${outcome.node}: no scheduler was asked`
    case "Found":
      return `found on ${outcome.node}: when that was decided is not in the history`
  }
}

const scoreWords = ({ plugin, score, weight }: PluginScore): string =>
  `${plugin} ${weight === 1 ? "" : `${weight} × `}${score}`

const rank = (verdict: NodeVerdict): number =>
  verdict._tag === "Feasible" ? verdict.total : verdict._tag === "NotAsked" ? -1 : -2

const said = (verdict: NodeVerdict): readonly [mark: string, words: string] => {
  switch (verdict._tag) {
    case "Feasible":
      return [String(verdict.total), verdict.scores.map(scoreWords).join(", ")]
    case "Rejected":
      return ["no", `${verdict.rejection.plugin}: ${verdict.rejection.reasons.join(", ")}`]
    case "NotAsked":
      return ["-", "not asked: enough others will do, or the pod does not name it"]
  }
}

const columns = (rows: ReadonlyArray<readonly [string, string, string]>): ReadonlyArray<string> => {
  const [name, mark] = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] as string).length)))
  return rows.map(([a, b, c]) => `  ${a.padEnd(name ?? 0)}  ${b.padStart(mark ?? 0)}  ${c}`)
}

const nodeLines = ({ best, nodes }: RulesAnswer): ReadonlyArray<string> => {
  const told = nodes
    .toSorted((a, b) => rank(b) - rank(a))
    .map((verdict) => ({ node: verdict.node, said: said(verdict) }))
  if (told.length <= MOST_NODES) return columns(told.map(({ node, said: [mark, words] }) => [node, mark, words]))
  const alike = new Map<string, Array<string>>()
  for (const {
    node,
    said: [mark, words]
  } of told) {
    const key = JSON.stringify([mark, words])
    alike.set(key, [...(alike.get(key) ?? []), node])
  }
  const rows = [...alike].map(([key, names]) => {
    const [mark, words] = JSON.parse(key) as [string, string]
    const shown = names.find((name) => best.includes(name)) ?? names[0] ?? ""
    return [names.length === 1 ? shown : `${shown} and ${names.length - 1} more`, mark, words] as const
  })
  const left = rows.length - MOST_NODES
  return [...columns(rows.slice(0, MOST_NODES)), ...(left > 0 ? [`  … and ${left} more answers`] : [])]
}

const answerLines = (answer: RulesAnswer): ReadonlyArray<string> => {
  const { best, event, message, preemption } = answer
  const equal =
    best.length > 1
      ? [`  ${best.slice(0, 5).join(", ")}${best.length > 5 ? ", …" : ""} are equal: chance decides.`]
      : []
  const nobody = best.length === 0 && answer.nodes.length === 0 && message !== undefined ? [`  ${message}`] : []
  const room =
    preemption === undefined
      ? []
      : [`  Room can be made on ${preemption.node} by ending ${preemption.victims.join(", ")}.`]
  return [
    "",
    `What the scheduler's rules say to event ${event}, with what the events before it show:`,
    ...nodeLines(answer),
    ...equal,
    ...nobody,
    ...room
  ]
}

/** `start`: the moment that times are counted from. */
export const renderScheduling = (
  scheduling: Scheduling,
  { colour, start }: Pick<TextOptions, "colour"> & { readonly start: Instant | undefined }
): string => {
  const { answer, name, namespace, steps, unknown } = scheduling
  const at = (observed: Instant | undefined): string =>
    (observed === undefined || start === undefined ? "" : inSeconds(observed - start)).padStart(10)
  const lines: ReadonlyArray<readonly [text: string, how?: Paint]> = [
    [`${namespace}/${name}`, "bold"],
    ...steps.map(
      ({ event, observed, outcome }) => [`${at(observed)}  event ${event}  ${outcomeWords(outcome)}`] as const
    ),
    ...(answer === undefined ? [] : answerLines(answer)).map((line) => [line] as const),
    ...(unknown.length === 0 ? [] : [[""] as const, ...unknown.map((one) => [`Not known: ${one}.`, "yellow"] as const)])
  ]
  return lines.map(([text, how]) => paint(colour, how, printable(text))).join("\n")
}
