/** Any history that a user can name: a reel, a file of watch lines, a scenario. */
import type { ClusterEvent } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { type Sort, sniff } from "./sniff.ts"
import type { SimulateOptions } from "./simulate.ts"

export interface History {
  readonly file: string
  readonly sort: Sort
  /** The seed that repeats it, for a simulation. */
  readonly seed: number | undefined
  readonly events: Stream.Stream<ClusterEvent, unknown>
}

/** Opens by content. A scenario is simulated; a file of watch lines is read as it is, nothing of it is kept. */
export const openHistory = Effect.fn("openHistory")(function* (file: string, options: SimulateOptions = {}) {
  const sort = yield* sniff(file)
  const opened = (events: History["events"], seed?: number): History => ({ file, sort, seed, events })
  switch (sort) {
    case "reel": {
      const { readReel } = yield* Effect.promise(() => import("./readReel.ts"))
      return opened(readReel(file))
    }
    case "watch lines": {
      const { importWatchLines } = yield* Effect.promise(() => import("@kubereel/backend-k8s"))
      return opened(importWatchLines(file))
    }
    case "scenario": {
      const { simulate } = yield* Effect.promise(() => import("./simulate.ts"))
      const { events, scenario } = yield* simulate(file, options)
      return opened(events, scenario.seed)
    }
  }
})

/** All of it, in memory: for views, which need to look back. */
export const collect = (history: History): Effect.Effect<ReadonlyArray<ClusterEvent>, unknown> => Stream.runCollect(history.events)
