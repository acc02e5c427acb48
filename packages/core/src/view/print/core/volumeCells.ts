/** Cells that volumes and claims share (pkg/apis/core/helper/helpers.go). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { at, specOf, textAt, textsAt } from "../cells.ts"

const shortModes = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"]
] as const

/** `GetAccessModesAsString` */
export const accessModes = (holder: JsonObject): string => {
  const modes = new Set(textsAt(holder, "accessModes"))
  return shortModes.flatMap(([mode, short]) => (modes.has(mode) ? [short] : [])).join(",")
}

const betaAnnotation = "volume.beta.kubernetes.io/storage-class"

/** `GetPersistentVolumeClass`, `GetPersistentVolumeClaimClass`: the annotation of old has the last word, even an empty one. */
export const storageClassOf = (object: KubernetesObject): string => {
  const annotated = at(object.metadata, "annotations")[betaAnnotation]
  return typeof annotated === "string" ? annotated : textAt(specOf(object), "storageClassName")
}

/** A text that may be left out. */
export const given = (spec: JsonObject, key: string): string => {
  const value = spec[key]
  return typeof value === "string" ? value : "<unset>"
}
