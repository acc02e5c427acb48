/** StatefulSets and the revisions of their templates as the API server keeps them (`pkg/registry/apps/{statefulset,controllerrevision}/strategy.go`, `pkg/apis/apps/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, mapping, text } from "../fields.ts"
import { plain, withStatus } from "../RestStrategy.ts"
import { withPodTemplate } from "./podTemplate.ts"
import { validateStatefulSet, validateStatefulSetStatus, validateStatefulSetUpdate } from "./validateStatefulSet.ts"

/** What MaxUnavailableStatefulSet would count is dropped: the gate is off in all versions (dropStatefulSetDisabledFields). */
const updateStrategy = (given: JsonObject): JsonObject => {
  if (text(given, "type") === "") return { ...given, type: "RollingUpdate", rollingUpdate: { partition: 0 } }
  if (given["rollingUpdate"] === undefined) return given
  const { maxUnavailable: _, ...rollingUpdate } = mapping(given, "rollingUpdate")
  return { ...given, rollingUpdate: { partition: 0, ...rollingUpdate } }
}

const claimTemplate = (claim: JsonObject): JsonObject => ({
  ...claim,
  spec: { volumeMode: "Filesystem", ...mapping(claim, "spec") },
  status: { phase: "Pending", ...mapping(claim, "status") }
})

const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  const claims = entries(spec, "volumeClaimTemplates")
  return {
    ...given,
    spec: {
      podManagementPolicy: "OrderedReady",
      replicas: 1,
      revisionHistoryLimit: 10,
      ...withPodTemplate(spec),
      ...(claims.length === 0 ? {} : { volumeClaimTemplates: claims.map(claimTemplate) }),
      updateStrategy: updateStrategy(mapping(spec, "updateStrategy")),
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: "Retain",
        whenScaled: "Retain",
        ...mapping(spec, "persistentVolumeClaimRetentionPolicy")
      }
    }
  }
}

export const statefulSet = withStatus({
  resource: { group: "apps", version: "v1", resource: "statefulsets", kind: "StatefulSet", namespaced: true },
  defaults,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatus: validateStatefulSetStatus
})

export const controllerRevision = plain({
  group: "apps",
  version: "v1",
  resource: "controllerrevisions",
  kind: "ControllerRevision",
  namespaced: true
})
