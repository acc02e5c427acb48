/**
 * Records one resource for ever: lists, watches, and begins again after every break (decide.ts says how). A list is streamed
 * where the server can do that, and what comes after it on the same connection is the watch; elsewhere it is read in pieces.
 */
import type { ClusterEvent, Instant } from "@kubereel/core"
import { Clock, Effect, Random, Result, Stream } from "effect"
import type { ApiClient, Query, WatchLine } from "../client/ApiClient.ts"
import type { ApiFailure } from "../client/failures.ts"
import { type BackOff, type Backwards, type Closed, clientGoBackOff, type Doing, decide, waitAfter } from "./decide.ts"
import { initialOf } from "./initial.ts"
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
  /** What it had come to. */
  readonly doing: Doing
  readonly ending: ApiFailure | Closed | Backwards | undefined
  readonly heard: number
  /** It was the streaming that failed, as far as one can know. */
  readonly isBroken?: boolean
}

type Cause = Parameters<Reflection["listed"]>[1]

const list = Effect.fnUntraced(function* (
  self: Reflection,
  { client, scope, now, offer }: ReflectOptions,
  doing: "list" | "verify",
  cause: Cause
) {
  self.listing()
  const pages = client.list(pathOf(self.resource, scope), queryOf(self.resource, scope))
  const read = Stream.runForEach(pages, (page) => Effect.flatMap(now, (at) => offer(self.page(page, at))))
  const done = yield* Effect.result(read)
  if (Result.isFailure(done)) return { doing, ending: done.failure, heard: 0 } satisfies Attempt
  yield* offer(self.listed(doing === "verify", cause, yield* now))
  return { doing, ending: undefined, heard: 0 } satisfies Attempt
})

/** What the lines of one connection say, one after the other, until it ends. */
class Listener {
  readonly #self: Reflection
  readonly #options: ReflectOptions
  heard = 0
  ending: Attempt["ending"]

  constructor(self: Reflection, options: ReflectOptions) {
    this.#self = self
    this.#options = options
  }

  /** `hear` is shown every line, and says whether the next one is wanted. */
  connect(query: Query, hear: (line: WatchLine) => Effect.Effect<boolean>, begin: Effect.Effect<void> = Effect.void) {
    const { client, scope, timing } = this.#options
    const { resource } = this.#self
    return Effect.gen({ self: this }, function* () {
      // Every watch for a time of its own, so that not all of them end at once.
      const timeoutSeconds = Math.round((timing.watch * (1 + (yield* Random.next))) / 1_000)
      const asked = { ...queryOf(resource, scope), ...query, timeoutSeconds }
      const listen = Effect.gen(function* () {
        const lines = yield* client.watch(pathOf(resource, scope), asked, timing.quiet)
        yield* begin
        yield* Stream.runForEachWhile(lines, hear)
      })
      const done = yield* Effect.result(Effect.scoped(listen))
      if (Result.isFailure(done)) this.ending = done.failure
    })
  }

  /** A line of a watch. */
  hear(line: WatchLine): Effect.Effect<boolean> {
    const { now, offer, onRepeated } = this.#options
    return Effect.gen({ self: this }, function* () {
      const said = this.#self.hear(line, yield* now)
      if ("_tag" in said) {
        this.ending = said
        return false
      }
      this.heard++
      if (this.#self.takeRepeated()) onRepeated()
      yield* offer(said)
      return true
    })
  }
}

const watch = Effect.fnUntraced(function* (self: Reflection, options: ReflectOptions) {
  const { now, offer } = options
  const listener = new Listener(self, options)
  const begin = Effect.gen(function* () {
    options.onStanding("watching")
    yield* offer(self.resumed(yield* now))
  })
  yield* listener.connect({ resourceVersion: self.position }, (line) => listener.hear(line), begin)
  const { ending = { _tag: "Closed" }, heard } = listener
  return { doing: "watch", ending, heard } satisfies Attempt
})

/** Nothing was asked yet when it failed: it is not known whether the server can stream. */
const isNobodysFault = ({ _tag }: NonNullable<Attempt["ending"]>): boolean =>
  _tag === "Unreachable" || _tag === "TooManyRequests" || _tag === "Unauthorized"

/**
 * A list, and the watch behind it. `unknown`: the server does not know what it was asked. `unfinished`: it ended the list
 * before that was whole.
 */
const streamed = Effect.fnUntraced(function* (
  self: Reflection,
  options: ReflectOptions,
  doing: "list" | "verify",
  cause: Cause
): Effect.fn.Return<Attempt | "unknown" | "unfinished"> {
  const { now, offer, onStanding } = options
  const listener = new Listener(self, options)
  const progress: { stage: "asked" | "begun" | "whole" | "unknown" } = { stage: "asked" }
  const begin = Effect.sync(() => {
    progress.stage = "begun"
  })
  const initial = (line: WatchLine): Effect.Effect<boolean> =>
    Effect.gen(function* () {
      const said = initialOf(line, self.resource)
      if (said._tag === "Item") yield* offer(self.item(said, yield* now))
      else if (said._tag === "Unstreamed") progress.stage = "unknown"
      else if (said._tag === "Whole") {
        progress.stage = "whole"
        self.whole(said.resourceVersion)
        yield* offer(self.listed(doing === "verify", cause, yield* now))
        if (!self.resumes) onStanding("watching")
      } else listener.ending = said
      return said._tag === "Item" || (said._tag === "Whole" && !self.resumes)
    })
  self.listing()
  const asked = { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
  yield* listener.connect(asked, (line) => (progress.stage === "whole" ? listener.hear(line) : initial(line)), begin)
  const { ending, heard } = listener
  if (progress.stage === "whole") {
    if (self.resumes) return { doing, ending: undefined, heard: 0 }
    return { doing: "watch", ending: ending ?? { _tag: "Closed" }, heard }
  }
  if (progress.stage === "unknown" || (ending?._tag === "Refused" && ending.status < 500)) return "unknown"
  if (ending === undefined) return "unfinished"
  return { doing, ending, heard: 0, isBroken: progress.stage === "begun" || !isNobodysFault(ending) }
})

/** Streams what the server can stream; after a list that failed so the next one is read in pieces. */
class Lists {
  #isKnown = true
  #isBroken = false

  next(self: Reflection, options: ReflectOptions, doing: "list" | "verify", cause: Cause): Effect.Effect<Attempt> {
    return Effect.gen({ self: this }, function* () {
      if (this.#isKnown && !this.#isBroken) {
        const outcome = yield* streamed(self, options, doing, cause)
        if (typeof outcome !== "string") {
          this.#isBroken = outcome.isBroken === true
          return outcome
        }
        this.#isKnown = outcome !== "unknown"
      }
      this.#isBroken = false
      return yield* list(self, options, doing, cause)
    })
  }
}

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
  first: { readonly doing: Doing } & Cause,
  options: ReflectOptions
): Effect.fn.Return<never> {
  const { timing, now, offer, onStanding } = options
  const patience = new Patience(timing.backOff)
  let { doing, ...gap } = first
  const lists = new Lists()
  let denied = false
  for (;;) {
    if (doing !== "watch" && !denied) onStanding("listing")
    const began = yield* elapsed
    const attempt: Attempt =
      doing === "watch" ? yield* watch(self, options) : yield* lists.next(self, options, doing, gap)
    if (attempt.heard > 0) patience.reset()
    if (attempt.ending === undefined) {
      denied = false
      doing = "watch"
      continue
    }
    const ended = yield* elapsed
    const next = decide({
      doing: attempt.doing,
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
