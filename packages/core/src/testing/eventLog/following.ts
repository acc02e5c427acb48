/** The contract of event logs: backlog first, then what is appended, nothing twice and nothing left out. */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { encode } from "../../event/encode.ts"
import { EventLog, type Recorded } from "../../port/EventLog.ts"
import { type Given, gap, version } from "./histories.ts"

const many = (count: number) => Array.from({ length: count }, (_, i) => version(`pod-${i % 4}`, String(i + 1)))

/** Lets a follower that sleeps between looks wake up as often as it needs. */
const whileTimePasses = <A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const clock = yield* Effect.forkChild(
      Effect.forever(Effect.andThen(TestClock.adjust("50 millis"), Effect.yieldNow))
    )
    const answer = yield* program
    yield* Fiber.interrupt(clock)
    return answer
  })

const isExact = (
  found: ReadonlyArray<Recorded>,
  all: ReadonlyArray<ReturnType<typeof version>>,
  from: number
): void => {
  assert.deepStrictEqual(
    found.map(({ seq }) => seq),
    all.slice(from - 1).map((_, i) => from + i)
  )
  assert.deepStrictEqual(
    found.map(({ event }) => encode(event)),
    all.slice(from - 1).map((event) => encode(event))
  )
}

export const following = (given: Given): void => {
  it.effect("guarantee 10: gives the backlog and then what is appended, whenever the follower began", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const all = many(420)
        const follow = (from: number) =>
          Effect.forkChild(Stream.runCollect(Stream.take(log.follow(from), all.length - from + 1)))
        const followers: Array<readonly [number, Fiber.Fiber<ReadonlyArray<Recorded>, unknown>]> = []
        for (let i = 0; i < all.length; i += 30) {
          // Some begin at the start, some where the log ends, some where it has not come to yet.
          for (const from of [1, i + 1, Math.min(all.length, i + 17)]) followers.push([from, yield* follow(from)])
          yield* Effect.yieldNow
          yield* log.append(all.slice(i, i + 30))
        }
        yield* whileTimePasses(
          Effect.forEach(followers, ([from, fiber]) =>
            Effect.map(Fiber.join(fiber), (found) => isExact(found, all, from))
          )
        )
      })
    )
  )

  it.effect("guarantee 10: loses and doubles nothing where following and appending begin at the same time", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const all = many(60)
        for (let i = 0; i < all.length; i += 3) {
          const [found] = yield* whileTimePasses(
            Effect.all(
              [
                Stream.runCollect(Stream.take(log.follow(i + 1), 3)),
                Effect.forEach([0, 1, 2], (j) => log.append(all.slice(i + j, i + j + 1)))
              ],
              { concurrency: "unbounded" }
            )
          )
          isExact(found, all.slice(0, i + 3), i + 1)
        }
      })
    )
  )

  it.effect("guarantee 10: ends its wait when the follower leaves", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append([gap(1)])
        const fiber = yield* Effect.forkChild(Stream.runDrain(log.follow()))
        yield* Effect.yieldNow
        yield* Fiber.interrupt(fiber)
        assert.strictEqual((yield* log.append([gap(2)])).seqs[0], 2)
      })
    )
  )
}
