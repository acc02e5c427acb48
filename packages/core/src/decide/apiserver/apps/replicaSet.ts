/** ReplicaSets as the API server keeps them (`pkg/registry/apps/replicaset/strategy.go`, `pkg/apis/apps/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import { withPodTemplate } from "./podTemplate.ts"

const defaults = (given: JsonObject): JsonObject => ({
  ...given,
  spec: { replicas: 1, ...withPodTemplate(mapping(given, "spec")) }
})

export const replicaSet = withStatus({
  resource: { group: "apps", version: "v1", resource: "replicasets", kind: "ReplicaSet", namespaced: true },
  defaults
})
