/** What happened to a Pod object. */
import { Schema } from "effect"
import { Opaque, OpaqueObject, Optional } from "./podEventParts.ts"

/** The object came into sight: created, or listed for the first time. Everything that it said then. */
export const PodAdded = Schema.TaggedStruct("PodAdded", { object: OpaqueObject })
export interface PodAdded extends Schema.Struct.Type<typeof PodAdded.fields> {}

/** The API server wrote a new version. An absent field stays as it was. */
export const PodWritten = Schema.TaggedStruct("PodWritten", {
  resourceVersion: Optional(Schema.String),
  generation: Optional(Schema.Int)
})
export interface PodWritten extends Schema.Struct.Type<typeof PodWritten.fields> {}

/** The scheduler (or whoever sets `spec.nodeName`) gave the pod a node. */
export const PodBound = Schema.TaggedStruct("PodBound", { node: Schema.String })
export interface PodBound extends Schema.Struct.Type<typeof PodBound.fields> {}

/** Somebody asked for the pod's deletion, or for a shorter grace period (absent: the object names none). */
export const PodDeletionRequested = Schema.TaggedStruct("PodDeletionRequested", {
  deletionTimestamp: Schema.String,
  gracePeriodSeconds: Optional(Schema.Int)
})
export interface PodDeletionRequested extends Schema.Struct.Type<typeof PodDeletionRequested.fields> {}

/** Something of metadata or spec changed for which there is no word of its own: the parts, each with its path. */
export const PodPatched = Schema.TaggedStruct("PodPatched", {
  changes: Schema.Array(
    Schema.Struct({ path: Schema.Array(Schema.Union([Schema.String, Schema.Int])), value: Optional(Opaque) })
  )
})
export interface PodPatched extends Schema.Struct.Type<typeof PodPatched.fields> {}

/** The object is gone. */
export const PodRemoved = Schema.TaggedStruct("PodRemoved", {})
export interface PodRemoved extends Schema.Struct.Type<typeof PodRemoved.fields> {}
