/** Waiting for what a real cluster does in its own time. */
import { Effect } from "effect"
import { RigFailure } from "./runScript.ts"

export interface EventuallyOptions {
  /** Default 60. */
  readonly seconds?: number
}

/** Asks every quarter of a second until what is answered holds, and says what was answered last when it never did. */
export const eventually = <A, E>(
  what: string,
  ask: Effect.Effect<A, E>,
  holds: (answer: A) => boolean,
  { seconds = 60 }: EventuallyOptions = {}
): Effect.Effect<A, RigFailure> =>
  Effect.gen(function* () {
    let last = "nothing"
    for (let left = seconds * 4; left > 0; left--) {
      const answer = yield* Effect.result(ask)
      if (answer._tag === "Success" && holds(answer.success)) return answer.success
      last = answer._tag === "Success" ? JSON.stringify(answer.success) : String(answer.failure)
      yield* Effect.sleep("250 millis")
    }
    return yield* new RigFailure({ problem: `${what}: not within ${seconds} s; last answer: ${last}` })
  })
