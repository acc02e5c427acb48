/** Any history that a user can name: a reel, a file of watch lines, a scenario. */
import type { ClusterEvent } from "@kubereel/core"
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
  const sort = yield* sniff(file)
  const opened = (events: History["events"], seed?: number): History => ({ file, sort, seed, events })
  switch (sort) {
    case "reel": {
      const { readReel } = yield* Effect.promise(() => import("./readReel.ts"))
      return opened(readReel(file))
    }
    case "watch lines": {
      const { readWatchLines } = yield* Effect.promise(() => import("./readWatchLines.ts"))
      return opened(readWatchLines(file))
    }
    case "scenario": {
      const { simulate } = yield* Effect.promise(() => import("./simulate.ts"))
      const { events, scenario } = yield* simulate(file, options)
      return opened(events, scenario.seed)
    }
  }
})

/** All of it, in memory: for views, which need to look back. */
export const collect = (history: History): Effect.Effect<ReadonlyArray<ClusterEvent>, unknown> =>
  Stream.runCollect(history.events)
