/** What a history says of itself that its reader must hear: gaps and warnings, on stderr while it passes by. */
import { type ClusterEvent, gapWords, horizonText, type NumberedEvent, toObserved } from "@kubereel/core"
import { Effect, Stream } from "effect"
import * as Speech from "./Speech.ts"

/** The sentence for stderr, if the event is one of those. */
export const messageOf = (event: ClusterEvent): string | undefined => {
  switch (event._tag) {
    case "Warned":
      return event.message
    case "Gap": {
      if (event.resource !== undefined || event.to !== undefined) return `gap: ${gapWords(event)}`
      const when = event.observed === undefined ? "" : ` after ${toObserved(event.observed)}`
      return `gap (${event.cause})${when}: ${event.detail}`
    }
    case "Horizon":
      return horizonText(event)
    default:
      return undefined
  }
}

/** So many gaps, and so many warnings, are said one by one. */
const SAID_MAX = 20
/** What an importer has to say of its source comes last, however much came before. */
const LAST_WORDS = 8

/** What has been said of one sort of message, and what was not because there was too much. */
class Said {
  readonly #known = new Set<string>()
  readonly #what: string
  #left = 0
  #last: Array<string> = []

  constructor(what: string) {
    this.#what = what
  }

  /** True if this one is to be said now. */
  isNews(message: string): boolean {
    if (this.#known.has(message)) return false
    if (this.#known.size < SAID_MAX) {
      this.#known.add(message)
      return true
    }
    if (this.#last.includes(message)) return false
    this.#left++
    this.#last = [...this.#last, message].slice(-LAST_WORDS)
    return false
  }

  /** At the end: how many were left out, and the last of them. */
  rest(): ReadonlyArray<string> {
    const shown = this.#what === "gaps" ? [] : this.#last
    const hidden = this.#left - shown.length
    return [...(hidden === 0 ? [] : [`${hidden} more ${this.#what}; \`kubereel show\` has them`]), ...shown]
  }
}

/** Passes everything on and says each message once; where there are very many, some of them and how many more. */
export const speaking = <A extends ClusterEvent | NumberedEvent, E, R>(
  events: Stream.Stream<A, E, R>
): Stream.Stream<A, E, R> =>
  Stream.suspend(() => {
    const [gaps, warnings] = [new Said("gaps"), new Said("warnings")]
    const say = (messages: ReadonlyArray<string>) => Effect.forEach(messages, Speech.warn, { discard: true })
    return Stream.mapArrayEffect(events, (batch) => {
      const news = batch.flatMap((one: ClusterEvent | NumberedEvent) => {
        const event = "number" in one ? one.event : one
        const message = messageOf(event)
        return message !== undefined && (event._tag === "Gap" ? gaps : warnings).isNews(message) ? [message] : []
      })
      return Effect.as(say(news), batch)
    }).pipe(Stream.onEnd(Effect.suspend(() => say([...gaps.rest(), ...warnings.rest()]))))
  })
