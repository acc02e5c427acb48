/** What one recorder saw, in the order in which it saw it: the entries of a reel. */
import { Schema } from "effect"
import { Instant } from "./Instant.ts"
import { PodEvent } from "./PodEvent.ts"

const JsonObject = Schema.Record(Schema.String, Schema.Json)

/**
 * When the recorder saw it, on the recorder's clock. `observedText` keeps the source's own text where `toObserved` of the
 * moment would write another (finer digits, another zone). Both are absent where the source has no time.
 */
const seen = { observed: Schema.optionalKey(Instant), observedText: Schema.optionalKey(Schema.String) }

export const PodRefSchema = Schema.Struct({ namespace: Schema.String, name: Schema.String, uid: Schema.String })

/** A recording began; what its source said of itself (scenario, t0, kubernetes version, steps, …). */
export const RecordingStarted = Schema.TaggedStruct("RecordingStarted", { ...seen, header: JsonObject })
export interface RecordingStarted extends Schema.Struct.Type<typeof RecordingStarted.fields> {}

/**
 * Which list an event was read out of: a resource as in `pods` or `deployments.apps`, and the list's resourceVersion; empty for
 * an object of the first list that was streamed, which says its version with the bookmark at its end.
 */
const FoundIn = Schema.Struct({ resource: Schema.String, resourceVersion: Schema.String })

/**
 * An object's new version, as a watch delivers it. `line` keeps what else stood on the watch line.
 *
 * - `found`: nobody saw the change happen. The object was found so, or found missing, in a list.
 * - `era`: how often the server had gone back in time before (absent: never). Versions of two eras say nothing of each other.
 */
export const ObjectChanged = Schema.TaggedStruct("ObjectChanged", {
  ...seen,
  change: Schema.Literals(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]),
  object: JsonObject,
  found: Schema.optionalKey(FoundIn),
  era: Schema.optionalKey(Schema.Natural),
  line: Schema.optionalKey(JsonObject)
})
export interface ObjectChanged extends Schema.Struct.Type<typeof ObjectChanged.fields> {}

/** A fact about a pod that no API server shows. Only the simulator knows such facts. */
export const PodFact = Schema.TaggedStruct("PodFact", { ...seen, pod: PodRefSchema, event: PodEvent })
export interface PodFact extends Schema.Struct.Type<typeof PodFact.fields> {}

/** One side of a gap: the version of the resource and the moment on the recorder's clock, as far as they are known. */
const GapEdge = Schema.Struct({ resourceVersion: Schema.optionalKey(Schema.String), at: Schema.optionalKey(Instant) })
export interface GapEdge extends Schema.Struct.Type<typeof GapEdge.fields> {}

/** What a list showed after a gap that was not so before it. */
const GapFound = Schema.Struct({
  created: Schema.Array(PodRefSchema),
  changed: Schema.Array(PodRefSchema),
  vanished: Schema.Array(PodRefSchema)
})
export interface GapFound extends Schema.Struct.Type<typeof GapFound.fields> {}

/**
 * Something may have happened that nobody saw. Without `to`: from here on, until an event of the resource or a gap with `to`
 * says otherwise. With `to`: between `from` (excluded) and `to` (included), and this is the gap's end; the events that were
 * found by then stand before it.
 *
 * - `resource`: the one that was not seen, such as `pods` or `deployments.apps`; absent: all of them.
 * - `restored`: the server went back in time, to an older backup.
 */
export const Gap = Schema.TaggedStruct("Gap", {
  ...seen,
  cause: Schema.Literals(["truncated", "closed", "expired", "denied", "overflow", "stopped", "unreadable", "restored"]),
  detail: Schema.String,
  resource: Schema.optionalKey(Schema.String),
  from: Schema.optionalKey(GapEdge),
  to: Schema.optionalKey(GapEdge),
  found: Schema.optionalKey(GapFound)
})
export interface Gap extends Schema.Struct.Type<typeof Gap.fields> {}

/**
 * What was recorded before is gone: the events up to number `removed` of the log, by a limit of size or age. The versions of
 * objects between this and the first event that is whole are what was true then, each with the moment at which it was seen.
 */
export const Horizon = Schema.TaggedStruct("Horizon", { ...seen, removed: Schema.Natural, detail: Schema.String })
export interface Horizon extends Schema.Struct.Type<typeof Horizon.fields> {}

/** A field of a manifest or scenario that the simulator did not act upon, or anything else its reader must know. */
export const Warned = Schema.TaggedStruct("Warned", { ...seen, message: Schema.String })
export interface Warned extends Schema.Struct.Type<typeof Warned.fields> {}

/** An event of a newer vocabulary: kept and passed on as it stands. `content` is all that its writer said, in that version's words. */
export const Unknown = Schema.TaggedStruct("Unknown", { ...seen, version: Schema.Natural, content: JsonObject })
export interface Unknown extends Schema.Struct.Type<typeof Unknown.fields> {}

export type ClusterEvent = RecordingStarted | ObjectChanged | PodFact | Gap | Horizon | Warned | Unknown
export const ClusterEvent = Schema.Union([RecordingStarted, ObjectChanged, PodFact, Gap, Horizon, Warned, Unknown])
