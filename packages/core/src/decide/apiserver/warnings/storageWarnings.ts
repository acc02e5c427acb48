/** What the API server takes in volumes, claims and their classes although it is of no use, or not for long (`pkg/api/{persistentvolume,persistentvolumeclaim,storage}/util.go`; `pkg/registry/storage/csidriver/strategy.go`). */
import { isJsonObject, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { entries, mapping, numbered, text } from "../fields.ts"
import { deprecatedLabel, nodeSelectorWarnings } from "./nodeLabelWarnings.ts"
import { claimSpecWarnings } from "./podWarnings.ts"

const CLASS = "volume.beta.kubernetes.io/storage-class"
const classMessage = 'deprecated since v1.8; use "storageClassName" attribute instead'

const plugins: { readonly [source: string]: string } = {
  cephfs: "cephfs: deprecated in v1.28, non-functional in v1.31+",
  photonPersistentDisk: "photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+",
  scaleIO: "scaleIO: deprecated in v1.16, non-functional in v1.22+",
  storageos: "storageOS: deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "glusterfs: deprecated in v1.25, non-functional in v1.26+",
  rbd: "rbd: deprecated in v1.28, non-functional in v1.31+"
}

const annotationWarning = (object: JsonObject, key: string, message: string): ReadonlyArray<string> =>
  Object.hasOwn(mapping(mapping(object, "metadata"), "annotations"), key)
    ? [`metadata.annotations[${key}]: ${message}`]
    : []

export const persistentVolumeWarnings = (volume: JsonObject): ReadonlyArray<string> => {
  const spec = mapping(volume, "spec")
  return [
    ...annotationWarning(volume, CLASS, classMessage),
    ...annotationWarning(
      volume,
      "volume.beta.kubernetes.io/mount-options",
      'deprecated since v1.31; use "mountOptions" attribute instead'
    ),
    ...(text(spec, "persistentVolumeReclaimPolicy") === "Recycle"
      ? [
          "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning."
        ]
      : []),
    ...nodeSelectorWarnings(mapping(mapping(spec, "nodeAffinity"), "required"), "spec.nodeAffinity.required"),
    ...Object.entries(plugins).flatMap(([source, said]) => (isJsonObject(spec[source]) ? [`spec.${said}`] : []))
  ]
}

export const persistentVolumeClaimWarnings = (claim: JsonObject): ReadonlyArray<string> => [
  ...annotationWarning(claim, CLASS, classMessage),
  ...claimSpecWarnings(mapping(claim, "spec"), "spec")
]

export const storageClassWarnings = (storageClass: JsonObject): ReadonlyArray<string> =>
  numbered(entries(storageClass, "allowedTopologies"), "allowedTopologies").flatMap(({ at, item }) =>
    numbered(entries(item, "matchLabelExpressions"), `${at}.matchLabelExpressions`).flatMap((one) => {
      const message = deprecatedLabel(text(one.item, "key"))
      return message === undefined ? [] : [`${one.at}.key: ${message}`]
    })
  )

/** `old`: absent for a new one. */
export const csiDriverWarnings = (driver: JsonObject, old: JsonObject = {}): ReadonlyArray<string> => {
  const [spec, before] = [mapping(driver, "spec"), mapping(old, "spec")]
  const [tokens, known] = [entries(spec, "tokenRequests"), entries(before, "tokenRequests")]
  return tokens.length > 0 && !jsonEqual([...tokens], [...known]) && spec["serviceAccountTokenInSecrets"] === undefined
    ? [
        "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes"
      ]
    : []
}
