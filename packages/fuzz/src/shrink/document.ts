/** The parts of a scenario's document, as the passes look at them. */
import { isJsonObject, type Json, type JsonObject, parseDuration } from "@kubereel/core"

/** The object there; empty if there is none. */
export const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

/** The objects of the list there. */
export const objectsIn = (value: Json | undefined): ReadonlyArray<JsonObject> =>
  Array.isArray(value) ? value.filter((one: Json) => isJsonObject(one)) : []

export const specOf = (document: JsonObject): JsonObject => objectIn(document["spec"])

export const withSpec = (document: JsonObject, fields: JsonObject): JsonObject => ({
  ...document,
  spec: { ...specOf(document), ...fields }
})

export const stepsOf = (document: JsonObject): ReadonlyArray<JsonObject> => objectsIn(specOf(document)["steps"])

export const withSteps = (document: JsonObject, steps: ReadonlyArray<JsonObject>): JsonObject =>
  withSpec(document, { steps })

export const without = (object: JsonObject, field: string): JsonObject => {
  const { [field]: _, ...rest } = object
  return rest
}

export const microsOf = (text: Json | undefined): number => (typeof text === "string" ? (parseDuration(text) ?? 0) : 0)

/** Until when a step acts by itself. */
export const endOf = (step: JsonObject): number => {
  const { fault, watch } = step
  return microsOf(step["at"]) + microsOf(objectIn(fault ?? watch)["for"])
}

/** The manifests of a step that applies some. */
export const manifestsOf = ({ apply }: JsonObject): ReadonlyArray<JsonObject> =>
  isJsonObject(apply) ? [apply] : objectsIn(apply)

/** One manifest is no list. */
export const applying = (step: JsonObject, manifests: ReadonlyArray<JsonObject>): JsonObject => {
  const [first] = manifests
  return { ...step, apply: manifests.length === 1 && first !== undefined ? first : manifests }
}

export const nameOf = (manifest: JsonObject): string => String(objectIn(manifest["metadata"])["name"] ?? "")

/** Changes what stands at a path of fields; a path that leads nowhere changes nothing. */
export const changeAt = (
  value: JsonObject,
  [field, ...rest]: ReadonlyArray<string>,
  change: (found: JsonObject) => JsonObject
): JsonObject => {
  if (field === undefined) return change(value)
  const inner = value[field]
  return isJsonObject(inner) ? { ...value, [field]: changeAt(inner, rest, change) } : value
}

/** Where a manifest's pod is described. */
export const podPath = ({ kind }: JsonObject): ReadonlyArray<string> => {
  if (kind === "Pod") return ["spec"]
  return kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template", "spec"] : ["spec", "template", "spec"]
}

/** What stands at a path of fields; empty if it leads nowhere. */
export const objectAt = (value: JsonObject, path: ReadonlyArray<string>): JsonObject =>
  path.reduce((found, field) => objectIn(found[field]), value)
