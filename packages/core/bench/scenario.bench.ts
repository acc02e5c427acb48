/**
 * How fast scenarios are drawn: documents of each size beside what fast-check needs for sixty plain steps of five numbers.
 *
 * `npm run bench -- scenario` prints a table; the run fails when drawing a document of the standard size (about sixty steps, an hour)
 * takes more than twelve times as long as drawing such numbers alone.
 */
import fc from "fast-check"
import { expect, test } from "vitest"
import { chaosDocument, scenarioOfDocument, smallScopes } from "../src/testing/scenario/index.ts"

const ROUNDS = 5
const LIMIT = 12

/** A second of the fastest round. */
const rate = (count: number, work: (i: number) => unknown): number => {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    for (let i = 0; i < count; i++) work(i)
    return performance.now() - start
  })
  return Math.round((count * 1_000) / Math.min(...times))
}

const plain = fc.array(fc.tuple(fc.nat(30), fc.nat(3_600_000), fc.nat(100), fc.nat(1_000), fc.nat(1_000)), {
  minLength: 60,
  maxLength: 60,
  size: "max"
})
const numbers = (seed: number) => fc.sample(plain, { seed, numRuns: 1 })

test("scenarios are drawn not much slower than their numbers", () => {
  const scopes = smallScopes()
  const rates = {
    "sixty plain steps of fast-check": rate(1_000, numbers),
    "a small document": rate(1_000, (i) => chaosDocument(1, i, "small")),
    "a standard document": rate(1_000, (i) => chaosDocument(1, i)),
    "a document of any size": rate(1_000, (i) => chaosDocument(1, i, "any")),
    "one of all small scenarios": rate(5_000, (i) => scopes.at(i * 150)),
    "a standard scenario, decoded": rate(100, (i) => scenarioOfDocument(chaosDocument(1, i)))
  }
  console.table(rates)
  expect(rates["sixty plain steps of fast-check"] / rates["a standard document"]).toBeLessThan(LIMIT)
})
