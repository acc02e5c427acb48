/**
 * What is known of a pod's claims before any node is looked at (`pkg/scheduler/framework/plugins/volumerestrictions`,
 * `volumebinding/volume_binding.go`, PreFilter).
 */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import type { PluginName } from "./Plugin.ts"

/** A claim of the pod's namespace. */
export type ClaimLookup = (name: string) => KubernetesObject | undefined

export interface ClaimRefusal {
  readonly plugin: PluginName
  readonly reason: string
}

interface Claim {
  readonly name: string
  readonly ephemeral: boolean
}

const claimsOf = ({ metadata, spec }: PodObject): ReadonlyArray<Claim> =>
  entries(spec, "volumes").flatMap((volume: JsonObject): ReadonlyArray<Claim> => {
    if (volume["ephemeral"] !== undefined)
      return [{ name: `${metadata.name}-${text(volume, "name")}`, ephemeral: true }]
    const claim = mapping(volume, "persistentVolumeClaim")
    return volume["persistentVolumeClaim"] === undefined ? [] : [{ name: text(claim, "claimName"), ephemeral: false }]
  })

const problemOf = ({ ephemeral, name }: Claim, claim: KubernetesObject | undefined): string | undefined => {
  const quoted = `persistentvolumeclaim ${JSON.stringify(name)}`
  if (claim === undefined) {
    return ephemeral ? `waiting for ephemeral volume controller to create the ${quoted}` : `${quoted} not found`
  }
  if (text(mapping(claim, "status"), "phase") === "Lost") {
    const volume = JSON.stringify(text(mapping(claim, "spec"), "volumeName"))
    return `${quoted} bound to non-existent persistentvolume ${volume}`
  }
  return claim.metadata.deletionTimestamp === undefined ? undefined : `${quoted} is being deleted`
}

/** Of all its volumes that are claims, or for which one is made. */
export const claimNames = (pod: PodObject): ReadonlyArray<string> => claimsOf(pod).map(({ name }) => name)

/** `undefined`: nothing stands against the pod. VolumeRestrictions asks first, for claims that are not there at all. */
export const claimRefusal = (pod: PodObject, lookup: ClaimLookup): ClaimRefusal | undefined => {
  const claims = claimsOf(pod)
  const missing = claims.find(({ ephemeral, name }) => !ephemeral && lookup(name) === undefined)
  if (missing !== undefined) return { plugin: "VolumeRestrictions", reason: problemOf(missing, undefined) ?? "" }
  for (const claim of claims) {
    const reason = problemOf(claim, lookup(claim.name))
    if (reason !== undefined) return { plugin: "VolumeBinding", reason }
  }
  return undefined
}

/** May a pod that was turned down for its claims fit after a claim changed, or a volume or class of storage that one may name? */
export const claimHint = (pod: PodObject, { kind, metadata }: KubernetesObject): boolean =>
  kind !== "PersistentVolumeClaim" ||
  (metadata.namespace === pod.metadata.namespace && claimNames(pod).includes(metadata.name))
