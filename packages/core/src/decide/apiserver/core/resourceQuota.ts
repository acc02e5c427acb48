/** ResourceQuotas and LimitRanges as the API server keeps them (`pkg/registry/core/{resourcequota,limitrange}/strategy.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, mapping, text } from "../fields.ts"
import { plain, withStatus } from "../RestStrategy.ts"
import { validateLimitRange } from "./validateLimitRange.ts"
import {
  validateResourceQuota,
  validateResourceQuotaStatus,
  validateResourceQuotaUpdate
} from "./validateResourceQuota.ts"

export const resourceQuota = withStatus({
  resource: { group: "", version: "v1", resource: "resourcequotas", kind: "ResourceQuota", namespaced: true },
  hasGeneration: false,
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  validateStatus: validateResourceQuotaStatus
})

/** SetDefaults_LimitRangeItem: what is not said of containers follows from the most, and what is asked for from the limit or the least. */
const item = (limit: JsonObject): JsonObject => {
  if (text(limit, "type") !== "Container") return limit
  const limits = { ...mapping(limit, "max"), ...mapping(limit, "default") }
  const requests = { ...mapping(limit, "min"), ...limits, ...mapping(limit, "defaultRequest") }
  return { ...limit, default: limits, defaultRequest: requests }
}

const defaults = (given: JsonObject): JsonObject => ({
  ...given,
  spec: { ...mapping(given, "spec"), limits: entries(mapping(given, "spec"), "limits").map(item) }
})

/** One without a name gets one that nobody else has. */
const named = (given: JsonObject): JsonObject => {
  const metadata = mapping(given, "metadata")
  return text(metadata, "name") === "" ? { ...given, metadata: { ...metadata, name: metadata["uid"] } } : given
}

export const limitRange = plain(
  { group: "", version: "v1", resource: "limitranges", kind: "LimitRange", namespaced: true },
  named,
  { defaults, validate: validateLimitRange, validateUpdate: validateLimitRange }
)
