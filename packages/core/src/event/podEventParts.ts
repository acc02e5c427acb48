/** What the words of a pod's life are made of. */
import { Schema } from "effect"

/** A part of an object that Kubernetes defines and no rule of ours looks into. */
export const Opaque = Schema.Json
export const OpaqueObject = Schema.Record(Schema.String, Schema.Json)
export const Optional = <S extends Schema.Top>(schema: S): Schema.optionalKey<S> => Schema.optionalKey(schema)

/** Which of the three lists of a pod's status a container stands in. */
export const ContainerKind = Schema.Literals(["init", "regular", "ephemeral"])
export type ContainerKind = typeof ContainerKind.Type

export const container = { kind: ContainerKind, container: Schema.String }

/** `state.running`, `state.terminated`, `state.waiting` or none of them, with the fields that Kubernetes knows. */
export const Waiting = Schema.TaggedStruct("Waiting", {
  reason: Optional(Schema.String),
  message: Optional(Schema.String)
})
export const Running = Schema.TaggedStruct("Running", { startedAt: Schema.NullOr(Schema.String) })
export const Terminated = Schema.TaggedStruct("Terminated", {
  exitCode: Schema.Int,
  signal: Optional(Schema.Int),
  reason: Optional(Schema.String),
  message: Optional(Schema.String),
  startedAt: Schema.NullOr(Schema.String),
  finishedAt: Schema.NullOr(Schema.String),
  containerID: Optional(Schema.String)
})
export const NoState = Schema.TaggedStruct("NoState", {})
export interface Waiting extends Schema.Struct.Type<typeof Waiting.fields> {}
export interface Running extends Schema.Struct.Type<typeof Running.fields> {}
export interface Terminated extends Schema.Struct.Type<typeof Terminated.fields> {}
export interface NoState extends Schema.Struct.Type<typeof NoState.fields> {}
export const ContainerState = Schema.Union([Waiting, Running, Terminated, NoState])
export type ContainerState = Waiting | Running | Terminated | NoState
