/** What `kubereel diff` does. */
import {
  type ClusterEvent,
  type History as ComparedHistory,
  type Comparison,
  compareHistories,
  HistoryBuilder,
  type Micros,
  parseDuration,
  renderComparison,
  renderSideBySide
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { exitCodes, Verdict } from "../exitCode.ts"
import { type History, openHistory } from "../input/openHistory.ts"
import type { SimulateOptions } from "../input/simulate.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { speaking } from "../output/messages.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"
import { duration } from "./arguments.ts"

export interface DiffInput {
  readonly a: string
  readonly b: string
  readonly tolerance?: string
  readonly seed?: number
  readonly sideBySide: boolean
  readonly json: boolean
}

interface Read {
  readonly history: ComparedHistory
  /** Until when it was observed, since its start, if it says so. */
  readonly until: Micros | undefined
}

const untilOf = (event: ClusterEvent): Micros | undefined =>
  event._tag === "RecordingStarted" && typeof event.header["until"] === "string"
    ? parseDuration(event.header["until"])
    : undefined

/** Read as it comes: only states are kept, not the objects. */
const read = Effect.fn("read")(function* ({ events }: History) {
  const builder = new HistoryBuilder()
  let until: Micros | undefined
  yield* Stream.runForEachArray(speaking(events), (batch) =>
    Effect.sync(() => {
      for (const event of batch) {
        builder.add(event)
        until ??= untilOf(event)
      }
    })
  )
  const answer: Read = { history: builder.finish(), until }
  return answer
})

/** When both had ended: a simulation says so of itself, and a recording of the same scenario was made for as long. */
const commonEnd = (a: Read, b: Read): Micros | undefined =>
  a.until === undefined ? b.until : b.until === undefined ? a.until : Math.min(a.until, b.until)

/** Differences: 1. None, but something was not seen, or nothing was there to compare: 2. */
const verdict = ({ differences, gaps, objects }: Comparison): number =>
  differences.length > 0 ? exitCodes.found : gaps.length > 0 || objects === 0 ? exitCodes.inconclusive : 0

export const diffHistories = Effect.fn("diffHistories")(function* (input: DiffInput) {
  yield* boundMemory
  const time = input.tolerance === undefined ? undefined : yield* duration("--tolerance", input.tolerance)
  const options: SimulateOptions = input.seed === undefined ? {} : { seed: input.seed }
  const [left, right] = [yield* openHistory(input.a, options), yield* openHistory(input.b, options)]
  const [a, b] = [yield* read(left), yield* read(right)]
  const comparison = compareHistories(a.history, b.history, {
    tolerance: time === undefined ? {} : { time },
    until: commonEnd(a, b)
  })
  const code = verdict(comparison)
  if (input.json) {
    const of = ({ file, seed, sort }: History) => ({ file, sort, ...(seed === undefined ? {} : { seed }) })
    yield* print(
      JSON.stringify(
        {
          schemaVersion: 1,
          a: of(left),
          b: of(right),
          verdict: ["equal", "different", "inconclusive"][code],
          ...comparison
        },
        undefined,
        2
      )
    )
  } else {
    const options = { ...look(), labels: [input.a, input.b] as const }
    if (input.sideBySide) yield* print(`${renderSideBySide(comparison, options)}\n`)
    yield* print(renderComparison(comparison, options))
    if (code === exitCodes.inconclusive) {
      yield* Speech.note(
        comparison.objects === 0
          ? "inconclusive: neither has an object to compare"
          : "inconclusive: no difference was seen, but not everything was"
      )
    }
  }
  for (const { file, seed } of [left, right])
    if (seed !== undefined) yield* Speech.note(`${file}: simulated; replay with --seed ${seed}`)
  if (code !== 0) return yield* new Verdict({ code })
})
