/** Reads the shape out of each version of an object, of whatever kind. */
import { canonical, isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { isPod, type KubernetesObject } from "../../event/KubernetesObject.ts"
import { podShape, podSpecFields } from "./podShape.ts"
import { empty, type Fields, put, type Shape } from "./Shape.ts"
import { speaksOfScript, withoutScript } from "./withoutScript.ts"

const noise = /Time$|Revision$|^selector$/

const conditionsInto = (fields: Map<string, string>, conditions: Json | undefined): void => {
  if (!Array.isArray(conditions)) return
  for (const condition of conditions as ReadonlyArray<JsonObject>) {
    const path = `conditions{${String(condition["type"])}}`
    put(fields, `${path}.status`, condition["status"])
    put(fields, `${path}.reason`, condition["reason"])
  }
}

const isScalar = (value: Json | undefined): boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

/** Scalars of a status and its conditions; of a quota what is used; of a slice how its endpoints are. */
const statusInto = (fields: Map<string, string>, object: KubernetesObject): void => {
  const status = object["status"]
  if (isJsonObject(status)) {
    for (const [key, value] of Object.entries(status)) if (isScalar(value) && !noise.test(key)) put(fields, key, value)
    if (isJsonObject(status["used"]))
      for (const [key, value] of Object.entries(status["used"])) put(fields, `used.${key}`, value)
    conditionsInto(fields, status["conditions"])
  }
  const endpoints = object["endpoints"]
  if (Array.isArray(endpoints)) {
    const conditions = (endpoints as ReadonlyArray<JsonObject>).map((endpoint) => canonical(endpoint["conditions"]))
    put(fields, "endpoints", conditions.sort().join(" "))
  }
}

const otherSpecFields = (object: KubernetesObject): Fields => {
  const fields = new Map<string, string>()
  const spec = object["spec"]
  if (isJsonObject(spec))
    for (const [key, value] of Object.entries(spec)) if (isScalar(value)) put(fields, `spec.${key}`, value)
  return fields
}

const otherShape = (object: KubernetesObject): Omit<Shape, "spec"> => {
  const state = new Map<string, string>([["object", "present"]])
  statusInto(state, object)
  const detail = new Map<string, string>()
  if (object.metadata.deletionTimestamp !== undefined) put(detail, "deletion", "requested")
  put(detail, "finalizers", object.metadata.finalizers)
  return { state: new Map([...state].sort(([a], [b]) => (a < b ? -1 : 1))), detail, retrying: false }
}

/**
 * Makes shapes of the versions of one history. `text` makes messages plain, or leaves them as they are where a person is to
 * read them. A spec hardly ever changes, so that it is taken apart once.
 */
export const shaper = (text: (message: string) => string): ((object: KubernetesObject) => Shape) => {
  const specs = new Map<string, Fields>()
  const texts = new Map<string, string>()
  const plain = (message: string): string => {
    const known = texts.get(message) ?? text(message)
    texts.set(message, known)
    return known
  }
  return (given) => {
    const key = JSON.stringify(given["spec"]) ?? ""
    const object = isPod(given) && speaksOfScript(key) ? withoutScript(given) : given
    const known = specs.get(key)
    const spec =
      known ??
      (object["spec"] === undefined ? empty : isPod(object) ? podSpecFields(object, plain) : otherSpecFields(object))
    if (known === undefined) specs.set(key, spec)
    return isPod(object) ? { ...podShape(object, plain), spec } : { ...otherShape(object), spec }
  }
}
