/** The page `docs/fidelity.md`: what was measured as tables, and what people know of the rest. */
import { type Score, SECOND } from "@kubereel/core"
import { type Measured, seeds } from "./measure.ts"

const mean = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const share = (value: number): string => value.toFixed(3)
const seconds = (time: number | undefined): string => (time === undefined ? "–" : (time / SECOND).toFixed(2))

export const isAtParity = ({ scores }: Measured): boolean => scores.some(({ parity }) => parity)
const isExact = ({ scores }: Measured): boolean => scores.some(({ exact }) => exact)
export const isRandom = ({ name }: Measured): boolean => name.startsWith("fuzz-")

/** The seed that is nearest: at parity first, then the most alike. */
const best = (scores: ReadonlyArray<Score>): Score | undefined =>
  scores.toSorted((a, b) => Number(b.parity) - Number(a.parity) || b.states + b.events - (a.states + a.events))[0]

const states = ({ scores }: Measured): number => mean(scores.map((one) => one.states))
const events = ({ scores }: Measured): number => mean(scores.map((one) => one.events))

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`
const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(head), row(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n")

const verdictOf = (one: Measured): string => (isAtParity(one) ? (isExact(one) ? "exact" : "parity") : "short")

const scenarioRow = (one: Measured): ReadonlyArray<string> => {
  const nearest = best(one.scores)
  return [
    one.name,
    verdictOf(one),
    `${share(states(one))} (${share(nearest?.realStates ?? 1)})`,
    `${share(events(one))} (${share(nearest?.realEvents ?? 1)})`,
    `${seconds(nearest?.p95)} (${seconds(nearest?.realP95)})`,
    `${one.differences.length} (${one.realDifferences})`
  ]
}

const scenarioTable = (all: ReadonlyArray<Measured>): string =>
  table(["Scenario", "Verdict", "States", "Events", "Times, s", "Differences"], all.map(scenarioRow))

const realMean = (all: ReadonlyArray<Measured>, of: (score: Score) => number): number =>
  mean(all.flatMap(({ realScores }) => realScores.map(of)))

const summaryRow = (name: string, all: ReadonlyArray<Measured>): ReadonlyArray<string> => [
  name,
  String(all.length),
  `${all.filter(isAtParity).length} (${Math.round((100 * all.filter(isAtParity).length) / Math.max(1, all.length))} %)`,
  String(all.filter(isExact).length),
  `${share(mean(all.map(states)))} (${share(realMean(all, (one) => one.states))})`,
  `${share(mean(all.map(events)))} (${share(realMean(all, (one) => one.events))})`
]

const isSimulated = ({ foreignKinds }: Measured): boolean => foreignKinds.length === 0
const designed = (all: ReadonlyArray<Measured>) => all.filter((one) => isSimulated(one) && !isRandom(one))
const random = (all: ReadonlyArray<Measured>) => all.filter((one) => isSimulated(one) && isRandom(one))
const foreign = (all: ReadonlyArray<Measured>) => all.filter((one) => !isSimulated(one))

const summary = (all: ReadonlyArray<Measured>): string =>
  table(
    ["Scenarios", "Number", "At parity", "Exact", "States", "Events"],
    [
      summaryRow("designed", designed(all)),
      summaryRow("random pods", random(all)),
      summaryRow("of kinds that are not simulated", foreign(all)),
      summaryRow("all", all)
    ]
  )

/** `## name` and the text below it; what stands before the first heading is for the writer of the notes. */
export const notesIn = (markdown: string): ReadonlyMap<string, string> =>
  new Map(
    markdown
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf("\n")
        return [section.slice(0, end).trim(), section.slice(end).trim()] as const
      })
  )

const sentence = (message: string): string => message.replace("not simulated: ", "")

/** Why a scenario falls short: what somebody found out; else what `run` warns of; else that nobody knows. */
const reasonsFor = (one: Measured, notes: ReadonlyMap<string, string>): string => {
  const note = notes.get(one.name)
  const missing = one.notSimulated.map(sentence)
  if (missing.length === 0) return note ?? unexplained
  const list = `Not simulated: ${missing.join("; ")}.`
  return note === undefined ? list : `${note} ${list}`
}

export const unexplained = "Not explained yet."

const shortList = (all: ReadonlyArray<Measured>, notes: ReadonlyMap<string, string>): string => {
  const short = all.filter((one) => isSimulated(one) && !isAtParity(one))
  if (short.length === 0) return "None."
  return short.map((one) => `- **${one.name}**: ${reasonsFor(one, notes)}`).join("\n")
}

const foreignList = (all: ReadonlyArray<Measured>): string => {
  const short = foreign(all).filter((one) => !isAtParity(one))
  if (short.length === 0) return "None."
  return short.map((one) => `- **${one.name}**: ${one.foreignKinds.join(", ")}`).join("\n")
}

/** The whole page. */
export const fidelityPage = (all: ReadonlyArray<Measured>, notes: ReadonlyMap<string, string>): string => `# Fidelity

How near a simulated history is to what a real Kubernetes 1.36.3 made of the same scenario. This page is generated from the
sources, the scenarios and their recordings by \`npm run fidelity\`; explanations come from \`docs/fidelity.notes.md\`.

Each scenario is simulated with the seeds ${seeds.join(", ")} and compared with its three recordings. The numbers of the real runs among
themselves stand in parentheses: nobody can be nearer to them than they are to one another.

- **States**: the share of the states of all objects that both histories show in the same order (mean over the seeds; the real
  runs: the least alike two).
- **Events**: the share of the Events that both report, word for word and about equally often (the same).
- **Times**: by how many seconds the moments of common states differ, the 95th of a hundred (the best seed; the real runs: the
  most).
- **Verdict**: *parity* if one of the seeds is as near to a real run as the real runs are to one another in states and Events, and
  in its times within their spread and a second; *exact* if it also shows no other state and no other Event than a real run.
- **Differences**: what \`kubereel diff\` says of the seed and the real run that are nearest (of the two real runs that are farthest
  apart).

## Summary

A real run, judged by the other real runs of its scenario, has the numbers in parentheses.

${summary(all)}

## Designed scenarios

${scenarioTable(designed(all))}

## Random pods

${scenarioTable(random(all))}

## Scenarios of kinds that are not simulated

${scenarioTable(foreign(all))}

## Short of parity

${shortList(all, notes)}

Not simulated are the controllers of these kinds, so that the scenarios of them are played without:

${foreignList(all)}
`

/** The verdicts that a page states, by scenario. */
export const verdictsIn = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...page.matchAll(/^\| ([a-z0-9-]+) \| (exact|parity|short) \|/gm)].map(([, name = "", verdict = ""]) => [
      name,
      verdict
    ])
  )
