/** Which volumes of a pod have to be mounted, and which cannot even be processed (`pkg/volume/util/util.go`, GetPodVolumeNames; `pkg/kubelet/volumemanager`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodSpec } from "../../../event/KubernetesObject.ts"
import { containersOf, entries, mapping, text } from "../../apiserver/fields.ts"

/** They are asked for at every sync of a pod. */
const known = new WeakMap<PodSpec, ReadonlyArray<JsonObject>>()

/** Only those that some container uses. */
export const expectedVolumes = (spec: PodSpec): ReadonlyArray<JsonObject> => {
  const before = known.get(spec)
  if (before !== undefined) return before
  const made = usedVolumes(spec)
  known.set(spec, made)
  return made
}

const usedVolumes = (spec: PodSpec): ReadonlyArray<JsonObject> => {
  const used = new Set(
    containersOf(spec).flatMap((container) =>
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

/** VolumeIsForPod: a claim of that name that somebody else made (`component-helpers/storage/ephemeral`). */
export const notForPod = (pod: KubernetesObject, { metadata }: KubernetesObject): string =>
  `PVC ${metadata.namespace}/${metadata.name} was not created for pod ${pod.metadata.namespace}/${pod.metadata.name} (pod is not owner)`

export interface ClaimOfVolume {
  readonly namespace: string
  readonly name: string
  readonly claim: KubernetesObject | undefined
  /** The volume that the claim names. */
  readonly volume: KubernetesObject | undefined
}

/** getPVSpec. */
const volumeProblem = (
  name: string,
  uid: string | undefined,
  volume: KubernetesObject | undefined
): string | undefined => {
  if (volume === undefined)
    return `failed to fetch PV ${name} from API server: persistentvolumes ${JSON.stringify(name)} not found`
  const spec = mapping(volume, "spec")
  const found = `found PV object ${name} but`
  if (spec["claimRef"] == null)
    return `${found} it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`
  const other = text(mapping(spec, "claimRef"), "uid")
  return other === (uid ?? "")
    ? undefined
    : `${found} its pv.Spec.ClaimRef.UID ${other} does not point to claim.UID ${uid}`
}

/** Is the volume a file system for those who mount one, and a device for those who want one? */
const modeProblem = (volume: JsonObject, spec: PodSpec, persistent: KubernetesObject): string | undefined => {
  const [name, mode] = [text(volume, "name"), text(mapping(persistent, "spec"), "volumeMode") || "Filesystem"]
  const isIn = (list: string): boolean =>
    containersOf(spec).some((container) => entries(container, list).some((one) => text(one, "name") === name))
  const wrong = (list: string, wanted: string) => (isIn(list) && mode !== wanted ? list : undefined)
  const list = wrong("volumeMounts", "Filesystem") ?? wrong("volumeDevices", "Block")
  return list === undefined ? undefined : `volume ${name} has volumeMode ${mode}, but is specified in ${list}`
}
/** getPVCExtractPV, getPVSpec: why the populator cannot process the volume of that claim. */
export const claimProblem = ({ claim, name, namespace, volume }: ClaimOfVolume): string | undefined => {
  const processing = (why: string) => `error processing PVC ${namespace}/${name}: ${why}`
  if (claim === undefined)
    return processing(`failed to fetch PVC from API server: persistentvolumeclaims ${JSON.stringify(name)} not found`)
  const protectedClaim = claim.metadata.finalizers?.includes("kubernetes.io/pvc-protection") === true
  if (claim.metadata.deletionTimestamp !== undefined && !protectedClaim) return processing("PVC is being deleted")
  if (text(mapping(claim, "status"), "phase") !== "Bound") return processing("PVC is not bound")
  const volumeName = text(mapping(claim, "spec"), "volumeName")
  if (volumeName === "") return processing("PVC has empty pvc.Spec.VolumeName")
  const problem = volumeProblem(volumeName, claim.metadata.uid, volume)
  return problem === undefined ? undefined : processing(problem)
}

/** createVolumeSpec, of a pod's volume that is a claim. */
export const claimedVolumeProblem = (volume: JsonObject, spec: PodSpec, of: ClaimOfVolume): string | undefined =>
  claimProblem(of) ?? (of.volume && modeProblem(volume, spec, of.volume))

const list = (names: ReadonlyArray<string>): string => `[${[...names].sort().join(" ")}]`

/** The Event of a wait for volumes that failed for another reason than time (K-330). */
export const cannotMount = (
  unmounted: ReadonlyArray<string>,
  unprocessed: ReadonlyArray<string>,
  problem: string
): string =>
  `Unable to attach or mount volumes: unmounted volumes=${list(unmounted)}, unattached volumes=[], failed to process volumes=${list(unprocessed)}: ${problem}`
