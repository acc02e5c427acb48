/** What the API server refuses of a pod's claims to devices (`pkg/apis/core/validation/validation.go`, validatePodResourceClaims, validateResourceClaimNames). */
import type { JsonObject } from "../../event/Json.ts"
import { CONFIG_MIRROR } from "../kubelet/criticalPod.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { internalJson } from "./internalJson.ts"
import { dns1123Label, dns1123Subdomain } from "./nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, required, valueNotFound } from "./status.ts"

const sources = ["resourceClaimName", "resourceClaimTemplateName"]

const sourceErrors = (claim: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const given = sources.filter((source) => typeof claim[source] === "string")
  const wrong = (why: string): FieldError => invalid(at, internalJson("PodResourceClaim", claim), why)
  return [
    ...(given.length === 2
      ? [wrong("at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")]
      : []),
    ...(given.length === 0 ? [wrong("must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")] : []),
    ...given.flatMap((source) => {
      const name = text(claim, source)
      return dns1123Subdomain(name).map((message) => invalid(`${at}.${source}`, name, message))
    })
  ]
}

/** `metadata`: of the pod; a template has none that matters. */
export const validatePodResourceClaims = (spec: JsonObject, metadata: JsonObject): ReadonlyArray<FieldError> => {
  const names = new Set<string>()
  const isMirror = mapping(metadata, "annotations")[CONFIG_MIRROR] !== undefined
  return numbered(entries(spec, "resourceClaims"), "spec.resourceClaims").flatMap(({ at, item }) => {
    if (isMirror) return [fieldForbidden("", "static pods do not support resource claims")]
    const name = text(item, "name")
    const ofName = (): ReadonlyArray<FieldError> => {
      if (name === "") return [required(`${at}.name`)]
      if (names.has(name)) return [duplicate(`${at}.name`, name)]
      names.add(name)
      return dns1123Label(name).map((message) => invalid(`${at}.name`, name, message))
    }
    return [...ofName(), ...sourceErrors(item, at)]
  })
}

/** gatherPodResourceClaimNames: those that a container can name. */
export const podClaimNames = (spec: JsonObject): ReadonlySet<string> =>
  new Set(
    entries(spec, "resourceClaims")
      .map((claim) => text(claim, "name"))
      .filter((name) => name !== "")
  )

/** A claim is named once as a whole, or once for each of its requests. */
export const validateClaimNames = (
  resources: JsonObject,
  known: ReadonlySet<string>,
  path: string
): ReadonlyArray<FieldError> => {
  const names = new Set<string>()
  return numbered(entries(resources, "claims"), path).flatMap(({ at, item }) => {
    const [name, request] = [text(item, "name"), text(item, "request")]
    if (name === "") return [required(at)]
    const key = request === "" ? name : `${name}/${request}`
    const others = [...names].filter((other) => other.startsWith(`${name}/`))
    const errors: FieldError[] = []
    if (names.has(name)) errors.push(duplicate(at, name))
    else {
      if (request !== "")
        errors.push(...dns1123Label(request).map((message) => invalid(`${at}.request`, request, message)))
      if (names.has(key)) errors.push(duplicate(at, key))
      else if (request === "") errors.push(...others.map(() => duplicate(at, name)))
      names.add(key)
    }
    if (!known.has(name)) {
      const all = known.size === 0 ? " which is empty" : `: ${[...known].sort().join(", ")}`
      errors.push(valueNotFound(at, name, `must be one of the names in pod.spec.resourceClaims${all}`))
    }
    return errors
  })
}
