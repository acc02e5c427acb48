/** What the API server refuses in a pod's volumes (`pkg/apis/core/validation/validation.go`, ValidateVolumes; section 1.7). */
import type { JsonObject } from "../../event/Json.ts"
import { parseQuantity } from "../../event/Quantity.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { dns1123Label } from "./nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
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

const missing = (source: JsonObject, field: string, at: string): ReadonlyArray<FieldError> =>
  text(source, field) === "" ? [required(`${at}.${field}`)] : []

const hostPath = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [path, type] = [text(source, "path"), text(source, "type")]
  if (path === "") return missing(source, "path", at)
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
    ...missing(source, "reference", at),
    ...(pullPolicies.includes(policy) ? [] : [notSupported(`${at}.pullPolicy`, policy, pullPolicies)])
  ]
}

/** Names that begin with two dots are the kubelet's own (ValidateLocalNonReservedPath). */
const filePath = (path: string, at: string): ReadonlyArray<FieldError> => [
  ...descending(path, at),
  ...(path.startsWith("..") && !path.startsWith("../") ? [invalid(at, path, "must not start with '..'")] : [])
]

/** The keys that are asked for, and the modes of what is written (validateSecretVolumeSource, validateConfigMapVolumeSource). */
const keys = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const mode = (holder: JsonObject, field: string, path: string): ReadonlyArray<FieldError> => {
    const bits = integer(holder, field)
    const why = "must be a number between 0 and 0777 (octal), both inclusive"
    return bits !== undefined && (bits < 0 || bits > 0o777) ? [invalid(`${path}.${field}`, bits, why)] : []
  }
  return [
    ...mode(source, "defaultMode", at),
    ...numbered(entries(source, "items"), `${at}.items`).flatMap(({ at: path, item }) => [
      ...missing(item, "key", path),
      ...missing(item, "path", path),
      ...filePath(text(item, "path"), `${path}.path`),
      ...mode(item, "mode", path)
    ])
  ]
}

const sources: { readonly [source: string]: (source: JsonObject, at: string) => ReadonlyArray<FieldError> } = {
  emptyDir,
  hostPath,
  image,
  gitRepo: (source, at) => [
    ...missing(source, "repository", at),
    ...descending(text(source, "directory"), `${at}.directory`)
  ],
  secret: (source, at) => [...missing(source, "secretName", at), ...keys(source, at)],
  configMap: (source, at) => [...missing(source, "name", at), ...keys(source, at)],
  persistentVolumeClaim: (source, at) => missing(source, "claimName", at)
}

/** A volume is of one type; only the first one is looked into. */
const validateSource = (volume: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const given = Object.keys(volume).filter((key) => key !== "name" && volume[key] !== undefined)
  // These two are looked at before all others.
  const early = ["emptyDir", "hostPath"].filter((key) => given.includes(key))
  const [first = "", ...others] = [...early, ...given.filter((key) => !early.includes(key))]
  return [
    ...(Object.hasOwn(sources, first) ? (sources[first]?.(mapping(volume, first), `${at}.${first}`) ?? []) : []),
    ...others.map((source) => fieldForbidden(`${at}.${source}`, "may not specify more than 1 volume type"))
  ]
}

export interface ValidatedVolumes {
  readonly errors: ReadonlyArray<FieldError>
  /** Of those that nothing is wrong with: only they can be mounted. */
  readonly names: ReadonlySet<string>
}

export const validateVolumes = (volumes: ReadonlyArray<JsonObject>): ValidatedVolumes => {
  const names = new Set<string>()
  const errors = numbered(volumes, "spec.volumes").flatMap(({ at, item }) => {
    const name = text(item, "name")
    const found = [
      ...validateSource(item, at),
      ...(name === ""
        ? [required(`${at}.name`)]
        : dns1123Label(name).map((message) => invalid(`${at}.name`, name, message))),
      ...(names.has(name) ? [duplicate(`${at}.name`, name)] : [])
    ]
    if (found.length === 0) names.add(name)
    return found
  })
  return { errors, names }
}
