/**
 * Many random pods, by hand: `node --conditions=source packages/backend-sim/test/soak.ts [RUNS] [SEED]`.
 *
 * Prints how often each property was broken, and the smallest scenario that breaks it.
 */
import { anyScenarioDocument } from "@kubereel/core/testing"
import fc from "fast-check"
import { properties, repeats, traceOf } from "./properties.ts"

const [runs = 1_000, seed = 1] = process.argv.slice(2).map(Number)

const kinds = new Map<string, Array<number>>()
let facts = 0
const began = performance.now()
for (const [index, document] of fc.sample(anyScenarioDocument, { numRuns: runs, seed }).entries()) {
  const trace = traceOf(document, index)
  facts += trace.facts.length
  const broken = properties.filter((property) => property.broken(trace) !== undefined).map(({ sentence }) => sentence)
  if (!repeats(document, index)) broken.push("the same bytes every time")
  for (const sentence of broken) kinds.set(sentence, [...(kinds.get(sentence) ?? []), index])
}
console.log(`${runs} scenarios, ${facts} facts, ${Math.round(performance.now() - began)} ms`)

for (const [sentence, indices] of kinds) {
  console.log(`\n${sentence}: broken by ${indices.length}, first ${indices.slice(0, 10).join(", ")}`)
  const property = properties.find((one) => one.sentence === sentence)
  if (property === undefined) continue
  const found = fc.check(
    fc.property(anyScenarioDocument, (document) => property.broken(traceOf(document)) === undefined),
    { numRuns: runs, seed, endOnFailure: false, interruptAfterTimeLimit: 60_000 }
  )
  const smallest = found.counterexample?.[0]
  console.log(`seed ${found.seed}, path ${found.counterexamplePath}`)
  console.log(JSON.stringify(smallest, undefined, 1))
  if (smallest !== undefined) console.log(property.broken(traceOf(smallest)))
}
process.exitCode = kinds.size > 0 ? 1 : 0
