/**
 * What happened to one pod, in the kubelet's words. Only ever added to, never renamed: old reels must replay.
 *
 * An event says what became true; the moment at which it was seen stands in the `ClusterEvent` around it, the moments that
 * Kubernetes stamped stand inside it as Kubernetes wrote them.
 */
import { Schema } from "effect"

/** A part of an object that Kubernetes defines and no rule of ours looks into. */
const Opaque = Schema.Json
const OpaqueObject = Schema.Record(Schema.String, Schema.Json)
const Optional = Schema.optionalKey

/** Which of the three lists of a pod's status a container stands in. */
export const ContainerKind = Schema.Literals(["init", "regular", "ephemeral"])
export type ContainerKind = typeof ContainerKind.Type

const container = { kind: ContainerKind, container: Schema.String }

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

// The object.

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

// The pod's status.

/** The kubelet took the pod: its first status. An absent field is absent in the status, here and in the words below. */
export const PodAccepted = Schema.TaggedStruct("PodAccepted", {
  startTime: Optional(Schema.String),
  hostIP: Optional(Schema.String),
  hostIPs: Optional(Schema.Array(OpaqueObject))
})
export interface PodAccepted extends Schema.Struct.Type<typeof PodAccepted.fields> {}

/** The phase, or the reason and message that go with it, changed. */
export const PodPhaseChanged = Schema.TaggedStruct("PodPhaseChanged", {
  phase: Optional(Schema.String),
  reason: Optional(Schema.String),
  message: Optional(Schema.String)
})
export interface PodPhaseChanged extends Schema.Struct.Type<typeof PodPhaseChanged.fields> {}

/** A condition is new or says something else. */
export const PodConditionChanged = Schema.TaggedStruct("PodConditionChanged", {
  type: Schema.String,
  status: Schema.String,
  observedGeneration: Optional(Schema.Int),
  lastProbeTime: Optional(Schema.NullOr(Schema.String)),
  lastTransitionTime: Optional(Schema.NullOr(Schema.String)),
  reason: Optional(Schema.String),
  message: Optional(Schema.String)
})
export interface PodConditionChanged extends Schema.Struct.Type<typeof PodConditionChanged.fields> {}

export const PodConditionRemoved = Schema.TaggedStruct("PodConditionRemoved", { type: Schema.String })
export interface PodConditionRemoved extends Schema.Struct.Type<typeof PodConditionRemoved.fields> {}

/** The conditions stand in another order. */
export const PodConditionsOrdered = Schema.TaggedStruct("PodConditionsOrdered", { types: Schema.Array(Schema.String) })
export interface PodConditionsOrdered extends Schema.Struct.Type<typeof PodConditionsOrdered.fields> {}

/** The kubelet has seen this generation: `status.observedGeneration`, and that of every condition that carries one. */
export const PodGenerationObserved = Schema.TaggedStruct("PodGenerationObserved", { generation: Optional(Schema.Int) })
export interface PodGenerationObserved extends Schema.Struct.Type<typeof PodGenerationObserved.fields> {}

/** The sandbox's network gave the pod its addresses. */
export const PodIPsAssigned = Schema.TaggedStruct("PodIPsAssigned", {
  podIP: Optional(Schema.String),
  podIPs: Optional(Schema.Array(OpaqueObject))
})
export interface PodIPsAssigned extends Schema.Struct.Type<typeof PodIPsAssigned.fields> {}

export const PodQOSClassified = Schema.TaggedStruct("PodQOSClassified", { qosClass: Optional(Schema.String) })
export interface PodQOSClassified extends Schema.Struct.Type<typeof PodQOSClassified.fields> {}

/** The scheduler preempts others for this pod on that node, or gave it up. */
export const PodNominated = Schema.TaggedStruct("PodNominated", { node: Optional(Schema.String) })
export interface PodNominated extends Schema.Struct.Type<typeof PodNominated.fields> {}

