/** A version that the log does not show, put together from the one before it and what was sent. */
import {
  asObject,
  bindPod,
  type Instant,
  isJsonObject,
  isPod,
  type Json,
  type JsonObject,
  type KubernetesObject
} from "@kubereel/core"
import { Result } from "effect"
import { metadataOf } from "../objects.ts"
import { patched } from "../patched.ts"
import type { Sighting } from "./sightings.ts"

const ORDER = "$setElementOrder/"

/** Does the list have an element with all that the key says? */
const has = (list: Json | undefined, key: Json): boolean =>
  Array.isArray(list) &&
  list.some(
    (item: Json) =>
      item === key ||
      (isJsonObject(key) && isJsonObject(item) && Object.entries(key).every(([field, value]) => item[field] === value))
  )

/** A strategic patch says which elements its writer saw. One that is missing was written by somebody whom the log does not show. */
const isComplete = (sent: Json | undefined, merged: Json | undefined): boolean =>
  !isJsonObject(sent) ||
  Object.entries(sent).every(([name, value]) => {
    if (!name.startsWith(ORDER)) return isComplete(value, isJsonObject(merged) ? merged[name] : undefined)
    const list = isJsonObject(merged) ? merged[name.slice(ORDER.length)] : undefined
    return !Array.isArray(value) || value.every((key: Json) => has(list, key))
  })

const applied = (before: KubernetesObject, { at, sent }: Sighting): JsonObject | undefined => {
  if (sent === undefined) return undefined
  if (sent.type === "binding") {
    const done = isPod(before) ? bindPod(before, sent.node, at as Instant) : undefined
    return done !== undefined && Result.isSuccess(done) ? done.success : undefined
  }
  const done = patched(before, sent)
  return done !== undefined && isComplete(sent.body, done) ? done : undefined
}

/** The rules of an API server may rely on what a schema promises; what a log says was never held against one. */
const attempted = (before: JsonObject, sighting: Sighting): JsonObject | undefined => {
  try {
    return applied(asObject({ status: {}, ...before }), sighting)
  } catch {
    return undefined
  }
}

/** `undefined` where it is meant for another life of the name, or does not fit. Nobody knows the version's number. */
export const mergeSent = (before: JsonObject | undefined, sighting: Sighting): JsonObject | undefined => {
  if (before === undefined || sighting.sent === undefined) return undefined
  const { annotations, labels, uid } = metadataOf(sighting.sent.body)
  if (uid !== undefined && uid !== metadataOf(before).uid) return undefined
  // A binding may bring these along, and they are merged in ways of their own.
  if (sighting.sent.type === "binding" && (annotations ?? labels) !== undefined) return undefined
  const merged = attempted(before, sighting)
  if (merged === undefined) return undefined
  const { managedFields: _, resourceVersion: __, ...metadata } = metadataOf(merged)
  return { ...merged, metadata }
}
