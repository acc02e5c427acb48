/** What `kubereel fuzz` does. */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { explanationJson, goals, type Property } from "@kubereel/core"
import { type Coverage, coverageOf, lostOf, noProgress, type Progress, type Ratchet, together } from "@kubereel/fuzz"
import { Effect } from "effect"
import { Complaint, exitCodes, Verdict } from "../../exitCode.ts"
import { runCampaign } from "../../fuzz/runCampaign.ts"
import type { Selection } from "../../fuzz/Selection.ts"
import * as Speech from "../../output/Speech.ts"
import { print } from "../../output/stdout.ts"
import { look } from "../../output/terminal.ts"
import { version } from "../../version.ts"
import { chooseProperties } from "../check/chooseProperties.ts"
import { Corpus, type Saved } from "./Corpus.ts"
import { type Failure, failureOf } from "./findings.ts"
import { type Asked, askedOf, type FuzzInput } from "./fuzzInput.ts"
import { failureTextOf, summaryText } from "./fuzzText.ts"
import { replayed } from "./replayFailures.ts"

/** What a campaign came to, and what of it was done now. */
export interface Summary {
  readonly asked: Asked
  readonly progress: Progress
  readonly session: Progress
  readonly seconds: number
  readonly coverage: Coverage
  readonly lost: ReadonlyArray<string>
}

const selectionOf = (properties: ReadonlyArray<Property>, modules: ReadonlyArray<string>): Selection => ({
  ids: properties.map(({ id }) => id),
  modules: modules.map((file) => resolve(file)),
  params: Object.fromEntries(properties.map(({ id, params }) => [id, params]))
})

/** Where it goes on; a campaign of other draws or properties is another one. */
const continued = (
  saved: Saved | undefined,
  { draws, corpus }: Asked,
  ids: ReadonlyArray<string>
): Saved | undefined => {
  if (saved === undefined) return undefined
  const isSame =
    saved.draws.seed === draws.seed &&
    saved.draws.size === draws.size &&
    saved.version === version &&
    saved.properties.join() === ids.join()
  if (isSame) return saved
  throw new Complaint({
    code: exitCodes.usage,
    problem: `${corpus} is of another campaign (seed ${saved.draws.seed}, size ${saved.draws.size}, ${saved.properties.length} properties, kubereel ${saved.version}); name another directory, or begin anew with --again`
  })
}

const ratchetOf = (file: string): Ratchet => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Ratchet
  } catch (cause) {
    const code = (cause as { code?: string }).code === "ENOENT" ? exitCodes.noInput : exitCodes.badData
    throw new Complaint({ code, problem: `--ratchet ${file} cannot be read: ${(cause as Error).message}` })
  }
}

const attempt = <A>(what: () => A): Effect.Effect<A, Complaint> =>
  Effect.try({
    try: what,
    catch: (cause) =>
      cause instanceof Complaint ? cause : new Complaint({ code: exitCodes.defect, problem: String(cause) })
  })

/** Plays on from where the campaign is. */
const campaign = Effect.fnUntraced(function* (asked: Asked, selection: Selection, from: number) {
  const begun = performance.now()
  const isTime = (): boolean => asked.time === undefined || (performance.now() - begun) * 1_000 < asked.time
  const result = yield* Effect.tryPromise({
    try: () =>
      runCampaign({
        draws: asked.draws,
        selection,
        from,
        count: Math.min(asked.scenarios, Number.MAX_SAFE_INTEGER - from),
        workers: asked.workers,
        goesOn: isTime
      }),
    catch: (cause) => new Complaint({ code: exitCodes.defect, problem: (cause as Error).message })
  })
  return { ...result, seconds: (performance.now() - begun) / 1_000 }
})

const failureJson = ({ explanation, outcome: _, ...failure }: Failure): object => ({
  ...failure,
  ...(explanation === undefined ? {} : { counterexample: explanationJson(explanation) })
})

const asJson = (summary: Summary, failures: ReadonlyArray<Failure>): string => {
  const { asked, coverage, lost, progress, session } = summary
  const { draws } = asked
  return JSON.stringify(
    { schemaVersion: 1, draws, played: session.cases, progress, coverage, lost, failures: failures.map(failureJson) },
    undefined,
    2
  )
}

/** Laws that are broken, and beliefs that were asked for by name. */
const brokenIn = ({ broken }: Progress) => Object.values(broken)

export const fuzzScenarios = Effect.fn("fuzzScenarios")(function* (input: FuzzInput) {
  const asked = yield* askedOf(input)
  const chosen = yield* chooseProperties(input)
  // Whoever looks for one thing is not asked what else could be reached.
  const isAll = input.laws.length === 0 && input.properties.length === 0
  const properties = isAll ? [...chosen.properties, ...goals] : chosen.properties
  const ratchet = input.ratchet === undefined ? undefined : yield* attempt(() => ratchetOf(input.ratchet ?? ""))
  const corpus = new Corpus(asked.corpus)
  if (input.again) yield* attempt(() => corpus.forget())
  const ids = properties.map(({ id }) => id)
  const before = yield* attempt(() => continued(corpus.saved(), asked, ids))
  const stillFail = yield* replayed(corpus, properties)
  for (const line of stillFail.told) yield* Speech.note(line)
  const played = yield* campaign(asked, selectionOf(properties, input.properties), before?.next ?? 0)
  const progress = together(before?.progress ?? noProgress, played.progress)
  yield* attempt(() =>
    corpus.save({ schemaVersion: 1, draws: asked.draws, properties: ids, version, next: played.next, progress })
  )
  const failures: Array<Failure> = []
  for (const broken of brokenIn(played.progress)) {
    const failure = yield* failureOf(broken, asked.draws, chosen, corpus)
    failures.push(failure)
    if (!input.json) yield* print(`${failureTextOf(failure, look().width)}\n`)
  }
  const summary: Summary = {
    asked,
    progress,
    session: played.progress,
    seconds: played.seconds,
    coverage: coverageOf(progress, properties),
    lost: ratchet === undefined ? [] : lostOf(ratchet, progress)
  }
  yield* print(input.json ? asJson(summary, failures) : summaryText(summary))
  if (progress.differing.length > 0) return yield* new Verdict({ code: exitCodes.defect })
  const isBroken = brokenIn(progress).length > 0 || stillFail.count > 0 || summary.lost.length > 0
  if (isBroken) return yield* new Verdict({ code: exitCodes.found })
})
