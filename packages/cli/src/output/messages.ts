/** What a history says of itself that its reader must hear: gaps and warnings, on stderr while it passes by. */
import { type ClusterEvent, gapWords, toObserved } from "@kubereel/core"
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
    default:
      return undefined
  }
}

/** Passes everything on and says each message once. */
export const speaking = <E, R>(events: Stream.Stream<ClusterEvent, E, R>): Stream.Stream<ClusterEvent, E, R> =>
  Stream.suspend(() => {
    const said = new Set<string>()
    return Stream.mapArrayEffect(events, (batch) => {
      const news = batch.map(messageOf).filter((message) => message !== undefined && !said.has(message))
      for (const message of news) said.add(message as string)
      return Effect.as(
        Effect.forEach(news, (message) => Speech.warn(message as string), { discard: true }),
        batch
      )
    })
  })
