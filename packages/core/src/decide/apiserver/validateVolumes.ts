/** What the API server refuses in a pod's volumes (`pkg/apis/core/validation/validation.go`, ValidateVolumes; section 1.7). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { parseQuantity } from "../../event/Quantity.ts"
import { validateClaimSpec } from "./core/validatePersistentVolumeClaim.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { dns1123Label, dns1123Subdomain } from "./nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
import { missing, networkVolumes } from "./validateNetworkVolume.ts"
import { validateAnnotations, validateLabels } from "./validateObjectMeta.ts"
import { downwardAPI, keyToPathErrors, modeErrors, projected } from "./validateProjectedVolume.ts"
import { descending, noBacksteps } from "./validateVolumeMounts.ts"

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket"
]
const pullPolicies = ["Always", "IfNotPresent", "Never"]

/** validateHostPathVolumeSource. */
export const hostPathErrors = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [path, type] = [text(source, "path"), text(source, "type")]
  if (path === "") return missing(source, at, "path")
  return [
    ...noBacksteps(path, `${at}.path`),
    ...(hostPathTypes.includes(type) ? [] : [notSupported(`${at}.type`, type, hostPathTypes)])
  ]
}

const emptyDir = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const limit = parseQuantity(String(source["sizeLimit"] ?? ""))
  return limit !== undefined && limit.nano < 0n
    ? [fieldForbidden(`${at}.sizeLimit`, "SizeLimit field must be a valid resource quantity")]
    : []
}

const image = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const policy = text(source, "pullPolicy")
  return [
    ...missing(source, at, "reference"),
    ...(pullPolicies.includes(policy) ? [] : [notSupported(`${at}.pullPolicy`, policy, pullPolicies)])
  ]
}

/** The keys that are asked for, and the modes of what is written (validateSecretVolumeSource, validateConfigMapVolumeSource). */
const keys = (source: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...modeErrors(source, "defaultMode", at),
  ...numbered(entries(source, "items"), `${at}.items`).flatMap(({ at: path, item }) => keyToPathErrors(item, path))
]

const ephemeral = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const path = `${at}.volumeClaimTemplate`
  if (!isJsonObject(source["volumeClaimTemplate"])) return [required(path)]
  const metadata = mapping(source["volumeClaimTemplate"], "metadata")
  const others = Object.keys(metadata).filter(
    (field) => !["annotations", "labels", "creationTimestamp"].includes(field)
  )
  return [
    ...validateAnnotations(mapping(metadata, "annotations"), `${path}.metadata.annotations`),
    ...validateLabels(mapping(metadata, "labels"), `${path}.metadata.labels`),
    ...others.map((field) => fieldForbidden(`${path}.metadata.${field}`, "cannot be set")),
    ...validateClaimSpec(mapping(source["volumeClaimTemplate"], "spec"), `${path}.spec`)
  ]
}

const sources: { readonly [source: string]: (source: JsonObject, at: string) => ReadonlyArray<FieldError> } = {
  ...networkVolumes,
  emptyDir,
  hostPath: hostPathErrors,
  image,
  gitRepo: (source, at) => [
    ...missing(source, at, "repository"),
    ...descending(text(source, "directory"), `${at}.directory`)
  ],
  secret: (source, at) => [...missing(source, at, "secretName"), ...keys(source, at)],
  configMap: (source, at) => [...missing(source, at, "name"), ...keys(source, at)],
  persistentVolumeClaim: (source, at) => missing(source, at, "claimName"),
  downwardAPI,
  projected,
  ephemeral
}

/** In the order in which Kubernetes looks at them. */
const order = [
  ...["emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi"],
  ...["glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc"],
  ...["flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk"],
  ...["storageos", "projected", "scaleIO", "csi", "ephemeral", "image"]
]

/** What Kubernetes calls a source where it stands beside another, or in the errors of its own. */
const besides: { readonly [source: string]: string } = { cephfs: "cephFS", downwardAPI: "downwarAPI" }
const inside: { readonly [source: string]: string } = { gcePersistentDisk: "persistentDisk" }

const MAX_TARGET = 64

/** What is said of the volume's name because of what it is. */
const nameErrors = (volume: JsonObject, pod: string, at: string, first: string): ReadonlyArray<FieldError> => {
  const [name, disk] = [text(volume, "name"), mapping(volume, "iscsi")]
  const long = `Total length of <volume name>:<iscsi.targetPortal> must be under ${MAX_TARGET} characters if iscsi.initiatorName is specified.`
  const isLong =
    typeof disk["initiatorName"] === "string" && `${name}:${text(disk, "targetPortal")}`.length > MAX_TARGET
  const claim = `${pod}-${name}`
  const named = first === "ephemeral" && pod !== "" && name !== ""
  return [
    ...(isLong ? [invalid(`${at}.name`, name, long)] : []),
    ...(named
      ? dns1123Subdomain(claim).map((message) =>
          invalid(`${at}.name`, name, `PVC name ${JSON.stringify(claim)}: ${message}`)
        )
      : [])
  ]
}

/** A volume is of one type; only the first one is looked into. */
const validateSource = (volume: JsonObject, pod: string, at: string): ReadonlyArray<FieldError> => {
  const [first, ...others] = order.filter((source) => isJsonObject(volume[source]))
  if (first === undefined) return [required(at, "must specify a volume type")]
  return [
    ...(sources[first]?.(mapping(volume, first), `${at}.${inside[first] ?? first}`) ?? []),
    ...others.map((source) =>
      fieldForbidden(`${at}.${besides[source] ?? source}`, "may not specify more than 1 volume type")
    ),
    ...nameErrors(volume, pod, at, first)
  ]
}

export interface ValidatedVolumes {
  readonly errors: ReadonlyArray<FieldError>
  /** Those that nothing is wrong with, by their names: only they can be mounted. */
  readonly volumes: ReadonlyMap<string, JsonObject>
}

/** `pod`: its name; empty for a template, whose pods have names of their own. */
export const validateVolumes = (given: ReadonlyArray<JsonObject>, pod: string): ValidatedVolumes => {
  const volumes = new Map<string, JsonObject>()
  const made = given
    .filter((volume) => isJsonObject(volume["ephemeral"]))
    .map((volume) => `${pod}-${text(volume, "name")}`)
  const errors = numbered(given, "spec.volumes").flatMap(({ at, item }) => {
    const name = text(item, "name")
    const found = [
      ...validateSource(item, pod, at),
      ...(name === ""
        ? [required(`${at}.name`)]
        : dns1123Label(name).map((message) => invalid(`${at}.name`, name, message))),
      ...(volumes.has(name) ? [duplicate(`${at}.name`, name)] : [])
    ]
    if (found.length === 0) volumes.set(name, item)
    const claim = text(mapping(item, "persistentVolumeClaim"), "claimName")
    return pod !== "" && isJsonObject(item["persistentVolumeClaim"]) && made.includes(claim)
      ? [
          ...found,
          invalid(
            `${at}.persistentVolumeClaim.claimName`,
            claim,
            "must not reference a PVC that gets created for an ephemeral volume"
          )
        ]
      : found
  })
  return { errors, volumes }
}
