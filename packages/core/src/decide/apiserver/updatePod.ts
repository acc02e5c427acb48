/** What the API server keeps and counts when a Pod is written (`pkg/registry/core/pod/strategy.go`; K-233, C-025, C-026, C-116, C-137). */
import { type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { PodCondition, PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { dropDisabledFields } from "./dropDisabledFields.ts"
import { encodeObject } from "./encodeObject.ts"
import { entries, mapping } from "./fields.ts"
import { tolerationSeconds } from "./podAdmission.ts"
import { defaultPodSpec } from "./podDefaults.ts"

const preserved = [
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
  "resourceVersion",
  "namespace",
  "name"
]

/** One more than before when the spec says something else; status and metadata count for nothing (`updatePodGeneration`). Before 1.33 pods have none. */
export const generationOnUpdate = (old: PodObject, updated: PodObject): number | undefined => {
  const before = old.metadata.generation
  return before === undefined || jsonEqual(old.spec, updated.spec) ? before : before + 1
}

/** The conditions of one type, in their order: their generations are kept where a writer leaves them out. */
const keepGenerations = (
  old: ReadonlyArray<PodCondition>,
  conditions: ReadonlyArray<PodCondition>
): ReadonlyArray<PodCondition> => {
  if (conditions.every(({ observedGeneration }) => (observedGeneration ?? 0) !== 0)) return conditions
  const known = new Map<string, Array<number>>()
  for (const { observedGeneration = 0, type } of old) known.set(type, [...(known.get(type) ?? []), observedGeneration])
  return conditions.map((condition) => {
    const before = known.get(condition.type)?.shift() ?? 0
    return (condition.observedGeneration ?? 0) === 0 && before !== 0
      ? { ...condition, observedGeneration: before }
      : condition
  })
}

/**
 * A write to the `status` subresource: only the status counts. An omitted `qosClass` and omitted observed generations stay
 * what they were; spec, generation, deletion timestamp and owners are not touched. Answers with `old` itself when nothing
 * changes: then nothing is stored, and no watch sees it (C-028).
 */
export const updatePodStatus = (old: PodObject, status: JsonObject): PodObject => {
  const conditions = status["conditions"] as ReadonlyArray<PodCondition> | undefined
  const merged: JsonObject = {
    ...status,
    qosClass: isUnset(status["qosClass"]) ? old.status["qosClass"] : status["qosClass"],
    observedGeneration: isUnset(status["observedGeneration"])
      ? old.status["observedGeneration"]
      : status["observedGeneration"],
    ...(conditions === undefined || conditions === null
      ? {}
      : { conditions: keepGenerations(old.status.conditions ?? [], conditions) })
  }
  const encoded = encodeObject("PodStatus", merged, old.status)
  return jsonEqual(encoded, old.status) ? old : { ...old, status: encoded as PodObject["status"] }
}

const isUnset = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || value === 0

/** The metadata that a writer asks for, without what only the server writes (BeforeUpdate). */
const writtenMetadata = (old: PodObject, updated: JsonObject): JsonObject => {
  const kept = Object.fromEntries(preserved.map((key) => [key, old.metadata[key]]))
  return { ...updated, ...kept, uid: isUnset(updated["uid"]) ? old.metadata.uid : updated["uid"] }
}

/** What only the server and its admission wrote into the spec stays where a writer leaves it out (`priority/admission.go`, Update). */
const writtenSpec = (old: PodObject, updated: JsonObject): JsonObject => {
  const { preemptionPolicy, priority } = old.spec
  const spec = tolerationSeconds(defaultPodSpec(updated))
  return {
    ...spec,
    priority: spec["priority"] ?? priority,
    preemptionPolicy: spec["preemptionPolicy"] ?? preemptionPolicy
  }
}

const written = (old: PodObject, metadata: JsonObject, spec: JsonObject): PodObject => {
  const next = encodeObject("Pod", { ...old, metadata, spec }, old) as PodObject
  const generation = generationOnUpdate(old, next)
  return { ...next, metadata: { ...next.metadata, ...(generation === undefined ? {} : { generation }) } }
}

/** A write to the Pod itself: the status stays (PodStrategy.PrepareForUpdate). */
export const updatePod = (
  old: PodObject,
  updated: JsonObject,
  release: KubernetesRelease = latestRelease
): PodObject => {
  const spec = dropDisabledFields(writtenSpec(old, mapping(updated, "spec")), release)
  return written(old, writtenMetadata(old, mapping(updated, "metadata")), spec)
}

/** A client's write to `status`: labels and annotations count, too; spec and owners do not. */
export const writePodStatus = (old: PodObject, updated: JsonObject): PodObject => {
  const metadata = {
    ...writtenMetadata(old, mapping(updated, "metadata")),
    ownerReferences: old.metadata.ownerReferences
  }
  const { status } = updatePodStatus(old, mapping(updated, "status"))
  return encodeObject("Pod", { ...old, metadata, status }, old) as PodObject
}

/** The containers as they were, with the resources that are asked for. Renamed ones are left to validation to refuse. */
const resized = (old: PodObject, spec: JsonObject, list: string): JsonObject => {
  const [containers, before] = [entries(spec, list), entries(old.spec, list)]
  const renamed =
    containers.length !== before.length || containers.some((one, i) => one["name"] !== before[i]?.["name"])
  if (before.length === 0 && containers.length === 0) return {}
  const kept = before.map((container, i) => ({
    ...container,
    resources: containers[i]?.["resources"],
    resizePolicy: containers[i]?.["resizePolicy"]
  }))
  return { [list]: renamed ? containers : kept }
}

/** A write to `resize`: resources and nothing else (dropNonResizeUpdates). */
export const resizePod = (
  old: PodObject,
  updated: JsonObject,
  { gates }: KubernetesRelease = latestRelease
): PodObject => {
  const spec = defaultPodSpec(mapping(updated, "spec"))
  const containers = { ...resized(old, spec, "containers"), ...resized(old, spec, "initContainers") }
  const ofPod = gates.InPlacePodLevelResourcesVerticalScaling ? { resources: spec["resources"] } : {}
  return written(old, old.metadata, { ...old.spec, ...containers, ...ofPod })
}

/** A write to `ephemeralcontainers`: these and nothing else (dropNonEphemeralContainerUpdates). */
export const updateEphemeralContainers = (
  old: PodObject,
  updated: JsonObject,
  release: KubernetesRelease = latestRelease
): PodObject => {
  const { ephemeralContainers } = dropDisabledFields(defaultPodSpec(mapping(updated, "spec")), release)
  return written(old, old.metadata, { ...old.spec, ephemeralContainers })
}
