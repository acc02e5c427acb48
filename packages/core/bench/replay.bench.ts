/**
 * How fast pods are replayed: the recorded pods' events folded again and again, beside `JSON.parse` of the same versions.
 *
 * `npm run bench -- replay` prints a table; the run fails when folding a version's
 * events takes longer than reading its text does, or when deriving them takes ten times as long.
 */
import { expect, test } from "vitest"
import {
  derive,
  deriveFrom,
  evolve,
  initialPod,
  type Pod,
  type PodEvent,
  type PodObject,
  parsePod,
  renderPod
} from "../src/index.ts"
import { podVersions, recordingFiles } from "../test/podVersions.ts"

const ROUNDS = 5
const FOLD_LIMIT = 1
const DERIVE_LIMIT = 10

const lives: ReadonlyArray<ReadonlyArray<PodObject>> = recordingFiles.flatMap((file) => [
  ...Map.groupBy(podVersions(file), ({ metadata }) => metadata.uid).values()
])
const versions = lives.flat()
const texts = versions.map((version) => JSON.stringify(version))
const histories = lives.map((life) => life.flatMap((next, i): ReadonlyArray<PodEvent> => derive(life[i - 1], next)))
const events = histories.reduce((sum, history) => sum + history.length, 0)

/** Something of every result is kept, so that no work can be left out. */
let kept = 0

/** Seconds of the fastest round. */
const fastest = (work: () => void): number => {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...times) / 1_000
}

const finals: Array<Pod> = []
const seconds = {
  "JSON.parse of the versions": fastest(() => {
    for (const text of texts) kept += Object.keys(JSON.parse(text)).length
  }),
  "fold of the events": fastest(() => {
    for (const history of histories) finals.push(history.reduce(evolve, initialPod))
  }),
  "fold, rendering every version": fastest(() => {
    for (const history of histories) {
      let pod = initialPod
      for (const event of history) {
        pod = evolve(pod, event)
        if (event._tag === "PodAdded" || event._tag === "PodWritten") kept += Object.keys(renderPod(pod)).length
      }
    }
  }),
  "parsePod of the versions": fastest(() => {
    for (const version of versions) kept += parsePod(version).containers.length
  }),
  "deriveFrom of the versions": fastest(() => {
    for (const life of lives) {
      let pod = initialPod
      for (const next of life) {
        const said = deriveFrom(pod, next)
        pod = said.reduce(evolve, pod)
      }
      finals.push(pod)
    }
  })
}

test("a replay beside JSON.parse", () => {
  const baseline = seconds["JSON.parse of the versions"]
  const line = (columns: ReadonlyArray<string>) =>
    process.stdout.write(`${columns.map((text, i) => (i === 0 ? text.padEnd(32) : text.padStart(14))).join("")}\n`)

  line([`${versions.length} versions, ${events} events`, "µs a version", "events/s", "× JSON.parse"])
  for (const [name, time] of Object.entries(seconds)) {
    line([
      name,
      ((time * 1e6) / versions.length).toFixed(2),
      Math.round(events / time).toLocaleString("en"),
      (time / baseline).toFixed(2)
    ])
  }

  expect(finals.every(({ anomalies }) => anomalies === 0) && kept > 0).toBe(true)
  expect(seconds["fold of the events"] / baseline).toBeLessThanOrEqual(FOLD_LIMIT)
  expect(seconds["deriveFrom of the versions"] / baseline).toBeLessThanOrEqual(DERIVE_LIMIT)
})
