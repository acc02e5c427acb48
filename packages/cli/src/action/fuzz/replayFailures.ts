/** The failures of before come first: each is played again. */
import { readFileSync } from "node:fs"
import { decodeScenario, type JsonObject, type Property } from "@kubereel/core"
import { oracleOf, provenanceOf } from "@kubereel/fuzz"
import { Effect, Result } from "effect"
import { parse } from "yaml"
import type { Corpus } from "./Corpus.ts"

/** How many still fail, and a sentence for each. */
export interface Replayed {
  readonly count: number
  readonly told: ReadonlyArray<string>
}

const replay = (
  file: string,
  properties: ReadonlyArray<Property>
): { readonly fails: boolean; readonly told: string } => {
  const document = parse(readFileSync(file, "utf8")) as JsonObject
  const property = provenanceOf(document)?.property
  const decoded = decodeScenario(document)
  if (property === undefined || Result.isFailure(decoded))
    return { fails: false, told: `${file}: is no failure that was saved here; it is left alone` }
  const checked = properties.filter(({ id }) => id === property)
  if (checked.length === 0) return { fails: false, told: `${file}: ${property} is not checked now` }
  const fails = oracleOf(checked)(decoded.success, document) === property
  return { fails, told: `${file}: ${property} ${fails ? "is still broken" : "holds now"}` }
}

export const replayed = Effect.fnUntraced(function* (corpus: Corpus, properties: ReadonlyArray<Property>) {
  const results = yield* Effect.sync(() => corpus.failures().map((file) => replay(file, properties)))
  const answer: Replayed = {
    count: results.filter(({ fails }) => fails).length,
    told: results.map(({ told }) => told)
  }
  return answer
})
