/**
 * Many random pods, by hand: `node --conditions=source packages/backend-sim/test/soak.ts [RUNS] [SEED] [cluster|chaos]`.
 *
 * Prints how often each property was broken, and the smallest scenario that breaks it.
 */
import type { JsonObject } from "@kubereel/core"
import { anyChaosDocument, anyClusterDocument, anyScenarioDocument } from "@kubereel/core/testing"
import fc from "fast-check"
import { properties, repeats, traceOf } from "./properties.ts"

const [runs = 1_000, seed = 1] = process.argv.slice(2, 4).map(Number)
const documents =
  process.argv[4] === "cluster"
    ? anyClusterDocument
    : process.argv[4] === "chaos"
      ? anyChaosDocument("small")
      : anyScenarioDocument
const cases = fc.tuple(documents, fc.nat(1_000))

const kinds = new Map<string, Array<number>>()
let facts = 0
const began = performance.now()
for (const [index, [document, chance]] of fc.sample(cases, { numRuns: runs, seed }).entries()) {
  const trace = traceOf(document, chance)
  facts += trace.facts.length
  const broken = properties.filter((property) => property.broken(trace) !== undefined).map(({ sentence }) => sentence)
  if (!repeats(document, chance)) broken.push("the same bytes every time")
  for (const sentence of broken) kinds.set(sentence, [...(kinds.get(sentence) ?? []), index])
}
console.log(`${runs} scenarios, ${facts} facts, ${Math.round(performance.now() - began)} ms`)

for (const [sentence, indices] of kinds) {
  console.log(`\n${sentence}: broken by ${indices.length}, first ${indices.slice(0, 10).join(", ")}`)
  const property = properties.find((one) => one.sentence === sentence)
  const holds = ([document, chance]: [JsonObject, number]) =>
    property === undefined ? repeats(document, chance) : property.broken(traceOf(document, chance)) === undefined
  const found = fc.check(fc.property(cases, holds), { numRuns: runs, seed, interruptAfterTimeLimit: 60_000 })
  console.log(`seed ${found.seed}, path ${found.counterexamplePath}`)
  if (found.counterexample === null) continue
  const [document, chance] = found.counterexample[0]
  console.log(JSON.stringify(document, undefined, 1), chance)
  console.log(property?.broken(traceOf(document, chance)))
}
process.exitCode = kinds.size > 0 ? 1 : 0
