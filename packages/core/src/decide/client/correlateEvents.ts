/**
 * What a component's recorder does with an Event that it has seen before (client-go `tools/record/events_cache.go`; K-322…K-325): three
 * small states, each kept by the recorder under a key of its own.
 */
import { type Instant, SECOND } from "../../event/Instant.ts"

/** Distinct messages of one kind that make the recorder combine them, and how long apart they may be. */
const MAX_SIMILAR = 10
const SIMILAR_WITHIN = 600 * SECOND

export interface Similar {
  readonly messages: ReadonlyArray<string>
  readonly last: Instant
}

/**
 * EventAggregate: keyed by source, object without fieldPath, type and reason. `draw` in [0, 1) chooses which message is forgotten when
 * there are too many (Go's `PopAny`).
 */
export const aggregate = (
  known: Similar | undefined,
  message: string,
  now: Instant,
  draw: number
): { readonly similar: Similar; readonly combined: boolean } => {
  const before = known === undefined || now - known.last > SIMILAR_WITHIN ? [] : known.messages
  const messages = before.includes(message) ? before : [...before, message]
  const combined = messages.length >= MAX_SIMILAR
  const dropped = combined ? Math.floor(draw * messages.length) : -1
  return { similar: { messages: messages.filter((_, index) => index !== dropped), last: now }, combined }
}

/** A burst per source, object and type, and what comes back of it. */
const BURST = 25
const REFILL_SECONDS = 300

export interface Bucket {
  readonly tokens: number
  readonly at: Instant
}

/** EventSourceObjectSpamFilter: may this Event, or this patch of one, still be sent? */
export const spend = (
  known: Bucket | undefined,
  now: Instant
): { readonly bucket: Bucket; readonly allowed: boolean } => {
  const tokens =
    known === undefined ? BURST : Math.min(BURST, known.tokens + (now - known.at) / SECOND / REFILL_SECONDS)
  return tokens >= 1
    ? { bucket: { tokens: tokens - 1, at: now }, allowed: true }
    : { bucket: { tokens, at: now }, allowed: false }
}
