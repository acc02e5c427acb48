/** What happened to a pod's status as a whole. */
import { Schema } from "effect"
import { Opaque, OpaqueObject, Optional } from "./podEventParts.ts"

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
