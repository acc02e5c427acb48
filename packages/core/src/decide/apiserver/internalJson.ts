/**
 * A stored value as the API server's own types show it in refusals: every field under its name in Go, with its zero value where nothing
 * is given (`k8s.io/apimachinery/pkg/util/validation/field/errors.go`, ErrorBody, of what `pkg/apis` calls internal).
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { internalTypes } from "./internalTypes.ts"

const zeros: { readonly [scalar: string]: Json } = { string: "", bool: false, number: 0, Quantity: "0", IntOrString: 0 }

/** Fields of a pod's spec that the internal type keeps in its security context (`pkg/apis/core/v1/conversion.go`). */
const hostFields = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"]

const podSpec = (spec: JsonObject): JsonObject => {
  const moved = hostFields.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]])
  const context = spec["securityContext"]
  return { ...spec, securityContext: { ...(isJsonObject(context) ? context : {}), ...Object.fromEntries(moved) } }
}

/** Names differ in capitals only: `dnsPolicy` is DNSPolicy. */
const lowered = (object: JsonObject): ReadonlyMap<string, Json | undefined> =>
  new Map(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]))

const struct = (fields: string, given: JsonObject): JsonObject => {
  const values = lowered(given)
  return Object.assign(
    {},
    ...fields.split(", ").map((field) => {
      const [name = "", type = ""] = field.split(" ")
      if (name === "-") return given["metadata"] ?? {}
      return { [name]: internalJson(type, values.get(name.toLowerCase())) }
    })
  )
}

/** `type`: `PodTemplateSpec`, `*PodFailurePolicy`. */
export const internalJson = (type: string, value: Json | undefined): Json => {
  const given = value ?? undefined
  if (type.startsWith("*")) return given === undefined ? null : internalJson(type.slice(1), given)
  if (type.startsWith("[]"))
    return Array.isArray(given) ? given.map((item: Json) => internalJson(type.slice(2), item)) : null
  if (type.startsWith("{}")) {
    if (!isJsonObject(given)) return null
    const keys = Object.keys(given).sort()
    return Object.fromEntries(keys.map((key) => [key, internalJson(type.slice(2), given[key])]))
  }
  const fields = Object.hasOwn(internalTypes, type) ? internalTypes[type] : undefined
  if (fields === undefined) return given ?? zeros[type] ?? null
  const object = isJsonObject(given) ? given : {}
  return struct(fields, type === "PodSpec" ? podSpec(object) : object)
}
