/** ReplicationControllers as the API server keeps them (`pkg/registry/core/replicationcontroller/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { filled, withPodTemplate } from "../apps/podTemplate.ts"
import { mapping } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import {
  validateReplicationController,
  validateReplicationControllerStatus,
  validateReplicationControllerUpdate
} from "./validateReplicationController.ts"

const isEmpty = (labels: JsonObject): boolean => Object.keys(labels).length === 0

/** SetDefaults_ReplicationController: who does not say which pods are its own means those that it makes. */
const defaults = (given: JsonObject): JsonObject => {
  const [metadata, spec] = [mapping(given, "metadata"), mapping(given, "spec")]
  const labels = mapping(mapping(mapping(spec, "template"), "metadata"), "labels")
  const labelled = isEmpty(mapping(metadata, "labels")) && !isEmpty(labels)
  const selecting = isEmpty(mapping(spec, "selector")) && !isEmpty(labels)
  return {
    ...given,
    ...(labelled ? { metadata: { ...metadata, labels } } : {}),
    spec: filled(withTemplate(selecting ? { ...spec, selector: labels } : spec), { replicas: 1 })
  }
}

const withTemplate = (spec: JsonObject): JsonObject =>
  (spec["template"] ?? null) === null ? spec : withPodTemplate(spec)

export const replicationController = withStatus({
  resource: {
    group: "",
    version: "v1",
    resource: "replicationcontrollers",
    kind: "ReplicationController",
    namespaced: true
  },
  defaults,
  validate: validateReplicationController,
  validateUpdate: validateReplicationControllerUpdate,
  validateStatus: validateReplicationControllerStatus,
  // DefaultGarbageCollectionPolicy: as it was before there was garbage collection.
  orphansByDefault: true
})
