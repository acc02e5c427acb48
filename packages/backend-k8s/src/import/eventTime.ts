/** When an Event of Kubernetes last happened, and for how many occurrences it stands. */
import { type Instant, isJsonObject, type Json, type JsonObject, parseInstant } from "@kubereel/core"

const instant = (value: Json | undefined): Instant | undefined =>
  typeof value === "string" ? parseInstant(value) : undefined

const part = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

/** The last occurrence: of the series, else `lastTimestamp`, else `eventTime`, else the creation. */
export const eventTime = (event: JsonObject): { readonly at: Instant; readonly text: string } | undefined => {
  const candidates = [
    part(event.series).lastObservedTime,
    event.lastTimestamp ?? event.deprecatedLastTimestamp,
    event.eventTime,
    part(event.metadata).creationTimestamp
  ]
  for (const candidate of candidates) {
    const at = instant(candidate)
    if (at !== undefined) return { at, text: candidate as string }
  }
  return undefined
}

/** One row stands for so many occurrences between its first and its last time. */
export const occurrencesOf = (event: JsonObject): number => {
  const count = part(event.series).count ?? event.count ?? event.deprecatedCount
  return typeof count === "number" && count > 1 ? count : 1
}

export const isEvent = (object: JsonObject): boolean =>
  object.kind === "Event" && (isJsonObject(object.involvedObject) || isJsonObject(object.regarding))
