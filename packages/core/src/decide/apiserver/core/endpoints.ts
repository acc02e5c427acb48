/** Endpoints as the API server keeps them (`pkg/registry/core/endpoint/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries } from "../fields.ts"
import { plain } from "../RestStrategy.ts"
import { validateEndpoints, validateEndpointsUpdate } from "./validateEndpoints.ts"

/** SetDefaults_Endpoints. */
const withProtocols = (subset: JsonObject): JsonObject =>
  subset["ports"] === undefined
    ? subset
    : { ...subset, ports: entries(subset, "ports").map((port) => ({ ...port, protocol: port["protocol"] ?? "TCP" })) }

const defaults = (given: JsonObject): JsonObject => {
  const subsets = entries(given, "subsets")
  return subsets.length === 0 ? given : { ...given, subsets: subsets.map(withProtocols) }
}

export const endpoints = plain(
  { group: "", version: "v1", resource: "endpoints", kind: "Endpoints", namespaced: true },
  undefined,
  { defaults, validate: (given) => validateEndpoints(given), validateUpdate: validateEndpointsUpdate }
)
