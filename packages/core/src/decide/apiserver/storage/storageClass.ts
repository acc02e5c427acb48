/** StorageClasses as the API server keeps them (`pkg/registry/storage/storageclass/strategy.go`, `pkg/apis/storage/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../fields.ts"
import { type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { validateClass, validateClassUpdate } from "./validateStorageClass.ts"

const defaults = (given: JsonObject): JsonObject => ({
  ...given,
  reclaimPolicy: given["reclaimPolicy"] ?? "Delete",
  volumeBindingMode: given["volumeBindingMode"] ?? "Immediate"
})

export const storageClass: RestStrategy = {
  resource: {
    group: "storage.k8s.io",
    version: "v1",
    resource: "storageclasses",
    kind: "StorageClass",
    namespaced: false
  },
  defaults,
  create: defaults,
  validate: validateClass,
  updates: {
    "": { prepare: (old, updated) => withMetadata(old, defaults(updated), {}), validate: validateClassUpdate }
  }
}

const annotations = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]

/** Of several default classes the newest counts (`pkg/volume/util/storageclass.go`, GetDefaultClass). */
export const defaultClass = (classes: ReadonlyArray<KubernetesObject>): KubernetesObject | undefined =>
  classes
    .filter(({ metadata }) => annotations.some((key) => metadata.annotations?.[key] === "true"))
    .sort((a, b) => {
      const [one, other] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""]
      return one === other ? (a.metadata.name < b.metadata.name ? -1 : 1) : one > other ? -1 : 1
    })[0]

const BETA = "volume.beta.kubernetes.io/storage-class"

/** Does a claim say of which class it is, be it of none? (PersistentVolumeClaimHasClass) */
export const hasClass = (claim: JsonObject): boolean => {
  const given = mapping(claim, "spec")["storageClassName"]
  return (
    Object.hasOwn(mapping(mapping(claim, "metadata"), "annotations"), BETA) || (given !== undefined && given !== null)
  )
}

/** "" for none (GetPersistentVolumeClaimClass, GetPersistentVolumeClass). */
export const classOf = (object: JsonObject): string => {
  const annotated = mapping(mapping(object, "metadata"), "annotations")
  return Object.hasOwn(annotated, BETA) ? text(annotated, BETA) : text(mapping(object, "spec"), "storageClassName")
}
