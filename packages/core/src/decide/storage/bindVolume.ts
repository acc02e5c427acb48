/** How a claim and a volume say of each other that they belong together (`component-helpers/storage/volume/pv_helpers.go`). */
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { mapping, specOf, statusOf, text } from "../apiserver/fields.ts"

/** Of claims: they have once been bound completely. */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed"
/** Of both: the binding is the controller's, not the user's. */
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
/** Of claims: on which node the pod will be for which a volume is to be made. */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node"
/** Of volumes: who made it. */
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
/** Of claims: who is to make a volume for it; by its name of today, and by that of old. */
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner"
export const BETA_STORAGE_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner"

/** Of both: the driver that does what one of old would have done. */
export const MIGRATED_TO = "pv.kubernetes.io/migrated-to"

export const annotationOf = ({ metadata }: KubernetesObject, key: string): string | undefined =>
  metadata.annotations !== undefined && Object.hasOwn(metadata.annotations, key) ? metadata.annotations[key] : undefined

export const withAnnotations = (
  object: KubernetesObject,
  annotations: { readonly [key: string]: string }
): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } }
})

export const withoutAnnotation = (object: KubernetesObject, key: string): KubernetesObject => {
  const { [key]: _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}

export const phaseOf = (object: KubernetesObject): string => text(statusOf(object), "phase")
export const volumeNameOf = (claim: KubernetesObject): string => text(specOf(claim), "volumeName")

/** The claim that a volume is for; `undefined`: it is for any. */
export const claimRefOf = (volume: KubernetesObject): JsonObject | undefined => {
  const spec = specOf(volume)
  return spec["claimRef"] == null ? undefined : mapping(spec, "claimRef")
}

/** `namespace/name`. */
export const claimKeyOf = (ref: JsonObject): string => `${text(ref, "namespace")}/${text(ref, "name")}`

/** Is the volume for this claim, be it that the claim does not know yet? */
export const isVolumeBoundToClaim = (volume: KubernetesObject, claim: KubernetesObject): boolean => {
  const ref = claimRefOf(volume)
  if (ref === undefined) return false
  const { name, namespace = "", uid } = claim.metadata
  return claimKeyOf(ref) === `${namespace}/${name}` && (text(ref, "uid") === "" || text(ref, "uid") === uid)
}

const refOf = ({ apiVersion, kind, metadata }: KubernetesObject): JsonObject => ({
  kind,
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
  apiVersion,
  resourceVersion: metadata.resourceVersion
})

/** GetBindVolumeToClaim: the volume as it is for the claim; itself, if it is. */
export const bindVolumeToClaim = (volume: KubernetesObject, claim: KubernetesObject): KubernetesObject => {
  const ref = claimRefOf(volume)
  const wanted = refOf(claim)
  const same = ref !== undefined && ["name", "namespace", "uid"].every((key) => ref[key] === wanted[key])
  const bound = same ? volume : { ...volume, spec: { ...specOf(volume), claimRef: wanted } }
  const byUser = isVolumeBoundToClaim(volume, claim) || annotationOf(volume, BOUND_BY_CONTROLLER) !== undefined
  return byUser ? bound : withAnnotations(bound, { [BOUND_BY_CONTROLLER]: "yes" })
}

/** bindClaimToVolume: the claim as it has the volume; itself, if it has. */
export const bindClaimToVolume = (claim: KubernetesObject, volume: KubernetesObject): KubernetesObject => {
  const { name } = volume.metadata
  const named =
    volumeNameOf(claim) === name
      ? claim
      : withAnnotations({ ...claim, spec: { ...specOf(claim), volumeName: name } }, { [BOUND_BY_CONTROLLER]: "yes" })
  return annotationOf(named, BIND_COMPLETED) === undefined ? withAnnotations(named, { [BIND_COMPLETED]: "yes" }) : named
}

/** unbindVolume: free again, or as its user had made it. */
export const unbindVolume = (volume: KubernetesObject): KubernetesObject => {
  const { claimRef: _, ...spec } = specOf(volume)
  if (annotationOf(volume, BOUND_BY_CONTROLLER) !== undefined)
    return withoutAnnotation({ ...volume, spec }, BOUND_BY_CONTROLLER)
  const { uid: __, ...ref } = claimRefOf(volume) ?? {}
  return { ...volume, spec: { ...spec, claimRef: ref } }
}

/** Has the claim a volume for good (isPVCFullyBound)? */
export const isFullyBound = (claim: KubernetesObject): boolean =>
  volumeNameOf(claim) !== "" && annotationOf(claim, BIND_COMPLETED) !== undefined

/** Are pods waited for before a volume is sought (IsDelayBindingMode)? */
export const isDelayed = (storageClass: KubernetesObject | undefined): boolean =>
  storageClass?.["volumeBindingMode"] === "WaitForFirstConsumer"

/** updateClaimStatus: what is written of a claim; itself, if it says so. */
export const withClaimPhase = (claim: KubernetesObject, phase: string, volume?: KubernetesObject): KubernetesObject => {
  const {
    accessModes: _,
    capacity: had,
    currentVolumeAttributesClassName: attributes,
    ...rest
  } = mapping(claim, "status")
  if (volume === undefined) return withStatus(claim, { ...rest, phase })
  const spec = specOf(volume)
  const binds = phaseOf(claim) !== phase
  // Of one that is bound the size is somebody else's to say.
  const capacity = binds ? spec["capacity"] : had
  const current = binds && phaseOf(claim) === "Pending" ? spec["volumeAttributesClassName"] : attributes
  return withStatus(claim, {
    ...rest,
    phase,
    accessModes: spec["accessModes"],
    ...(capacity === undefined ? {} : { capacity }),
    ...(current === undefined ? {} : { currentVolumeAttributesClassName: current })
  })
}

const withStatus = (object: KubernetesObject, status: JsonObject): KubernetesObject =>
  jsonEqual(status, mapping(object, "status")) ? object : { ...object, status }

/** updateVolumePhase. */
export const withVolumePhase = (volume: KubernetesObject, phase: string, message = ""): KubernetesObject => {
  if (phaseOf(volume) === phase) return volume
  const { message: _, ...rest } = mapping(volume, "status")
  return { ...volume, status: { ...rest, phase, ...(message === "" ? {} : { message }) } }
}
