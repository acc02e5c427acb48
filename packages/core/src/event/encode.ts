/**
 * The stored text of an event, `[version,{…}]`: the vocabulary's version and the event as canonical JSON. One event has one
 * text on every machine, so hashes are taken over it. Reading lifts old words with upcasters and passes unknown ones through.
 */
import { Result, Schema } from "effect"
import { ClusterEvent, type Unknown } from "./ClusterEvent.ts"
import type { Instant } from "./Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "./Json.ts"
import { observable, podEventVersion, unobservable } from "./PodEvent.ts"

/** The words that this program knows. `upcasters[n - 1]` lifts an event from version n to n + 1; pure and total. */
export interface Vocabulary {
  readonly version: number
  readonly upcasters: ReadonlyArray<(event: JsonObject) => JsonObject>
}

const asItIs = (event: JsonObject): JsonObject => event

/**
 * - 1: objects, facts, gaps with a cause and a sentence.
 * - 2: gaps with `resource`, `from`, `to`, `found` and the cause `restored`; objects with `found` and `era`.
 */
export const vocabulary: Vocabulary = { version: 2, upcasters: [asItIs] }

const isSecond = (event: ClusterEvent): boolean =>
  event._tag === "Gap"
    ? event.cause === "restored" || (event.resource ?? event.from ?? event.to ?? event.found) !== undefined
    : event._tag === "ObjectChanged" && (event.found ?? event.era) !== undefined

/** The oldest version that has all words of the event: who knows only that one can still read it, and its text never changes. */
export const neededVersion = (event: ClusterEvent): number =>
  event._tag === "Unknown" ? event.version : isSecond(event) ? 2 : podEventVersion

/** The text is not `[version,{…}]`, or it is an event of a known kind with impossible content. */
export class UnreadableEvent extends Schema.TaggedError<UnreadableEvent>()("UnreadableEvent", {
  detail: Schema.String
}) {
  override get message() {
    return this.detail
  }
}

const plain = /^[ !#-[\]-~]*$/
const quote = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text))

const sortedKeys = (object: JsonObject): ReadonlyArray<string> => {
  const keys = Object.keys(object)
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort()
  return keys
}

const objectText = (object: JsonObject): string => {
  let out = ""
  for (const key of sortedKeys(object)) {
    const item = object[key]
    if (item === undefined) continue
    out += `${out === "" ? "{" : ","}${quote(key)}:${textOf(item)}`
  }
  return out === "" ? "{}" : `${out}}`
}

/** `canonical` of Json.ts, twice as fast. */
const textOf = (value: Json | undefined): string => {
  if (typeof value === "string") return quote(value)
  if (value === undefined) return "null"
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  return Array.isArray(value) ? `[${value.map(textOf).join(",")}]` : objectText(value as JsonObject)
}

/** The event's text. */
export const encode = (event: ClusterEvent): string =>
  `[${neededVersion(event)},${textOf(event._tag === "Unknown" ? event.content : (event as unknown as JsonObject))}]`

const kinds: ReadonlySet<unknown> = new Set([
  "RecordingStarted",
  "ObjectChanged",
  "PodFact",
  "Gap",
  "Horizon",
  "Warned"
])
const podKinds: ReadonlySet<unknown> = new Set(
  [...observable, ...unobservable].map((kind) => kind.fields._tag.schema.literal)
)

const isKnownKind = (content: JsonObject): boolean =>
  kinds.has(content._tag) &&
  (content._tag !== "PodFact" || (isJsonObject(content.event) && podKinds.has(content.event._tag)))

const isClusterEvent = Schema.is(ClusterEvent)

const unknown = (version: number, content: JsonObject): Unknown => ({
  _tag: "Unknown",
  ...(Number.isSafeInteger(content.observed) ? { observed: content.observed as Instant } : {}),
  ...(typeof content.observedText === "string" ? { observedText: content.observedText } : {}),
  version,
  content: content as Unknown["content"]
})

/**
 * The event that some version of this program wrote, in today's words. The content is trusted: for a log whose checksums
 * hold. What a newer version wrote is taken only if it means something in today's vocabulary.
 */
export const recognise = (version: number, content: JsonObject, words: Vocabulary = vocabulary): ClusterEvent => {
  if (version > words.version) {
    return isKnownKind(content) && isClusterEvent(content) ? content : unknown(version, content)
  }
  let lifted = content
  for (let from = Math.max(1, version); from < words.version; from++)
    lifted = words.upcasters[from - 1]?.(lifted) ?? lifted
  return isKnownKind(lifted) ? (lifted as unknown as ClusterEvent) : unknown(version, content)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a text from anywhere; what it says is checked against the vocabulary. */
export const decode = (text: string, words: Vocabulary = vocabulary): Result.Result<ClusterEvent, UnreadableEvent> => {
  const pair = parse(text)
  if (
    !Array.isArray(pair) ||
    pair.length !== 2 ||
    !Number.isSafeInteger(pair[0]) ||
    pair[0] < 0 ||
    !isJsonObject(pair[1])
  ) {
    return Result.fail(new UnreadableEvent({ detail: "an event is written as [version,{…}]" }))
  }
  const event = recognise(pair[0], pair[1], words)
  const kind = event._tag
  return isClusterEvent(event)
    ? Result.succeed(event)
    : Result.fail(new UnreadableEvent({ detail: `no ${kind} of version ${pair[0]} looks like this` }))
}
