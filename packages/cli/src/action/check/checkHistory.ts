/** Properties over one history: read once, and once more for what broke them. */
import { createHash } from "node:crypto"
import { statSync } from "node:fs"
import {
  Checker,
  EventLog,
  type Explanation,
  encode,
  explain,
  type Instant,
  later,
  type NumberedEvent,
  type Outcome,
  type Property,
  parseDuration,
  parseInstant,
  Retelling,
  startOf,
  type Wanted
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { Complaint, exitCodes } from "../../exitCode.ts"
import { type History, numbered, openHistory } from "../../input/openHistory.ts"
import { speaking } from "../../output/messages.ts"
import * as EventLogSqlite from "../../reel/EventLogSqlite.ts"

export interface Span {
  readonly from?: string
  readonly to?: string
}

export interface CheckOptions extends Span {
  readonly end?: "open" | "quiescent" | "stopped"
  readonly seed?: number
  /** The flags that choose a property. */
  readonly chosenBy: (property: Property) => string
  /** Whether a digest of all that was read is wanted. */
  readonly digest: boolean
}

/** What a history came to. */
export interface Checked {
  readonly file: string
  readonly sort: History["sort"]
  readonly seed: number | undefined
  readonly events: number
  readonly end: "open" | "quiescent" | "stopped"
  /** The head of a reel; of anything else the chain over its events. */
  readonly digest: string | undefined
  readonly outcomes: ReadonlyArray<Outcome>
  /** What asks the same of it again. */
  readonly replay: (property: Property) => string
  /** By property: some of its violations, the shortest first. */
  readonly explanations: ReadonlyMap<Property, ReadonlyArray<Explanation>>
}

/** So many violations of a property are looked at; one is printed. */
const EXPLAINED = 5

/** Where in the history something is asked: `--from` and `--to`, times or durations since the start. */
class Window {
  readonly #span: Span
  readonly #file: string
  #from = Number.NEGATIVE_INFINITY
  to = Number.POSITIVE_INFINITY
  #isKnown: boolean

  constructor(span: Span, file: string) {
    this.#span = span
    this.#file = file
    this.#isKnown = span.from === undefined && span.to === undefined
  }

  #moment(flag: string, text: string, start: Instant): Instant {
    const instant = parseInstant(text)
    const offset = parseDuration(text.replace(/^\+/, ""))
    if (instant === undefined && offset === undefined)
      throw new Complaint({
        code: exitCodes.usage,
        problem: `${flag}: "${text}" is no time; write it like 2026-01-01T00:00:00Z, or 16s for sixteen seconds after the start`
      })
    return instant ?? later(start, offset ?? 0)
  }

  /** `before`: not asked yet. `after`: it is over. */
  place({ event }: NumberedEvent): "before" | "in" | "after" {
    const start = this.#isKnown ? undefined : startOf(event)
    if (start !== undefined) {
      const { from, to } = this.#span
      if (from !== undefined) this.#from = this.#moment("--from", from, start)
      if (to !== undefined) this.to = this.#moment("--to", to, start)
      this.#isKnown = true
    }
    const at = event.observed
    if (at === undefined) return "in"
    return at > this.to ? "after" : at < this.#from ? "before" : "in"
  }

  end(): void {
    if (!this.#isKnown)
      throw new Complaint({
        code: exitCodes.badData,
        problem: `${this.#file}: has no times, so --from and --to mean nothing; import a recording with observedAt`
      })
  }
}

const ENOUGH = Symbol("enough")

/** Batch by batch, until `see` says that it has enough. */
const readThrough = <E>(
  events: Stream.Stream<NumberedEvent, E>,
  see: (one: NumberedEvent) => boolean
): Effect.Effect<void, unknown> =>
  Stream.runForEachArray(events, (batch) =>
    Effect.try({
      try: () => {
        for (const one of batch) if (!see(one)) throw ENOUGH
      },
      catch: (cause) => cause
    })
  ).pipe(Effect.catch((cause: unknown) => (cause === ENOUGH ? Effect.void : Effect.fail(cause))))

const wantedOf = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Wanted> =>
  outcomes.flatMap(({ property, violations }) =>
    violations.slice(0, EXPLAINED).map((violation) => ({ property, violation }))
  )

const byProperty = (explanations: ReadonlyArray<Explanation>): Checked["explanations"] => {
  const sorted = explanations.toSorted((a, b) => lengthOf(a) - lengthOf(b))
  return Map.groupBy(sorted, ({ property }) => property)
}

const lengthOf = ({ lines }: Explanation): number =>
  lines.reduce((sum, line) => sum + (line._tag === "Folded" ? line.events : 1), 0)

const headOf = (file: string): Effect.Effect<string, unknown> =>
  Effect.flatMap(EventLog, (log) => log.head).pipe(
    Effect.map(({ hash }) => hash),
    Effect.provide(EventLogSqlite.layer(file, { mode: "read" }))
  )

class Chain {
  #hash = "0".repeat(64)
  add({ event }: NumberedEvent): void {
    this.#hash = createHash("sha256")
      .update(this.#hash + encode(event))
      .digest("hex")
  }
  get hash(): string {
    return this.#hash
  }
}

/** What can be read once only is kept; a scenario and a file are read again. */
const again = (file: string, sort: History["sort"]): boolean => sort === "scenario" || statSync(file).isFile()

/** Until when a simulation went on, as it says itself: its last event may be long before. */
const endOf = ({ event }: NumberedEvent): number => {
  const until = event._tag === "RecordingStarted" ? event.header["until"] : undefined
  const [start, span] = [startOf(event), typeof until === "string" ? parseDuration(until) : undefined]
  return start === undefined || span === undefined ? Number.POSITIVE_INFINITY : start + span
}

export const checkHistory = Effect.fn("checkHistory")(function* (
  file: string,
  properties: ReadonlyArray<Property>,
  options: CheckOptions
) {
  const history = yield* openHistory(file, options.seed === undefined ? {} : { seed: options.seed })
  const { seed, sort } = history
  const kept: Array<NumberedEvent> | undefined = again(file, sort) ? undefined : []
  const end = options.end ?? "open"
  const chain = options.digest && sort !== "reel" ? new Chain() : undefined
  const checker = new Checker(properties)
  const window = new Window(options, file)
  let [events, lasted] = [0, Number.POSITIVE_INFINITY]
  yield* readThrough(speaking(yield* numbered(history)), (one) => {
    const place = window.place(one)
    if (place === "after") return false
    events += 1
    if (seed !== undefined && events === 1) lasted = endOf(one)
    kept?.push(one)
    chain?.add(one)
    if (place === "before") checker.learn(one.event, one.number)
    else checker.see(one.event, one.number)
    return true
  })
  window.end()
  const last = Math.min(window.to, seed === undefined ? window.to : lasted)
  if (Number.isFinite(last)) checker.tick(last as Instant)
  const outcomes = checker.outcomes(end)
  const retelling = new Retelling(wantedOf(outcomes))
  const second = new Window(options, file)
  const stream = kept === undefined ? yield* numbered(history) : Stream.fromArray(kept)
  if (outcomes.some(({ violations }) => violations.length > 0)) {
    yield* readThrough(stream, (one) => {
      const place = second.place(one)
      if (place === "before") retelling.learn(one.event, one.number)
      return place === "before" || (place === "in" && retelling.see(one.event, one.number))
    })
  }
  const checked: Checked = {
    file,
    sort,
    seed,
    events,
    end,
    digest: sort === "reel" && options.digest ? yield* headOf(file) : chain?.hash,
    outcomes,
    replay: (property) =>
      `kubereel check ${file}${seed === undefined ? "" : ` --seed ${seed}`} ${options.chosenBy(property)}`,
    explanations: byProperty(retelling.retold().map(explain))
  }
  return checked
})
