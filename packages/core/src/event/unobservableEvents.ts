/** Facts that no API server shows: the simulator knows them, a recording of a real cluster has none. */
import { Schema } from "effect"
import { container } from "./podEventParts.ts"

export const SandboxCreated = Schema.TaggedStruct("SandboxCreated", { sandbox: Schema.String, attempt: Schema.Natural })
export interface SandboxCreated extends Schema.Struct.Type<typeof SandboxCreated.fields> {}

export const SandboxStopped = Schema.TaggedStruct("SandboxStopped", { sandbox: Schema.String })
export interface SandboxStopped extends Schema.Struct.Type<typeof SandboxStopped.fields> {}

/** The container's process was started by the runtime (before any status says so). */
export const ProcessStarted = Schema.TaggedStruct("ProcessStarted", { ...container, containerID: Schema.String })
export interface ProcessStarted extends Schema.Struct.Type<typeof ProcessStarted.fields> {}

/** The container's process was reaped. */
export const ProcessExited = Schema.TaggedStruct("ProcessExited", {
  ...container,
  containerID: Schema.String,
  exitCode: Schema.Int
})
export interface ProcessExited extends Schema.Struct.Type<typeof ProcessExited.fields> {}

export const SignalSent = Schema.TaggedStruct("SignalSent", {
  ...container,
  containerID: Schema.String,
  signal: Schema.Int
})
export interface SignalSent extends Schema.Struct.Type<typeof SignalSent.fields> {}

/** One run of the pod worker began (`SyncPod`, `SyncTerminatingPod`, `SyncTerminatedPod`); a resync that can show nothing is not told. */
export const PodSynced = Schema.TaggedStruct("PodSynced", {
  sync: Schema.Literals(["SyncPod", "SyncTerminatingPod", "SyncTerminatedPod"])
})
export interface PodSynced extends Schema.Struct.Type<typeof PodSynced.fields> {}

/** A crashed container may not start before that moment (stamped by the node's clock). */
export const BackOffStarted = Schema.TaggedStruct("BackOffStarted", { ...container, seconds: Schema.Natural })
export interface BackOffStarted extends Schema.Struct.Type<typeof BackOffStarted.fields> {}
