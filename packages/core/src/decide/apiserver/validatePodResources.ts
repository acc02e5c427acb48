/** What the API server refuses in the resources of a pod as a whole (`pkg/apis/core/validation/validation.go`, validatePodResources; K-371). */
import type { JsonObject } from "../../event/Json.ts"
import { compareQuantity, parseQuantity, quantityText } from "../../event/Quantity.ts"
import { entries, mapping, numbered } from "./fields.ts"
import { aggregateResources } from "./podLevelResources.ts"
import { type FieldError, fieldForbidden, invalid } from "./status.ts"
import { validatePodLevelResources } from "./validateContainer.ts"
import { validateClaimNames } from "./validateResourceClaims.ts"

const PATH = "spec.resources"

/** Together the containers may not ask for more than the pod, nor for more huge pages than it may have. */
const totals = (spec: JsonObject, field: "requests" | "limits"): ReadonlyArray<FieldError> => {
  const own = mapping(mapping(spec, "resources"), field)
  const counted = [...aggregateResources(spec, field)].filter(
    ([name]) => field === "requests" || name.startsWith("hugepages-")
  )
  return counted.flatMap(([name, together]) => {
    const ofPod = parseQuantity(String(own[name] ?? ""))
    if (ofPod === undefined || compareQuantity(together, ofPod) <= 0) return []
    const why = `must be greater than or equal to aggregate container ${field} of ${quantityText(together)}`
    return [invalid(`${PATH}.${field}[${name}]`, quantityText(ofPod), why)]
  })
}

const containerLimits = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const own = mapping(mapping(spec, "resources"), "limits")
  return numbered(entries(spec, "containers"), `${PATH}.containers`).flatMap(({ at, item }) => {
    const limits = mapping(mapping(item, "resources"), "limits")
    return Object.keys(limits).flatMap((name) => {
      const [limit, ofPod] = [parseQuantity(String(limits[name] ?? "")), parseQuantity(String(own[name] ?? ""))]
      if (limit === undefined || ofPod === undefined || compareQuantity(limit, ofPod) <= 0) return []
      const why = `must be less than or equal to pod limits of ${quantityText(ofPod)}`
      return [invalid(`${at}[${name}].limits`, quantityText(limit), why)]
    })
  })
}

/** `claims`: the names of the pod's own. */
export const validatePodResources = (spec: JsonObject, claims: ReadonlySet<string>): ReadonlyArray<FieldError> => {
  const resources = spec["resources"]
  if (resources === undefined) return []
  if (mapping(spec, "os")["name"] === "windows") return [fieldForbidden(PATH, "may not be set for a windows pod")]
  return [
    ...(mapping(spec, "resources")["claims"] === undefined
      ? []
      : [fieldForbidden(`${PATH}.claims`, "claims may not be set for Resources at pod-level")]),
    ...validatePodLevelResources(mapping(spec, "resources"), PATH),
    ...validateClaimNames(mapping(spec, "resources"), claims, `${PATH}.claims`),
    ...totals(spec, "requests"),
    ...totals(spec, "limits"),
    ...containerLimits(spec)
  ]
}
