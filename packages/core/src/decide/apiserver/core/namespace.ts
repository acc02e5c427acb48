/** Namespaces as the API server keeps them (`pkg/registry/core/namespace/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../fields.ts"
import { plain, type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"

const create = (given: JsonObject): JsonObject => {
  const metadata = mapping(given, "metadata")
  const labels = { ...mapping(metadata, "labels"), "kubernetes.io/metadata.name": metadata["name"] ?? "" }
  return {
    ...given,
    metadata: { ...metadata, labels },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" }
  }
}

/** Its finalizers are written by nobody here. */
export const namespace: RestStrategy = {
  ...plain({ group: "", version: "v1", resource: "namespaces", kind: "Namespace", namespaced: false }, create),
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"], status: old["status"] }),
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    }
  }
}
