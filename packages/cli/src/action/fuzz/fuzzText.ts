/** What a campaign came to, for people. */
import { countText, renderExplanation } from "@kubereel/core"
import type { Coverage, Progress, Share } from "@kubereel/fuzz"
import type { Failure } from "./findings.ts"
import type { Summary } from "./fuzzScenarios.ts"

const plural = (count: number, one: string, several = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : several}`

/** One failure on one screen. */
export const failureTextOf = (failure: Failure, width?: number): string => {
  const { cases, explanation, file, first, outcome, property, runs, threw, words } = failure
  const found: ReadonlyArray<readonly [string, string]> = [
    [
      "found",
      `case ${first}, and in ${plural(cases, "scenario")} in all; ${plural(runs, "scenario")} tried to make it small`
    ],
    ["saved", file]
  ]
  if (explanation !== undefined && outcome !== undefined)
    return renderExplanation(explanation, outcome, { width, notes: found })
  const title = threw === undefined ? `VIOLATED  ${property}` : `THREW  ${threw}`
  return [title, `  scenario ${words}`, ...found.map(([label, text]) => `  ${label.padEnd(8)} ${text}`)].join("\n")
}

const shareText = ({ of, reached }: Share): string =>
  `${countText(reached)} of ${countText(of)}${of === 0 ? "" : ` (${Math.floor((100 * reached) / of)} %)`}`

/** So many of what was not reached are named. */
const NAMED = 12

const missingText = (label: string, { missing }: Share): ReadonlyArray<string> => {
  if (missing.length === 0) return []
  const named = missing.slice(0, NAMED).join("; ")
  const more = missing.length > NAMED ? `; … ${missing.length - NAMED} more (--json names all)` : ""
  return [`  never    ${label}: ${named}${more}`]
}

const plateau = ({ lastNews }: Coverage, { cases }: Progress): string =>
  lastNews < 0
    ? "nothing was reached"
    : `the last news in case ${lastNews}, ${plural(cases - 1 - lastNews, "case")} ago`

export const summaryText = (summary: Summary): string => {
  const { asked, coverage, lost, progress, seconds, session } = summary
  const { broken, differing, refused, repeated } = progress
  const rate = seconds > 0 ? session.cases / seconds : 0
  return [
    `${plural(progress.cases, "scenario")} (${asked.draws.size}, seed ${asked.draws.seed}), ${plural(progress.events, "event")}, ${plural(refused, "request")} refused; ${rate < 10 ? rate.toFixed(1) : countText(Math.round(rate))} scenarios/s on ${plural(asked.workers, "process", "processes")}`,
    `  laws     ${shareText(coverage.laws)} asked, ${Object.keys(broken).length} broken`,
    `  goals    ${shareText(coverage.goals)} reached`,
    `  matrix   ${shareText(coverage.cells)} of what is done × state of a pod`,
    `  plateau  ${plateau(coverage, progress)}`,
    ...missingText("laws", coverage.laws),
    ...missingText("goals", coverage.goals),
    ...missingText("cells", coverage.cells),
    differing.length === 0
      ? `  repeated ${plural(repeated, "scenario")} in a second process: the same histories, byte for byte`
      : `  REPEATED ${plural(differing.length, "scenario")} of ${repeated} had another history in a second process: ${differing.join(", ")}`,
    ...(lost.length === 0 ? [] : [`  LOST     reached before and not now: ${lost.join("; ")}`])
  ].join("\n")
}
