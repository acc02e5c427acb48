/** What the API server refuses in volumes that are made of parts of objects and of the pod (`pkg/apis/core/validation/validation.go`, validateProjectedVolumeSource, validateDownwardAPIVolumeSource). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { type FieldError, fieldForbidden, invalid, required } from "./status.ts"
import { fieldRefErrors, resourceFieldRefErrors } from "./validateFieldRef.ts"
import { descending } from "./validateVolumeMounts.ts"

/** Names that begin with two dots are the kubelet's own (ValidateLocalNonReservedPath). */
export const filePath = (path: string, at: string): ReadonlyArray<FieldError> => [
  ...descending(path, at),
  ...(path.startsWith("..") && !path.startsWith("../") ? [invalid(at, path, "must not start with '..'")] : [])
]

/** The permissions of a file, or of all that have none of their own. */
export const modeErrors = (holder: JsonObject, field: string, path: string): ReadonlyArray<FieldError> => {
  const bits = integer(holder, field)
  const why = "must be a number between 0 and 0777 (octal), both inclusive"
  return bits !== undefined && (bits < 0 || bits > 0o777) ? [invalid(`${path}.${field}`, bits, why)] : []
}

/** validateKeyToPath. */
export const keyToPathErrors = (item: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...["key", "path"].filter((field) => text(item, field) === "").map((field) => required(`${at}.${field}`)),
  ...filePath(text(item, "path"), `${at}.path`),
  ...modeErrors(item, "mode", at)
]

const volumeFields = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"]

/** As in Kubernetes, `at` names the volume and not which of its files it is about. */
const downwardFileErrors = (file: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [field, resource] = [file["fieldRef"], file["resourceFieldRef"]]
  const ofSource = (): ReadonlyArray<FieldError> => {
    if (isJsonObject(field))
      return [
        ...fieldRefErrors(field, `${at}.fieldRef`, volumeFields),
        ...(isJsonObject(resource)
          ? [invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")]
          : [])
      ]
    if (isJsonObject(resource)) return resourceFieldRefErrors(resource, `${at}.resourceFieldRef`, true)
    return [required(at, "one of fieldRef and resourceFieldRef is required")]
  }
  return [
    ...(text(file, "path") === "" ? [required(`${at}.path`)] : []),
    ...filePath(text(file, "path"), `${at}.path`),
    ...ofSource(),
    ...modeErrors(file, "mode", at)
  ]
}

export const downwardAPI = (source: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...modeErrors(source, "defaultMode", at),
  ...entries(source, "items").flatMap((file) => downwardFileErrors(file, at))
]

const MIN_EXPIRATION = 600
const MAX_EXPIRATION = 2 ** 32

/** As in Kubernetes, the path is said to be the volume's. */
const tokenErrors = (token: JsonObject, at: string, volume: string): ReadonlyArray<FieldError> => {
  const [seconds, path] = [integer(token, "expirationSeconds") ?? 0, text(token, "path")]
  const field = `${at}.expirationSeconds`
  return [
    ...(seconds < MIN_EXPIRATION ? [invalid(field, seconds, "may not specify a duration less than 10 minutes")] : []),
    ...(seconds > MAX_EXPIRATION
      ? [invalid(field, seconds, "may not specify a duration larger than 2^32 seconds")]
      : []),
    ...(path === "" ? [required(`${volume}.path`)] : filePath(path, `${volume}.path`))
  ]
}

const kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken"]

/** Two sources may not write the same file. */
export const projected = (source: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const paths = new Set<string>()
  const taken = (path: string, shown: string): ReadonlyArray<FieldError> => {
    if (path === "") return []
    if (paths.has(path)) return [invalid(at, shown, "conflicting duplicate paths")]
    paths.add(path)
    return []
  }
  const objectErrors = (part: JsonObject, path: string): ReadonlyArray<FieldError> => [
    ...(text(part, "name") === "" ? [required(`${path}.name`)] : []),
    ...numbered(entries(part, "items"), `${path}.items`).flatMap(({ at: item, item: one }) => [
      ...keyToPathErrors(one, item),
      ...taken(text(one, "path"), text(part, "name"))
    ])
  ]
  const partErrors = (part: JsonObject, kind: string, path: string): ReadonlyArray<FieldError> => {
    if (kind === "serviceAccountToken") return tokenErrors(part, path, at)
    if (kind !== "downwardAPI") return objectErrors(part, path)
    return entries(part, "items").flatMap((file) => [
      ...downwardFileErrors(file, path),
      ...taken(text(file, "path"), text(file, "path"))
    ])
  }
  return [
    ...modeErrors(source, "defaultMode", at),
    ...numbered(entries(source, "sources"), `${at}.sources`).flatMap(({ at: path, item }) => {
      const given = kinds.filter((kind) => isJsonObject(item[kind]))
      return [
        ...given.flatMap((kind) => partErrors(mapping(item, kind), kind, `${path}.${kind}`)),
        ...(given.length > 1 ? [fieldForbidden(path, "may not specify more than 1 volume type per source")] : [])
      ]
    })
  ]
}
