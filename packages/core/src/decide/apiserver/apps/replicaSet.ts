/** ReplicaSets as the API server keeps them (`pkg/registry/apps/replicaset/strategy.go`, `pkg/apis/apps/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import { dropTerminatingReplicas, filled, withPodTemplate } from "./podTemplate.ts"
import { validateReplicaSet, validateReplicaSetStatus, validateReplicaSetUpdate } from "./validateReplicaSet.ts"

const defaults = (given: JsonObject): JsonObject => ({
  ...given,
  spec: filled(withPodTemplate(mapping(given, "spec")), { replicas: 1 })
})

export const replicaSet = withStatus({
  resource: { group: "apps", version: "v1", resource: "replicasets", kind: "ReplicaSet", namespaced: true },
  defaults,
  dropStatus: dropTerminatingReplicas,
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  validateStatus: validateReplicaSetStatus
})
