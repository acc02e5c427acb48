/** The failures of a campaign: each property's smallest scenario, saved, and explained from what it shows. */
import { decodeScenario, type Explanation, type JsonObject, type Outcome, type Property } from "@kubereel/core"
import {
  type Broken,
  type Draws,
  digestOf,
  documentOf,
  failureDocument,
  minimalCase,
  oracleOf,
  shortProgram,
  THREW
} from "@kubereel/fuzz"
import { Effect, Result } from "effect"
import { version } from "../../version.ts"
import { checkHistory } from "../check/checkHistory.ts"
import type { Corpus } from "./Corpus.ts"

/** A property that is broken, by the smallest scenario that was found in the time there was. */
export interface Failure {
  readonly property: string
  /** The campaign's first case that breaks it, and how many do. */
  readonly first: number
  readonly cases: number
  readonly file: string
  readonly words: string
  readonly steps: number
  readonly from: number
  /** Scenarios that were tried to find it. */
  readonly runs: number
  readonly threw?: string
  readonly explanation?: Explanation
  readonly outcome?: Outcome
}

/** The properties that are checked, and the flags that choose one of them. */
export interface Chosen {
  readonly properties: ReadonlyArray<Property>
  readonly chosenBy: (property: Property) => string
}

/** For one failure, in milliseconds. */
const PATIENCE = 20_000

/** What of a scenario that could not be made small stands on the screen; the file has all of it. */
const SHORT = 700

const stepsOf = (document: JsonObject): number => {
  const decoded = decodeScenario(document)
  return Result.isSuccess(decoded) ? decoded.success.steps.length : 0
}

const digest = (document: JsonObject): string | undefined => {
  const decoded = decodeScenario(document)
  try {
    return Result.isSuccess(decoded) ? digestOf(decoded.success) : undefined
  } catch {
    // What the simulator throws has no history to name.
    return undefined
  }
}

/** Makes one failure small, saves it, and says why it is one. */
export const failureOf = Effect.fn("failureOf")(function* (
  { cases, finding, first, threw }: Broken,
  draws: Draws,
  { chosenBy, properties }: Chosen,
  corpus: Corpus
) {
  const property = finding.property
  const checked = properties.filter(({ id }) => id === property)
  const start = performance.now()
  const found = minimalCase(draws, first, oracleOf(checked), { isLate: () => performance.now() - start > PATIENCE })
  const document = found?.document ?? documentOf(draws, first)
  const hash = digest(document)
  const saved = failureDocument(document, {
    property,
    seed: draws.seed,
    ...(found?.path === undefined ? {} : { path: found.path }),
    versions: { kubereel: version },
    ...(hash === undefined ? {} : { digest: hash })
  })
  const file = yield* Effect.sync(() => corpus.add(`${property}-${draws.seed}-${first}`, saved))
  const words = shortProgram(document)
  const failure: Failure = {
    property,
    first,
    cases,
    file,
    words: words.length <= SHORT ? words : `${words.slice(0, SHORT)} … (the file has all of it)`,
    steps: stepsOf(document),
    from: stepsOf(documentOf(draws, first)),
    runs: found?.runs ?? 0,
    ...(threw === undefined ? {} : { threw })
  }
  return property === THREW ? failure : yield* explained(failure, { chosenBy, properties: checked }, saved)
})

const explained = Effect.fnUntraced(function* (
  failure: Failure,
  { chosenBy, properties }: Chosen,
  document: JsonObject
) {
  const { file, from, steps, words } = failure
  const { explanations, outcomes, replay } = yield* checkHistory(file, properties, {
    digest: false,
    end: "open",
    chosenBy
  })
  const [outcome] = outcomes
  const explanation = outcome === undefined ? undefined : explanations.get(outcome.property)?.[0]
  if (outcome === undefined || explanation === undefined) return failure
  const scenario = { document, words, steps, from, replay: replay(outcome.property) }
  return { ...failure, outcome, explanation: { ...explanation, scenario } }
})
