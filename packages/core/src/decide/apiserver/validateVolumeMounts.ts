/** What the API server refuses in a container's mounts and devices (`pkg/apis/core/validation/validation.go`, ValidateVolumeMounts, ValidateVolumeDevices; C-058). */
import type { JsonObject } from "../../event/Json.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required, valueNotFound } from "./status.ts"

const propagations = ["Bidirectional", "HostToContainer", "None"]
const recursions = ["Disabled", "Enabled", "IfPossible"]

/** One error is enough to make the point. */
export const noBacksteps = (path: string, at: string): ReadonlyArray<FieldError> =>
  path.split("/").includes("..") ? [invalid(at, path, "must not contain '..'")] : []

/** A path inside a volume (validateLocalDescendingPath). */
export const descending = (path: string, at: string): ReadonlyArray<FieldError> => [
  ...(path.startsWith("/") ? [invalid(at, path, "must be a relative path")] : []),
  ...noBacksteps(path, at)
]

const propagation = (mount: JsonObject, container: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const mode = text(mount, "mountPropagation")
  if (mount["mountPropagation"] === undefined) return []
  const privileged = mapping(container, "securityContext")["privileged"] === true
  return [
    ...(propagations.includes(mode) ? [] : [notSupported(at, mode, propagations)]),
    ...(mode === "Bidirectional" && !privileged
      ? [fieldForbidden(at, "Bidirectional mount propagation is available only to privileged containers")]
      : [])
  ]
}

const recursion = (mount: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const wanted = text(mount, "recursiveReadOnly")
  if (mount["recursiveReadOnly"] === undefined || wanted === "Disabled") return []
  if (!recursions.includes(wanted)) return [notSupported(at, wanted, recursions)]
  const spreads = mount["mountPropagation"] !== undefined && text(mount, "mountPropagation") !== "None"
  return [
    ...(mount["readOnly"] === true ? [] : [fieldForbidden(at, "may only be specified when readOnly is true")]),
    ...(spreads ? [fieldForbidden(at, "may only be specified when mountPropagation is None or not specified")] : [])
  ]
}

export type Volumes = ReadonlyMap<string, JsonObject>

/** As in Kubernetes, some errors name the list and not which of its mounts they are about. */
export const validateVolumeMounts = (
  container: JsonObject,
  volumes: Volumes,
  path: string
): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  const devices = entries(container, "volumeDevices")
  return numbered(entries(container, "volumeMounts"), path).flatMap(({ at, item }) => {
    const [name, mountPath] = [text(item, "name"), text(item, "mountPath")]
    const [subPath, subPathExpr] = [text(item, "subPath"), text(item, "subPathExpr")]
    const repeated = seen.has(mountPath)
    const also = (field: string, value: string): boolean => devices.some((device) => text(device, field) === value)
    seen.add(mountPath)
    return [
      ...(name === "" ? [required(`${at}.name`)] : []),
      ...(volumes.has(name) ? [] : [valueNotFound(`${at}.name`, name)]),
      ...(mountPath === "" ? [required(`${at}.mountPath`)] : []),
      ...(repeated ? [invalid(`${at}.mountPath`, mountPath, "must be unique")] : []),
      ...(also("name", name) ? [invalid(`${at}.name`, name, "must not already exist in volumeDevices")] : []),
      ...(also("devicePath", mountPath)
        ? [invalid(`${at}.mountPath`, mountPath, "must not already exist as a path in volumeDevices")]
        : []),
      ...descending(subPath, `${path}.subPath`),
      ...(subPath !== "" && subPathExpr !== ""
        ? [invalid(`${at}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive")]
        : []),
      ...descending(subPathExpr, `${path}.subPathExpr`),
      ...propagation(item, container, `${path}.mountPropagation`),
      ...recursion(item, `${path}.recursiveReadOnly`)
    ]
  })
}

/** Only what a claim is for can be had as a block device. */
export const validateVolumeDevices = (
  container: JsonObject,
  volumes: Volumes,
  path: string
): ReadonlyArray<FieldError> => {
  const [names, paths] = [new Set<string>(), new Set<string>()]
  const mounts = entries(container, "volumeMounts")
  const only = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
  return numbered(entries(container, "volumeDevices"), path).flatMap(({ at, item }) => {
    const [name, device, volume] = [text(item, "name"), text(item, "devicePath"), volumes.get(text(item, "name"))]
    const isClaim = volume?.["persistentVolumeClaim"] !== undefined || volume?.["ephemeral"] !== undefined
    const also = (field: string, value: string): boolean => mounts.some((mount) => text(mount, field) === value)
    const wrong = (field: string, why: string): FieldError => invalid(`${at}.${field}`, text(item, field), why)
    const goesUp = noBacksteps(device, at).length > 0
    const errors = [
      ...(name === "" ? [required(`${at}.name`)] : []),
      ...(names.has(name) ? [wrong("name", "must be unique")] : []),
      ...(volume !== undefined && !isClaim ? [wrong("name", only)] : []),
      ...(volume === undefined ? [valueNotFound(`${at}.name`, name)] : []),
      ...(device === "" ? [required(`${at}.devicePath`)] : []),
      ...(paths.has(device) ? [wrong("devicePath", "must be unique")] : []),
      ...(goesUp ? [wrong("devicePath", "can not contain backsteps ('..')")] : []),
      ...(also("name", name) ? [wrong("name", "must not already exist in volumeMounts")] : []),
      ...(also("mountPath", device) ? [wrong("devicePath", "must not already exist as a path in volumeMounts")] : [])
    ]
    if (!goesUp) paths.add(device)
    if (name !== "") names.add(name)
    return errors
  })
}
