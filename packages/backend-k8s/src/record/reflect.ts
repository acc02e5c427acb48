/** Records one resource for ever: lists, watches, and begins again after every break (decide.ts says how). */
import type { ClusterEvent, Instant } from "@kubereel/core"
import { Clock, Effect, Random, Result, Stream } from "effect"
import type { ApiClient } from "../client/ApiClient.ts"
import type { ApiFailure } from "../client/failures.ts"
import { type BackOff, type Backwards, type Closed, clientGoBackOff, type Doing, decide, waitAfter } from "./decide.ts"
import type { Reflection } from "./Reflection.ts"
import { pathOf, queryOf, type Scope } from "./Resource.ts"

/** In milliseconds. */
export interface Timing {
  readonly backOff: BackOff
  /** A watch hears a bookmark every minute; a connection that is silent for longer is taken for dead. */
  readonly quiet: number
  /** For how long a watch is asked for: between once and twice that, as client-go does. */
  readonly watch: number
  /** How long to wait before asking again for what is forbidden. */
  readonly denied: number
}

export const timing: Timing = { backOff: clientGoBackOff, quiet: 90_000, watch: 300_000, denied: 30_000 }

/** A break this long ago no longer counts for the back-off. */
const FORGIVEN = 120_000

export type Standing = "listing" | "watching" | "waiting" | "denied"

export interface ReflectOptions {
  readonly client: ApiClient
  readonly scope: Scope
  readonly timing: Timing
  /** The moment at which something is seen. */
  readonly now: Effect.Effect<Instant>
  /** Takes facts in order; waits while the log is slow. */
  readonly offer: (facts: ReadonlyArray<ClusterEvent>) => Effect.Effect<void>
  readonly onStanding: (standing: Standing) => void
  /** A change came again. */
  readonly onRepeated: () => void
}

/** Milliseconds of a clock that never jumps: for how long things take. */
const elapsed = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

/** How an attempt ended; a list that came to its end has no ending of its own. */
interface Attempt {
  readonly ending: ApiFailure | Closed | Backwards | undefined
  readonly heard: number
}

const list = Effect.fnUntraced(function* (
  self: Reflection,
  { client, scope, now, offer }: ReflectOptions,
  resume: boolean,
  gap: Parameters<Reflection["listed"]>[1]
) {
  self.listing()
  const pages = client.list(pathOf(self.resource, scope), queryOf(self.resource, scope))
  const read = Stream.runForEach(pages, (page) => Effect.flatMap(now, (at) => offer(self.page(page, at))))
  const done = yield* Effect.result(read)
  if (Result.isFailure(done)) return { ending: done.failure, heard: 0 } satisfies Attempt
  yield* offer(self.listed(resume, gap, yield* now))
  return { ending: undefined, heard: 0 } satisfies Attempt
})

const watch = Effect.fnUntraced(function* (self: Reflection, options: ReflectOptions) {
  const { client, scope, now, offer, timing } = options
  let heard = 0
  let ending: Attempt["ending"]
  const query = {
    ...queryOf(self.resource, scope),
    resourceVersion: self.position,
    timeoutSeconds: Math.round((timing.watch * (1 + (yield* Random.next))) / 1_000)
  }
  const listen = Effect.gen(function* () {
    const lines = yield* client.watch(pathOf(self.resource, scope), query, timing.quiet)
    options.onStanding("watching")
    yield* offer(self.resumed(yield* now))
    yield* Stream.runForEachWhile(lines, (line) =>
      Effect.gen(function* () {
        const said = self.hear(line, yield* now)
        if ("_tag" in said) {
          ending = said
          return false
        }
        heard++
        if (self.takeRepeated()) options.onRepeated()
        yield* offer(said)
        return true
      })
    )
  })
  const done = yield* Effect.result(Effect.scoped(listen))
  if (Result.isFailure(done)) ending = done.failure
  return { ending: ending ?? { _tag: "Closed" }, heard } satisfies Attempt
})

/** How long to wait, and how many failures in a row that makes. */
class Patience {
  readonly #backOff: BackOff
  #failures = 0
  #last = Number.NEGATIVE_INFINITY

  constructor(backOff: BackOff) {
    this.#backOff = backOff
  }

  next(at: number, chance: number): number {
    this.#failures = at - this.#last > FORGIVEN ? 1 : this.#failures + 1
    this.#last = at
    return waitAfter(this.#backOff, this.#failures, chance)
  }

  /** Something was heard: the server is well. */
  reset(): void {
    this.#failures = 0
  }
}

/** Never ends by itself. `doing` is what to begin with, and why. */
export const reflect = Effect.fnUntraced(function* (
  self: Reflection,
  first: { readonly doing: Doing } & Parameters<Reflection["listed"]>[1],
  options: ReflectOptions
): Effect.fn.Return<never> {
  const { timing, now, offer, onStanding } = options
  const patience = new Patience(timing.backOff)
  let { doing, ...gap } = first
  let denied = false
  for (;;) {
    if (doing !== "watch" && !denied) onStanding("listing")
    const began = yield* elapsed
    const attempt: Attempt =
      doing === "watch" ? yield* watch(self, options) : yield* list(self, options, doing === "verify", gap)
    if (attempt.heard > 0) patience.reset()
    if (attempt.ending === undefined) {
      denied = false
      doing = "watch"
      continue
    }
    const ended = yield* elapsed
    const next = decide({
      doing,
      how: attempt.ending,
      heard: attempt.heard,
      lasted: ended - began,
      unexplained: self.unexplained
    })
    doing = next.doing
    gap = { cause: next.cause, detail: next.detail }
    if (next.wait !== "not" || next.blind === true) yield* offer(self.open(next.cause, next.detail, yield* now))
    if (next.wait === "not") continue
    denied = next.wait === "denied"
    onStanding(denied ? "denied" : "waiting")
    const chance = yield* Random.next
    yield* Effect.sleep(
      next.wait === "denied" ? timing.denied : typeof next.wait === "number" ? next.wait : patience.next(ended, chance)
    )
  }
})
