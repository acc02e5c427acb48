/** EndpointSlices as the API server keeps them (`pkg/registry/discovery/endpointslice/strategy.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping } from "../fields.ts"
import { plain, type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./validateEndpointSlice.ts"

const base = plain({
  group: "discovery.k8s.io",
  version: "v1",
  resource: "endpointslices",
  kind: "EndpointSlice",
  namespaced: true
})

/** A list without entries is none: the store keeps protobuf. */
const listed = (items: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> | null =>
  items.length === 0 ? null : items

/** dropTopologyOnV1: it was of the version before. */
const withoutTopology = ({ deprecatedTopology: _, ...endpoint }: JsonObject): JsonObject => endpoint

/** SetDefaults_EndpointPort. */
const defaults = (given: JsonObject): JsonObject => ({
  ...given,
  endpoints: listed(entries(given, "endpoints").map(withoutTopology)),
  ports: listed(entries(given, "ports").map((port) => ({ name: "", protocol: "TCP", ...port })))
})

/** Labels count for the generation, too. */
const changed = (next: KubernetesObject, old: KubernetesObject): boolean =>
  !jsonEqual({ ...next, metadata: {} }, { ...old, metadata: {} }) ||
  !jsonEqual(next.metadata.labels ?? {}, old.metadata.labels ?? {})

export const endpointSlice: RestStrategy = {
  ...base,
  defaults,
  validate: (slice) => validateEndpointSlice(slice),
  create: (given) => ({ ...defaults(given), metadata: { ...mapping(given, "metadata"), generation: 1 } }),
  updates: {
    "": {
      prepare: (old, updated) => {
        const next = withMetadata(old, defaults(updated), {})
        if (!changed(next, old)) return next
        return { ...next, metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } }
      },
      validate: validateEndpointSliceUpdate
    }
  }
}
