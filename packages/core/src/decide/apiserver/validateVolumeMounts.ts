/** What the API server refuses in a container's mounts (`pkg/apis/core/validation/validation.go`, ValidateVolumeMounts; C-058). */
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

/** As in Kubernetes, some errors name the list and not which of its mounts they are about. */
export const validateVolumeMounts = (
  container: JsonObject,
  volumes: ReadonlySet<string>,
  path: string
): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return numbered(entries(container, "volumeMounts"), path).flatMap(({ at, item }) => {
    const [name, mountPath] = [text(item, "name"), text(item, "mountPath")]
    const [subPath, subPathExpr] = [text(item, "subPath"), text(item, "subPathExpr")]
    const repeated = seen.has(mountPath)
    seen.add(mountPath)
    return [
      ...(name === "" ? [required(`${at}.name`)] : []),
      ...(volumes.has(name) ? [] : [valueNotFound(`${at}.name`, name)]),
      ...(mountPath === "" ? [required(`${at}.mountPath`)] : []),
      ...(repeated ? [invalid(`${at}.mountPath`, mountPath, "must be unique")] : []),
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
