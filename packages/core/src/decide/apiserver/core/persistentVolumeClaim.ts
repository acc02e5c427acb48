/** PersistentVolumeClaims as the API server keeps them (`pkg/registry/core/persistentvolumeclaim/strategy.go`, `pkg/apis/core/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import { protectedBy } from "./storageProtection.ts"
import { validateClaim, validateClaimStatus, validateClaimUpdate } from "./validatePersistentVolumeClaim.ts"

const withoutEmpty = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

export const persistentVolumeClaim = withStatus({
  resource: {
    group: "",
    version: "v1",
    resource: "persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    namespaced: true
  },
  hasGeneration: false,
  defaults: (given) => ({ ...given, spec: { volumeMode: "Filesystem", ...withoutEmpty(mapping(given, "spec")) } }),
  prepareForCreate: (given) => protectedBy(given, "kubernetes.io/pvc-protection"),
  status: { phase: "Pending" },
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  validateStatus: validateClaimStatus
})
