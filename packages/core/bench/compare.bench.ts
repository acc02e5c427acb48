/**
 * What comparing costs beside reading the same lines as JSON, in one run: two recordings of ten thousand versions of pods.
 *
 * `npm run bench -- compare` prints a table; a broken limit fails the run.
 */
import { expect, test } from "vitest"
import { type ClusterEvent, compare, type Instant, type JsonObject, SECOND, timeline } from "../src/index.ts"
import { eventOf, linesOf } from "../test/view/recordings.ts"

const VERSIONS = 10_000
const ROUNDS = 3
/** Times of JSON.parse. */
const LIMIT = { compare: 3, "one long life": 3, timeline: 3 }

const podLines = (name: string): ReadonlyArray<JsonObject> =>
  linesOf(name).filter((line) => (line["object"] as JsonObject | undefined)?.["kind"] === "Pod")

/** The life of a recording again and again under new names and uids. */
const repeated = (name: string): ReadonlyArray<string> => {
  const life = podLines(name)
  return Array.from({ length: VERSIONS }, (_, i) => {
    const line = structuredClone(life[i % life.length]) as { object: { metadata: { name: string; uid: string } } }
    const turn = Math.floor(i / life.length)
    line.object.metadata.name += `-${turn}`
    line.object.metadata.uid += `-${turn}`
    return JSON.stringify(line)
  })
}

/** One pod that flips between two states ten thousand times; the other side begins `late` flips later. */
const flipping = (late: number): ReadonlyArray<ClusterEvent> => {
  const [ready, unready] = podLines("readiness-flips.1").slice(-2).map(eventOf)
  if (ready === undefined || unready === undefined)
    throw new Error("the recording readiness-flips.1 has too few versions")
  return Array.from({ length: VERSIONS }, (_, i) => ({
    ...((i + late) % 2 === 0 ? ready : unready),
    observed: ((i + late) * SECOND) as Instant
  }))
}

/** Milliseconds of the quickest round. */
const time = (run: () => unknown): number => {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now()
    run()
    best = Math.min(best, performance.now() - begin)
  }
  return best
}

test("comparing and telling cost little more than reading", () => {
  const [left, right] = [repeated("crash-loop.1"), repeated("crash-loop.2")]
  const events = (lines: ReadonlyArray<string>): ReadonlyArray<ClusterEvent> =>
    lines.map((line) => eventOf(JSON.parse(line) as JsonObject))
  const [leftEvents, rightEvents] = [events(left), events(right)]
  const [flips, lateFlips] = [flipping(0), flipping(301)]

  const parse = time(() => [...left, ...right].map((line) => JSON.parse(line)))
  const measured: { readonly [K in keyof typeof LIMIT]: number } = {
    compare: time(() => compare(leftEvents, rightEvents)),
    "one long life": time(() => compare(flips, lateFlips)),
    timeline: 2 * time(() => timeline(leftEvents))
  }

  process.stdout.write(`2 × ${VERSIONS} versions of pods\nJSON.parse      ${parse.toFixed(0).padStart(6)} ms\n`)
  for (const [name, limit] of Object.entries(LIMIT)) {
    const milliseconds = measured[name as keyof typeof LIMIT]
    const ratio = milliseconds / parse
    process.stdout.write(
      `${name.padEnd(14)}  ${milliseconds.toFixed(0).padStart(6)} ms  ${ratio.toFixed(1)} × JSON.parse (at most ${limit})\n`
    )
    expect(ratio, name).toBeLessThanOrEqual(limit)
  }
})
