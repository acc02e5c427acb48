/** What every event log must do, whatever it is made of: the guarantees that a caller can see, each with its number. */
import { describe } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import type { EventLog } from "../port/EventLog.ts"
import { identity, numbering } from "./eventLog/appending.ts"
import { expectations, versionHistories } from "./eventLog/expecting.ts"
import { following } from "./eventLog/following.ts"
import { histories } from "./eventLog/properties.ts"
import { hashing, reading } from "./eventLog/reading.ts"
import { states } from "./eventLog/states.ts"

/** One contract; `makeLayer` gives a new empty log each time. */
export const eventLogContract = <E>(name: string, makeLayer: () => Layer.Layer<EventLog, E>): void => {
  const given = <A, E2>(program: Effect.Effect<A, E2, EventLog>): Effect.Effect<A, E | E2> =>
    Effect.suspend(() => Effect.provide(program, makeLayer()))
  const inNewLog = <A, E2>(program: Effect.Effect<A, E2, EventLog>): Promise<A> => Effect.runPromise(given(program))

  describe(name, () => {
    numbering(given)
    identity(given)
    expectations(given)
    versionHistories(inNewLog)
    reading(given)
    hashing(given)
    following(given)
    states(given, inNewLog)
    histories(inNewLog)
  })
}
