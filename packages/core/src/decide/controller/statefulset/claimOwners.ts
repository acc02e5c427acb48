/** Whether claims go with their pod or their set (`pkg/controller/statefulset/stateful_set_utils.go`, isClaimOwnerUpToDate). */
import type { KubernetesObject, OwnerReference } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../../apiserver/fields.ts"
import { controllerRef } from "../podOfTemplate.ts"
import { isInOrdinalRange } from "./statefulPod.ts"

interface Parties {
  readonly set: KubernetesObject
  readonly pod: KubernetesObject
}

const policyOf = (set: KubernetesObject) => {
  const policy = mapping(mapping(set, "spec"), "persistentVolumeClaimRetentionPolicy")
  return { scaled: text(policy, "whenScaled") === "Delete", deleted: text(policy, "whenDeleted") === "Delete" }
}

const named = (owner: OwnerReference, { apiVersion, kind, metadata }: KubernetesObject): boolean =>
  owner.apiVersion === apiVersion && owner.kind === kind && owner.name === metadata.name

const ownersOf = (claim: KubernetesObject): ReadonlyArray<OwnerReference> => claim.metadata.ownerReferences ?? []
const has = (claim: KubernetesObject, owner: KubernetesObject): boolean =>
  ownersOf(claim).some(({ uid }) => uid === owner.metadata.uid)

/** Does it name another life of its owner? */
export const isStaleClaim = (claim: KubernetesObject, owner: KubernetesObject): boolean =>
  ownersOf(claim).some((reference) => named(reference, owner) && reference.uid !== owner.metadata.uid)

/** Somebody else manages the claim: then no policy counts. */
export const hasUnexpectedController = (claim: KubernetesObject, { pod, set }: Parties): boolean => {
  const { deleted, scaled } = policyOf(set)
  if (!deleted && !scaled) return false
  return ownersOf(claim).some((owner) => {
    const own = named(owner, set) ? set : named(owner, pod) ? pod : undefined
    return own === undefined ? owner.controller === true : owner.uid !== own.metadata.uid
  })
}

/** Who should own the claim. */
const wanted = ({ pod, set }: Parties): ReadonlyArray<KubernetesObject> => {
  const { deleted, scaled } = policyOf(set)
  const scaledDown = !isInOrdinalRange(set, pod)
  if (scaled && scaledDown) return [pod]
  return deleted ? [set] : []
}

export const isClaimOwnerUpToDate = (claim: KubernetesObject, parties: Parties): boolean => {
  const { pod, set } = parties
  if (isStaleClaim(claim, set) || isStaleClaim(claim, pod)) return true
  if (hasUnexpectedController(claim, parties)) return !has(claim, set) && !has(claim, pod)
  const uncontrolled = ownersOf(claim).some(
    ({ controller, uid }) => (uid === set.metadata.uid || uid === pod.metadata.uid) && controller !== true
  )
  const owners = wanted(parties)
  return !uncontrolled && [set, pod].every((party) => has(claim, party) === owners.includes(party))
}

/** updateClaimOwnerRefForSetAndPod. */
export const withClaimOwners = (claim: KubernetesObject, parties: Parties): KubernetesObject => {
  const { pod, set } = parties
  const others = ownersOf(claim).filter((owner) => !named(owner, set) && !named(owner, pod))
  const owners = hasUnexpectedController(claim, parties) ? [] : wanted(parties).map(controllerRef)
  return { ...claim, metadata: { ...claim.metadata, ownerReferences: [...others, ...owners] } }
}
