/**
 * `record --check`: the same checker over the reel while it grows.
 *
 * It reads what was written, as anybody could: what it says at an event is what `check` says of the reel up to there, and whatever
 * happens to it, the recording goes on. Verdicts are kept beside the reel, never in it.
 */
import { appendFileSync, writeFileSync } from "node:fs"
import {
  Checker,
  EventLog,
  type Instant,
  nameText,
  type Outcome,
  type Property,
  renderTimeline,
  timeline,
  toObserved,
  type Violation
} from "@kubereel/core"
import { Clock, Effect, Exit, Schedule, Scope, Stream } from "effect"
import * as Speech from "../../output/Speech.ts"
import { sumsText } from "./checkText.ts"
import { LastEvents } from "./LastEvents.ts"
import { standingOf } from "./standing.ts"

export interface WatchOptions {
  /** The reel. */
  readonly file: string
  readonly properties: ReadonlyArray<Property>
  readonly chosenBy: (property: Property) => string
  /** Events that were seen and are not written yet. */
  readonly queued: () => number
}

/** Something that was seen may be so long on its way into the queue, in microseconds. */
const ON_ITS_WAY = 2_000_000
/** How often it is looked whether a property stands otherwise, in seconds. */
const LOOK_EVERY = 10

interface News {
  readonly property: Property
  readonly violation: Violation
}

/** The table of verdicts: a line of JSON for each change. */
class Verdicts {
  readonly #file: string
  readonly #standing = new Map<string, string>()

  constructor(reel: string) {
    this.#file = `${reel}.verdicts.jsonl`
    writeFileSync(this.#file, "")
  }

  violated({ property: { id }, violation: { at, seq, since, slice } }: News): void {
    this.#write({ property: id, slice, verdict: "violated", seq, at: toObserved(at), since: toObserved(since) })
  }

  look(seq: number, outcomes: ReadonlyArray<Outcome>): void {
    for (const outcome of outcomes) {
      const { id } = outcome.property
      const standing = standingOf(outcome)
      if (this.#standing.get(id) === standing) continue
      this.#standing.set(id, standing)
      this.#write({ property: id, standing, seq, fired: outcome.fired, slices: outcome.slices })
    }
  }

  #write(line: object): void {
    appendFileSync(this.#file, `${JSON.stringify({ schemaVersion: 1, ...line })}\n`)
  }
}

/** The checker at work. */
export class OnlineCheck {
  readonly #checker: Checker
  readonly #last = new LastEvents()
  readonly #news: Array<News> = []
  /** The number of the last event that it has seen. */
  seen = 0

  constructor(properties: ReadonlyArray<Property>) {
    this.#checker = new Checker(properties, {
      onViolation: (property, violation) => this.#news.push({ property, violation })
    })
  }

  see(one: { readonly event: Parameters<Checker["see"]>[0]; readonly seq: number }): void {
    this.#last.see({ event: one.event, number: one.seq })
    this.#checker.see(one.event, one.seq)
    this.seen = Math.max(this.seen, one.seq)
  }

  tick(now: Instant): void {
    this.#checker.tick(now)
  }

  /** What has been found since it was asked last, each with the numbers of its slice's last events. */
  news(): ReadonlyArray<News & { readonly last: ReadonlyArray<number> }> {
    const news = this.#news.splice(0).map((one) => ({ ...one, last: this.#last.of(one.violation.slice) }))
    this.#last.forget()
    return news
  }

  outcomes(): ReadonlyArray<Outcome> {
    return this.#checker.outcomes("open")
  }
}

const say = Effect.fnUntraced(function* (
  { chosenBy, file }: WatchOptions,
  news: ReturnType<OnlineCheck["news"]>[number]
) {
  const log = yield* EventLog
  const { last, property, violation } = news
  const events = yield* Effect.forEach(last, (seq) => log.event(seq))
  const led = renderTimeline(timeline(events.filter((event) => event !== undefined)), { all: true })
  const severity = property.severity === "law" ? "VIOLATED" : "advisory"
  yield* Speech.note(
    [
      `${severity}  ${nameText(property)}: ${property.says}`,
      `  ${property.each.name} ${violation.slice}, known with event #${violation.seq}; its last events:`,
      ...(last.length === 0 ? [] : led.split("\n").map((line) => `  ${line}`)),
      `  why: kubereel check ${file} ${chosenBy(property)}`
    ].join("\n")
  )
})

/** Watches in the scope; `finish` catches up with all that was written, and says what it came to. */
export const watchRecording = Effect.fn("watchRecording")(function* (options: WatchOptions) {
  const log = yield* EventLog
  const check = new OnlineCheck(options.properties)
  const verdicts = new Verdicts(options.file)
  const before = (yield* log.head).seq
  const tell = Effect.suspend(() =>
    Effect.forEach(
      check.news(),
      (news) => {
        verdicts.violated(news)
        // What a continued reel held already has been told.
        return news.violation.seq <= before ? Effect.void : say(options, news)
      },
      { discard: true }
    )
  )
  let seconds = 0
  const tick = Effect.gen(function* () {
    const now = (yield* Clock.currentTimeMillis) * 1_000 - ON_ITS_WAY
    if (options.queued() === 0 && (yield* log.head).seq === check.seen) check.tick(now as Instant)
    yield* tell
    seconds += 1
    if (seconds % LOOK_EVERY === 0) verdicts.look(check.seen, check.outcomes())
  })
  const read = Stream.runForEachArray(log.follow(1), (batch) =>
    Effect.andThen(
      Effect.try({
        try: () => {
          for (const one of batch) check.see(one)
        },
        catch: (cause) => cause
      }),
      tell
    )
  )
  const watching = yield* Scope.fork(yield* Effect.scope)
  const stopped = (cause: unknown) =>
    Speech.warn(
      `the check has stopped, the recording goes on: ${cause instanceof Error ? cause.message : String(cause)}`
    )
  let isOver = false
  yield* Effect.forkIn(
    Effect.raceFirst(read, Effect.repeat(tick, Schedule.spaced("1 second"))).pipe(
      Effect.catch((cause: unknown) => stopped(cause)),
      Effect.ensuring(
        Effect.sync(() => {
          isOver = true
        })
      )
    ),
    watching
  )
  const caughtUp: Effect.Effect<void, unknown> = Effect.suspend(() =>
    Effect.flatMap(log.head, ({ seq }) =>
      isOver || check.seen >= seq ? Effect.void : Effect.andThen(Effect.sleep("20 millis"), caughtUp)
    )
  )
  const finish = Effect.gen(function* () {
    yield* caughtUp
    yield* tell
    yield* Scope.close(watching, Exit.void)
    const outcomes = check.outcomes()
    verdicts.look(check.seen, outcomes)
    yield* Speech.note(`checked up to event #${check.seen}: ${sumsText(outcomes)}`)
  })
  return { check, finish: Effect.provideService(finish, EventLog, log) }
})
