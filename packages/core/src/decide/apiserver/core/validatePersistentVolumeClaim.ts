/** What the API server refuses of PersistentVolumeClaims (`pkg/apis/core/validation/validation.go`, ValidatePersistentVolumeClaim…). */
import { isJsonObject, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { compareQuantity, parseQuantity, type Quantity, quantityText, wholeValue } from "../../../event/Quantity.ts"
import { mapping, text } from "../fields.ts"
import { goDiff } from "../goDiff.ts"
import { internalJson } from "../internalJson.ts"
import { dns1123Label, dns1123Subdomain } from "../nameRules.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { labelSelectorErrors } from "../validateLabelSelector.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
export const volumeModes = ["Block", "Filesystem"]

/** Of claims and of volumes. */
export const accessModeErrors = (modes: ReadonlyArray<string>, field: string): ReadonlyArray<FieldError> => {
  const alone = modes.includes("ReadWriteOncePod")
  const others = modes.some((mode) => mode !== "ReadWriteOncePod" && accessModes.includes(mode))
  return [
    ...modes.flatMap((mode) => (accessModes.includes(mode) ? [] : [notSupported(field, mode, accessModes)])),
    ...(alone && others ? [fieldForbidden(field, "may not use ReadWriteOncePod with other access modes")] : [])
  ]
}

const storageOf = (spec: JsonObject): Quantity | undefined => {
  const asked = mapping(mapping(spec, "resources"), "requests")["storage"]
  return asked === undefined || asked === null ? undefined : parseQuantity(String(asked))
}

const sizeErrors = (spec: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const field = `${path}.resources[storage]`
  const size = storageOf(spec)
  if (size === undefined) return [required(field)]
  return size.nano <= 0n ? [invalid(field, quantityText(size), "must be greater than zero")] : []
}

/** validateDataSource, and validateDataSourceRef with its namespace. */
const sourceErrors = (spec: JsonObject, name: string, path: string): ReadonlyArray<FieldError> => {
  const source = spec[name]
  if (!isJsonObject(source)) return []
  const [at, group, kind] = [`${path}.${name}`, text(source, "apiGroup"), text(source, "kind")]
  const namespace = text(source, "namespace")
  return [
    ...["name", "kind"].filter((field) => text(source, field) === "").map((field) => required(`${at}.${field}`)),
    ...(group === "" && kind !== "PersistentVolumeClaim"
      ? [invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
      : []),
    ...(group === "" ? [] : dns1123Subdomain(group).map((message) => invalid(`${at}.apiGroup`, group, message))),
    ...(namespace === ""
      ? []
      : dns1123Label(namespace).map((message) => invalid(`${at}.namespace`, namespace, message)))
  ]
}

const named = (spec: JsonObject, field: string, path: string): ReadonlyArray<FieldError> => {
  const name = text(spec, field)
  return name === "" ? [] : dns1123Subdomain(name).map((message) => invalid(`${path}.${field}`, name, message))
}

/** ValidatePersistentVolumeClaimSpec; `path`: of the spec. Templates have it, too. */
export const validateClaimSpec = (spec: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const modes = Array.isArray(spec["accessModes"]) ? spec["accessModes"].map(String) : []
  const volumeMode = text(spec, "volumeMode")
  return [
    ...(modes.length === 0 ? [required(`${path}.accessModes`, "at least 1 access mode is required")] : []),
    ...labelSelectorErrors(spec["selector"], `${path}.selector`),
    ...accessModeErrors(modes, `${path}.accessModes`),
    ...sizeErrors(spec, path),
    ...named(spec, "storageClassName", path),
    ...(volumeMode === "" || volumeModes.includes(volumeMode)
      ? []
      : [notSupported(`${path}.volumeMode`, volumeMode, volumeModes)]),
    ...sourceErrors(spec, "dataSource", path),
    ...sourceErrors(spec, "dataSourceRef", path),
    ...named(spec, "volumeAttributesClassName", path)
  ]
}

export const validateClaim = (claim: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(claim.metadata),
  ...validateClaimSpec(mapping(claim, "spec"), "spec")
]

/** The new spec with what may change set back: the volume once, the class if there was none, size and attributes once it is bound. */
const munged = (spec: JsonObject, old: JsonObject, isBound: boolean): JsonObject => {
  const { resources, storageClassName, volumeAttributesClassName, volumeName, ...rest } = spec
  const requests = mapping(mapping(spec, "resources"), "requests")
  const before = mapping(mapping(old, "resources"), "requests")["storage"]
  return {
    ...rest,
    volumeName: text(old, "volumeName") === "" ? old["volumeName"] : volumeName,
    storageClassName: old["storageClassName"] === undefined ? undefined : storageClassName,
    resources: isBound ? { ...mapping(spec, "resources"), requests: { ...requests, storage: before } } : resources,
    volumeAttributesClassName: isBound ? old["volumeAttributesClassName"] : volumeAttributesClassName
  }
}

const specChanges = (spec: JsonObject, old: JsonObject, isBound: boolean): ReadonlyArray<FieldError> => {
  const [before, after] = [old, munged(spec, old, isBound)].map((one) => internalJson("PersistentVolumeClaimSpec", one))
  if (before === undefined || after === undefined || jsonEqual(before, after)) return []
  const why =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
  return [fieldForbidden("spec", `${why}\n${goDiff(before, after)}`)]
}

export const validateClaimUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const [spec, before] = [mapping(next, "spec"), mapping(old, "spec")]
  const status = mapping(next, "status")
  const [size, was] = [storageOf(spec), storageOf(before)]
  const has = parseQuantity(String(mapping(mapping(old, "status"), "capacity")["storage"] ?? "0"))
  const shrinks = size !== undefined && was !== undefined && compareQuantity(size, was) < 0
  const tooSmall = shrinks && has !== undefined && compareQuantity(size, has) <= 0
  const mode = spec["volumeMode"]
  return [
    ...validateClaim(next),
    ...specChanges(spec, before, status["phase"] === "Bound"),
    ...(tooSmall
      ? [fieldForbidden("spec.resources.requests.storage", "field can not be less than status.capacity")]
      : []),
    ...(jsonEqual(mode, before["volumeMode"]) ? [] : [invalid("volumeMode", mode ?? null, IMMUTABLE)])
  ]
}

/** Amounts are not negative (validateBasicResource). */
export const basicResourceErrors = (amounts: JsonObject, path: string): ReadonlyArray<FieldError> =>
  Object.keys(amounts).flatMap((name) => {
    const amount = parseQuantity(String(amounts[name]))
    return amount !== undefined && amount.nano < 0n
      ? [invalid(`${path}[${name}]`, Number(wholeValue(amount)), "must be a valid resource quantity")]
      : []
  })

export const validateClaimStatus = (next: KubernetesObject): ReadonlyArray<FieldError> =>
  basicResourceErrors(mapping(mapping(next, "status"), "capacity"), "status.capacity")
