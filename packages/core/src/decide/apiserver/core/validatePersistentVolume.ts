/** What the API server refuses of PersistentVolumes (`pkg/apis/core/validation/validation.go`, ValidatePersistentVolume…; `pkg/volume/validation`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { parseQuantity, quantityText } from "../../../event/Quantity.ts"
import { mapping, text } from "../fields.ts"
import { goDiff } from "../goDiff.ts"
import { internalJson } from "../internalJson.ts"
import { dns1123Subdomain } from "../nameRules.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { nodeSelectorErrors } from "../validateAffinity.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { accessModeErrors, basicResourceErrors, volumeModes } from "./validatePersistentVolumeClaim.ts"
import { volumeSourceErrors, volumeSourcesOf } from "./volumeSources.ts"

const reclaimPolicies = ["Delete", "Recycle", "Retain"]

const capacityErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const capacity = mapping(spec, "capacity")
  const names = Object.keys(capacity)
  return [
    ...(names.length === 0 ? [required("spec.capacity")] : []),
    ...(names.includes("storage") && names.length === 1
      ? []
      : [notSupported("spec.capacity", names.length === 0 ? null : capacity, ["storage"])]),
    ...basicResourceErrors(capacity, "spec.capacity"),
    ...names.flatMap((name) => {
      const amount = parseQuantity(String(capacity[name]))
      return amount === undefined || amount.nano > 0n
        ? []
        : [invalid(`spec.capacity[${name}]`, quantityText(amount), "must be greater than zero")]
    })
  ]
}

const affinityErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  if (spec["nodeAffinity"] === undefined) return []
  const needed = mapping(spec, "nodeAffinity")["required"]
  const at = "spec.nodeAffinity.required"
  return needed === undefined
    ? [required(at, "must specify required node constraints")]
    : nodeSelectorErrors(mapping(mapping(spec, "nodeAffinity"), "required"), at)
}

/** One source is looked into, others are too many. */
const sourceErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const [first, ...others] = volumeSourcesOf(spec)
  if (first === undefined) return [required("spec", "must specify a volume type")]
  return [
    ...volumeSourceErrors(spec, first),
    ...(first === "local" && spec["nodeAffinity"] === undefined
      ? [required("spec.nodeAffinity", "Local volume requires node affinity")]
      : []),
    ...others.map((name) => fieldForbidden(`spec.${name}`, "may not specify more than 1 volume type"))
  ]
}

const isRoot = (path: string): boolean => path !== "" && path.split("/").every((part) => part === "" || part === ".")

const oneOf = (spec: JsonObject, field: string, values: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const value = text(spec, field)
  return value === "" || values.includes(value) ? [] : [notSupported(`spec.${field}`, value, values)]
}

const named = (spec: JsonObject, field: string): ReadonlyArray<FieldError> => {
  const name = text(spec, field)
  return name === "" ? [] : dns1123Subdomain(name).map((message) => invalid(`spec.${field}`, name, message))
}

const attributesErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const field = "spec.volumeAttributesClassName"
  if (spec["volumeAttributesClassName"] == null) return []
  return [
    ...(text(spec, "volumeAttributesClassName") === "" ? [required(field, "an empty string is disallowed")] : []),
    ...named(spec, "volumeAttributesClassName"),
    ...(spec["csi"] == null ? [required("spec.csi", "has to be specified when using volumeAttributesClassName")] : [])
  ]
}

const validateSpec = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const modes = Array.isArray(spec["accessModes"]) ? spec["accessModes"].map(String) : []
  const recyclesRoot =
    isRoot(text(mapping(spec, "hostPath"), "path")) && spec["persistentVolumeReclaimPolicy"] === "Recycle"
  return [
    ...(modes.length === 0 ? [required("spec.accessModes")] : []),
    ...accessModeErrors(modes, "spec.accessModes"),
    ...capacityErrors(spec),
    ...oneOf(spec, "persistentVolumeReclaimPolicy", reclaimPolicies),
    ...affinityErrors(spec),
    ...sourceErrors(spec),
    ...(recyclesRoot
      ? [fieldForbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...named(spec, "storageClassName"),
    ...oneOf(spec, "volumeMode", volumeModes),
    ...attributesErrors(spec)
  ]
}

const MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options"
const withMountOptions = [
  ...["gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "nfs", "rbd", "quobyte", "iscsi", "cinder", "cephfs"],
  ...["azureFile", "vsphereVolume", "azureDisk", "photonPersistentDisk"]
]

/** checkMountOption: the annotation of old. */
const mountOptionErrors = ({ metadata }: KubernetesObject, spec: JsonObject): ReadonlyArray<FieldError> =>
  Object.hasOwn(metadata.annotations ?? {}, MOUNT_OPTIONS) &&
  !volumeSourcesOf(spec).some((name) => withMountOptions.includes(name))
    ? [fieldForbidden(`metadata.annotations.${MOUNT_OPTIONS}`, "may not specify mount options for this volume type")]
    : []

export const validateVolume = (volume: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(volume, "spec")
  return [...validateObjectMeta(volume.metadata), ...validateSpec(spec), ...mountOptionErrors(volume, spec)]
}

/** A secret for growing may be added later. */
const sourceOf = (spec: JsonObject, old: JsonObject): JsonObject => {
  const sources = Object.fromEntries(volumeSourcesOf(spec).map((name) => [name, spec[name]]))
  const [csi, before] = [spec["csi"], mapping(old, "csi")]
  if (csi == null || before["controllerExpandSecretRef"] !== undefined) return sources
  const { controllerExpandSecretRef: _, ...rest } = mapping(spec, "csi")
  return { ...sources, csi: rest }
}

const attributesChange = (spec: JsonObject, old: JsonObject): ReadonlyArray<FieldError> =>
  old["volumeAttributesClassName"] != null && spec["volumeAttributesClassName"] == null
    ? [fieldForbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden")]
    : []

/** What a volume is cannot change, and where it is only once. */
export const validateVolumeUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const [spec, before] = [mapping(next, "spec"), mapping(old, "spec")]
  const [source, was] = [sourceOf(spec, before), sourceOf(before, before)].map((one) =>
    internalJson("PersistentVolumeSource", one)
  )
  const why = "spec.persistentvolumesource is immutable after creation"
  const [mode, affinity] = [spec["volumeMode"] ?? null, spec["nodeAffinity"]]
  return [
    // Once as any volume, once more as the next version of this one.
    ...validateVolume(next),
    ...validateObjectMeta(next.metadata),
    ...validateSpec(spec),
    ...(jsonEqual(source ?? null, was ?? null)
      ? []
      : [fieldForbidden("spec.persistentvolumesource", `${why}\n${goDiff(was ?? null, source ?? null)}`)]),
    ...(jsonEqual(mode, before["volumeMode"] ?? null) ? [] : [invalid("volumeMode", mode, IMMUTABLE)]),
    ...(before["nodeAffinity"] === undefined || jsonEqual(affinity ?? null, before["nodeAffinity"])
      ? []
      : [
          invalid(
            "nodeAffinity",
            internalJson("*VolumeNodeAffinity", affinity),
            `${IMMUTABLE}, except for updating from beta label to GA`
          )
        ]),
    ...attributesChange(spec, before)
  ]
}