/** What the pod as a whole was given, and what it uses of the cgroup's settings (pod-level `resources`). */
export const PodResourcesReported = Schema.TaggedStruct("PodResourcesReported", {
  resources: Optional(OpaqueObject),
  allocatedResources: Optional(OpaqueObject)
})
export interface PodResourcesReported extends Schema.Struct.Type<typeof PodResourcesReported.fields> {}

// Its containers.

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

/**
 * What no word above can say, verbatim: the paths of the status where `render` of the words alone would be wrong, with
 * what stands there (`value` absent: nothing stands there). It replaces the rest that was known before.
 */
export const PodRest = Schema.TaggedStruct("PodRest", {
  overlay: Schema.Array(
    Schema.Struct({ path: Schema.Array(Schema.Union([Schema.String, Schema.Int])), value: Optional(Opaque) })
  )
})
export interface PodRest extends Schema.Struct.Type<typeof PodRest.fields> {}

// Facts that no API server shows: the simulator knows them, a recording of a real cluster has none.

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

/** One run of the pod worker began (`SyncPod`, `SyncTerminatingPod`, `SyncTerminatedPod`). */
export const PodSynced = Schema.TaggedStruct("PodSynced", {
  sync: Schema.Literals(["SyncPod", "SyncTerminatingPod", "SyncTerminatedPod"])
})
export interface PodSynced extends Schema.Struct.Type<typeof PodSynced.fields> {}

/** A crashed container may not start before that moment (stamped by the node's clock). */
export const BackOffStarted = Schema.TaggedStruct("BackOffStarted", { ...container, seconds: Schema.Natural })
export interface BackOffStarted extends Schema.Struct.Type<typeof BackOffStarted.fields> {}

export const observable = [
  PodAdded,
  PodWritten,
  PodBound,
  PodDeletionRequested,
  PodPatched,
  PodRemoved,
  PodAccepted,
  PodPhaseChanged,
  PodConditionChanged,
  PodConditionRemoved,
  PodConditionsOrdered,
  PodGenerationObserved,
  PodIPsAssigned,
  PodQOSClassified,
  PodNominated,
  PodResourcesReported,
  ContainerListed,
  ContainerUnlisted,
  ContainersOrdered,
  ContainerWaiting,
  ContainerStarted,
  ContainerDied,
  ContainerStateCorrected,
  ContainerLastStateCorrected,
  ContainerReadinessChanged,
  ContainerStartupChanged,
  ContainerRestartsCounted,
  ContainerIdentified,
  ContainerReported,
  PodRest
] as const

export const unobservable = [
  SandboxCreated,
  SandboxStopped,
  ProcessStarted,
  ProcessExited,
  SignalSent,
  PodSynced,
  BackOffStarted
] as const

export type PodEvent =
  | PodAdded
  | PodWritten
  | PodBound
  | PodDeletionRequested
  | PodPatched
  | PodRemoved
  | PodAccepted
  | PodPhaseChanged
  | PodConditionChanged
  | PodConditionRemoved
  | PodConditionsOrdered
  | PodGenerationObserved
  | PodIPsAssigned
  | PodQOSClassified
  | PodNominated
  | PodResourcesReported
  | ContainerListed
  | ContainerUnlisted
  | ContainersOrdered
  | ContainerWaiting
  | ContainerStarted
  | ContainerDied
  | ContainerStateCorrected
  | ContainerLastStateCorrected
  | ContainerReadinessChanged
  | ContainerStartupChanged
  | ContainerRestartsCounted
  | ContainerIdentified
  | ContainerReported
  | PodRest
  | SandboxCreated
  | SandboxStopped
  | ProcessStarted
  | ProcessExited
  | SignalSent
  | PodSynced
  | BackOffStarted

export const PodEvent = Schema.Union([...observable, ...unobservable])

/** The version of this vocabulary. A stored event names the version whose words it needs. */
export const podEventVersion = 1
