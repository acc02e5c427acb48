/** Any history that a user can name: a reel, somebody's recording, a scenario. */
import type { ClusterEvent, NumberedEvent } from "@kubereel/core"
import { Effect, Stream } from "effect"
import type { SimulateOptions } from "./simulate.ts"
import { type Sort, sniff } from "./sniff.ts"

export interface History {
  readonly file: string
  readonly sort: Sort
  /** The seed that repeats it, for a simulation. */
  readonly seed: number | undefined
  readonly events: Stream.Stream<ClusterEvent, unknown>
}

/** Opens by content. A scenario is simulated; only what this file needs is loaded. */
export const openHistory = Effect.fn("openHistory")(function* (file: string, options: SimulateOptions = {}) {
  const { recording, sort } = yield* sniff(file)
  const opened = (events: History["events"], seed?: number): History => ({ file, sort, seed, events })
  if (sort === "reel") {
    const { readReel } = yield* Effect.promise(() => import("./readReel.ts"))
    return opened(readReel(file))
  }
  // Text of no known kind is read as a scenario: its reader says what is wrong with it, and where.
  if (recording === undefined || sort === "scenario" || (sort === "unknown" && recording.syntax === "yaml")) {
    const { simulate } = yield* Effect.promise(() => import("./simulate.ts"))
    const { events, scenario } = yield* simulate(file, options)
    return opened(events, scenario.seed)
  }
  const { readRecording } = yield* Effect.promise(() => import("./readRecording.ts"))
  return opened(readRecording(recording))
})

/** With their numbers: those of a reel, else counted from 1. */
export const numbered = Effect.fn("numbered")(function* ({ events, file, sort }: History) {
  if (sort === "reel") {
    const { readNumbered } = yield* Effect.promise(() => import("./readReel.ts"))
    return readNumbered(file)
  }
  return Stream.suspend(() => {
    let count = 0
    return Stream.map(events, (event): NumberedEvent => {
      count += 1
      return { event, number: count }
    })
  })
})

/** All of them, in memory. */
export const collectNumbered = (history: History): Effect.Effect<ReadonlyArray<NumberedEvent>, unknown> =>
  Effect.flatMap(numbered(history), Stream.runCollect)

/** All of it, in memory: for views, which need to look back. */
export const collect = (history: History): Effect.Effect<ReadonlyArray<ClusterEvent>, unknown> =>
  Stream.runCollect(history.events)
