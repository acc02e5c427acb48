/** What the API server takes in volumes, claims and their classes although it is of no use, or not for long (`pkg/api/{persistentvolume,persistentvolumeclaim,storage}/util.go`; `pkg/registry/storage/csidriver/strategy.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { entries, mapping, numbered, specOf, text } from "../fields.ts"
import { deprecatedLabel, nodeSelectorWarnings } from "./nodeLabelWarnings.ts"
import { claimSpecWarnings } from "./podWarnings.ts"
import { volumePluginWarnings } from "./volumePluginWarnings.ts"

const CLASS = "volume.beta.kubernetes.io/storage-class"
const classMessage = 'deprecated since v1.8; use "storageClassName" attribute instead'

const plugins = ["cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd"]

const annotationWarning = (object: JsonObject, key: string, message: string): ReadonlyArray<string> =>
  Object.hasOwn(mapping(mapping(object, "metadata"), "annotations"), key)
    ? [`metadata.annotations[${key}]: ${message}`]
    : []

export const persistentVolumeWarnings = (volume: JsonObject): ReadonlyArray<string> => {
  const spec = specOf(volume)
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
    ...volumePluginWarnings(spec, "spec", plugins)
  ]
}

export const persistentVolumeClaimWarnings = (claim: JsonObject): ReadonlyArray<string> => [
  ...annotationWarning(claim, CLASS, classMessage),
  ...claimSpecWarnings(specOf(claim), "spec")
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
  const [spec, before] = [specOf(driver), specOf(old)]
  const [tokens, known] = [entries(spec, "tokenRequests"), entries(before, "tokenRequests")]
  return tokens.length > 0 && !jsonEqual([...tokens], [...known]) && spec["serviceAccountTokenInSecrets"] === undefined
    ? [
        "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes"
      ]
    : []
}
