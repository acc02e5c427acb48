/** Which volumes of a pod have to be mounted, and which cannot even be processed (`pkg/volume/util/util.go`, GetPodVolumeNames; `pkg/kubelet/volumemanager`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodSpec } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"

const containers = (spec: PodSpec): ReadonlyArray<JsonObject> =>
  ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => entries(spec, list))

/** Only those that some container uses. */
export const expectedVolumes = (spec: PodSpec): ReadonlyArray<JsonObject> => {
  const used = new Set(
    containers(spec).flatMap((container) =>
      [...entries(container, "volumeMounts"), ...entries(container, "volumeDevices")].map((one) => text(one, "name"))
    )
  )
  return entries(spec, "volumes").filter((volume) => used.has(text(volume, "name")))
}

/** The claim of a volume: its own name for one, the pod's and the volume's name for a generic ephemeral one. */
export const claimNameOf = (pod: string, volume: JsonObject): string | undefined => {
  if (volume["ephemeral"] !== undefined) return `${pod}-${text(volume, "name")}`
  const claim = mapping(volume, "persistentVolumeClaim")
  return volume["persistentVolumeClaim"] === undefined ? undefined : text(claim, "claimName")
}

export interface ClaimOfVolume {
  readonly namespace: string
  readonly name: string
  readonly claim: KubernetesObject | undefined
}

/** getPVCExtractPV: why the populator cannot process the volume of that claim. */
export const claimProblem = ({ claim, name, namespace }: ClaimOfVolume): string | undefined => {
  const processing = (why: string) => `error processing PVC ${namespace}/${name}: ${why}`
  if (claim === undefined)
    return processing(`failed to fetch PVC from API server: persistentvolumeclaims ${JSON.stringify(name)} not found`)
  const protectedClaim = claim.metadata.finalizers?.includes("kubernetes.io/pvc-protection") === true
  if (claim.metadata.deletionTimestamp !== undefined && !protectedClaim) return processing("PVC is being deleted")
  if (text(mapping(claim, "status"), "phase") !== "Bound") return processing("PVC is not bound")
  return text(mapping(claim, "spec"), "volumeName") === "" ? processing("PVC has empty pvc.Spec.VolumeName") : undefined
}

const list = (names: ReadonlyArray<string>): string => `[${[...names].sort().join(" ")}]`

/** The Event of a wait for volumes that failed for another reason than time (K-330). */
export const cannotMount = (
  unmounted: ReadonlyArray<string>,
  unprocessed: ReadonlyArray<string>,
  problem: string
): string =>
  `Unable to attach or mount volumes: unmounted volumes=${list(unmounted)}, unattached volumes=[], failed to process volumes=${list(unprocessed)}: ${problem}`
