/**
 * ReplicationControllers as if they were an older version of ReplicaSets (`pkg/controller/replication/conversion.go`,
 * `pkg/apis/core/v1/conversion.go`): their selector is a map of labels.
 */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, specOf } from "../../apiserver/fields.ts"

const known = new WeakMap<KubernetesObject, KubernetesObject>()

const withSelector = (object: KubernetesObject, selector: JsonObject): KubernetesObject => ({
  ...object,
  spec: { ...specOf(object), selector }
})

/** Convert_v1_ReplicationController_To_apps_ReplicaSet; the same one for the same version. It keeps its name and its kind. */
export const replicaSetOfController = (controller: KubernetesObject): KubernetesObject => {
  const before = known.get(controller)
  if (before !== undefined) return before
  const made = withSelector(controller, { matchLabels: mapping(specOf(controller), "selector") })
  known.set(controller, made)
  return made
}

/** Convert_apps_ReplicaSet_To_v1_ReplicationController. */
export const controllerOfReplicaSet = (replicaSet: KubernetesObject): KubernetesObject =>
  withSelector(replicaSet, mapping(mapping(specOf(replicaSet), "selector"), "matchLabels"))
