/** What a pod's status said of its containers. */
import { Schema } from "effect"
import { ContainerKind, ContainerState, container, Opaque, OpaqueObject, Optional, Waiting } from "./podEventParts.ts"

/** The status lists the container for the first time. */
export const ContainerListed = Schema.TaggedStruct("ContainerListed", { ...container, status: OpaqueObject })
export interface ContainerListed extends Schema.Struct.Type<typeof ContainerListed.fields> {}

/** The status does not list it any more. */
export const ContainerUnlisted = Schema.TaggedStruct("ContainerUnlisted", container)
export interface ContainerUnlisted extends Schema.Struct.Type<typeof ContainerUnlisted.fields> {}

/** The containers of that kind stand in another order in the status. */
export const ContainersOrdered = Schema.TaggedStruct("ContainersOrdered", {
  kind: ContainerKind,
  containers: Schema.Array(Schema.String)
})
export interface ContainersOrdered extends Schema.Struct.Type<typeof ContainersOrdered.fields> {}

/** It waits to be started; if it had died, that death becomes its last state. Not ready, not started. */
export const ContainerWaiting = Schema.TaggedStruct("ContainerWaiting", {
  ...container,
  ...Waiting.fields,
  _tag: Schema.tag("ContainerWaiting")
})
export interface ContainerWaiting extends Schema.Struct.Type<typeof ContainerWaiting.fields> {}

/** The runtime reported that its process runs; if it had died, that death becomes its last state. */
export const ContainerStarted = Schema.TaggedStruct("ContainerStarted", {
  ...container,
  startedAt: Schema.NullOr(Schema.String),
  containerID: Optional(Schema.String),
  restartCount: Schema.Int
})
export interface ContainerStarted extends Schema.Struct.Type<typeof ContainerStarted.fields> {}

/** The runtime reported that its process exited. Not ready, not started. */
export const ContainerDied = Schema.TaggedStruct("ContainerDied", {
  ...container,
  exitCode: Schema.Int,
  signal: Optional(Schema.Int),
  reason: Optional(Schema.String),
  message: Optional(Schema.String),
  startedAt: Schema.NullOr(Schema.String),
  finishedAt: Schema.NullOr(Schema.String),
  containerID: Optional(Schema.String)
})
export interface ContainerDied extends Schema.Struct.Type<typeof ContainerDied.fields> {}

/** Its state is none of the three, or changed without one of the words above fitting. */
export const ContainerStateCorrected = Schema.TaggedStruct("ContainerStateCorrected", {
  ...container,
  state: ContainerState,
  present: Schema.Boolean
})
export interface ContainerStateCorrected extends Schema.Struct.Type<typeof ContainerStateCorrected.fields> {}

/** Its last state is another one than its states so far would make it. */
export const ContainerLastStateCorrected = Schema.TaggedStruct("ContainerLastStateCorrected", {
  ...container,
  lastState: ContainerState,
  present: Schema.Boolean
})
export interface ContainerLastStateCorrected extends Schema.Struct.Type<typeof ContainerLastStateCorrected.fields> {}

/** Readiness: its probe's verdict, or running without one. */
export const ContainerReadinessChanged = Schema.TaggedStruct("ContainerReadinessChanged", {
  ...container,
  ready: Schema.Boolean
})
export interface ContainerReadinessChanged extends Schema.Struct.Type<typeof ContainerReadinessChanged.fields> {}

/** Its startup probe passed, or it runs without one (`started`). */
export const ContainerStartupChanged = Schema.TaggedStruct("ContainerStartupChanged", {
  ...container,
  started: Optional(Schema.Boolean)
})
export interface ContainerStartupChanged extends Schema.Struct.Type<typeof ContainerStartupChanged.fields> {}

export const ContainerRestartsCounted = Schema.TaggedStruct("ContainerRestartsCounted", {
  ...container,
  restartCount: Schema.Int
})
export interface ContainerRestartsCounted extends Schema.Struct.Type<typeof ContainerRestartsCounted.fields> {}

/** The runtime says which image and which container this is. */
export const ContainerIdentified = Schema.TaggedStruct("ContainerIdentified", {
  ...container,
  image: Schema.String,
  imageID: Schema.String,
  containerID: Optional(Schema.String)
})
export interface ContainerIdentified extends Schema.Struct.Type<typeof ContainerIdentified.fields> {}

/** What else the runtime reports of it: resources, mounts, user, stop signal. An absent field is absent in the status. */
export const ContainerReported = Schema.TaggedStruct("ContainerReported", {
  ...container,
  allocatedResources: Optional(OpaqueObject),
  allocatedResourcesStatus: Optional(Schema.Array(Opaque)),
  resources: Optional(OpaqueObject),
  volumeMounts: Optional(Schema.Array(OpaqueObject)),
  user: Optional(OpaqueObject),
  stopSignal: Optional(Schema.String)
})
export interface ContainerReported extends Schema.Struct.Type<typeof ContainerReported.fields> {}
