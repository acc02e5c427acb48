/** What the API server keeps and counts when a Pod is written (`pkg/registry/core/pod/strategy.go`; K-233, C-025, C-026, C-116, C-137). */
import { type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject, PodCondition, PodObject } from "../../event/KubernetesObject.ts"
import { encodeObject } from "./encodeObject.ts"

const preserved = [
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
  "resourceVersion",
  "namespace",
  "name"
]

/** One more than before when the spec says something else; status and metadata count for nothing (`updatePodGeneration`). */
export const generationOnUpdate = (old: PodObject, updated: PodObject): number => {
  const before = old.metadata.generation ?? 0
  return jsonEqual(old.spec, updated.spec) ? before : before + 1
}

/** The conditions of one type, in their order: their generations are kept where a writer leaves them out. */
const keepGenerations = (
  old: ReadonlyArray<PodCondition>,
  conditions: ReadonlyArray<PodCondition>
): ReadonlyArray<PodCondition> => {
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
  const encoded = encodeObject("PodStatus", merged)
  return jsonEqual(encoded, old.status) ? old : { ...old, status: encoded as PodObject["status"] }
}

const isUnset = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || value === 0

/** A write to the Pod itself: the status and what only the server writes stay; answers with `old` itself when nothing changes. */
export const updatePod = (old: PodObject, updated: PodObject): PodObject => {
  const kept = Object.fromEntries(preserved.map((key) => [key, old.metadata[key]]))
  const metadata = { ...updated.metadata, ...kept, generation: generationOnUpdate(old, updated) }
  const encoded = encodeObject("Pod", { ...updated, metadata, status: old.status }) as PodObject
  return jsonEqual(encoded, old) ? old : encoded
}

/**
 * Does an update remove the object instead of being stored? it does when it leaves no finalizer on a deleted object whose
 * grace is over (`ShouldDeleteDuringUpdate`); the DELETED event then shows the old version, finalizer and all.
 */
export const removesOnUpdate = (old: KubernetesObject, updated: KubernetesObject): boolean => {
  const { deletionGracePeriodSeconds: grace, deletionTimestamp } = old.metadata
  if ((updated.metadata.finalizers ?? []).length > 0) return false
  return deletionTimestamp !== undefined && (grace === undefined || grace === 0)
}
