/** PersistentVolumes as the API server keeps them (`pkg/registry/core/persistentvolume/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import { toTime } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../fields.ts"
import { type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { protectedBy } from "./storageProtection.ts"
import { validateVolume, validateVolumeUpdate } from "./validatePersistentVolume.ts"

const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  const policy = text(spec, "persistentVolumeReclaimPolicy") || "Retain"
  return { ...given, spec: { volumeMode: "Filesystem", ...spec, persistentVolumeReclaimPolicy: policy } }
}

const create = (given: JsonObject): JsonObject => {
  const made = protectedBy(defaults(given), "kubernetes.io/pv-protection")
  const since = mapping(made, "metadata")["creationTimestamp"]
  return { ...made, status: { phase: "Pending", lastPhaseTransitionTime: since } }
}

/** The server says when a phase began, unless the writer does. */
const phased = (old: KubernetesObject, status: JsonObject, now: string): JsonObject => {
  const before = mapping(old, "status")
  const [told, known] = [status["lastPhaseTransitionTime"], before["lastPhaseTransitionTime"]]
  if (status["phase"] === before["phase"])
    return told === undefined ? { ...status, lastPhaseTransitionTime: known } : status
  return told === undefined || told === known ? { ...status, lastPhaseTransitionTime: now } : status
}

export const persistentVolume: RestStrategy = {
  resource: { group: "", version: "v1", resource: "persistentvolumes", kind: "PersistentVolume", namespaced: false },
  defaults,
  create,
  validate: validateVolume,
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, defaults(updated), { status: old["status"] }),
      validate: validateVolumeUpdate
    },
    status: {
      prepare: (old, updated, _, now) => {
        const status = phased(old, mapping(updated, "status"), toTime(now))
        return withMetadata(old, { ...updated, status }, { spec: old["spec"] })
      },
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    }
  }
}
