/** Which volumes a pod's claims would get on a node (`pkg/scheduler/framework/plugins/volumebinding/binder.go`). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { compareQuantity } from "../../event/Quantity.ts"
import { entries, text } from "../apiserver/fields.ts"
import { classOf } from "../apiserver/storage/storageClass.ts"
import { annotationOf, isDelayed, isFullyBound, SELECTED_NODE, volumeNameOf } from "../storage/bindVolume.ts"
import { findMatchingVolume, requestedSize } from "../storage/findMatchingVolume.ts"
import { isReachable } from "../storage/nodeAffinity.ts"
import type { ObjectLookup } from "./SchedulerCache.ts"
import type { CachedNode } from "./Topology.ts"
import { claimNames } from "./volumeClaims.ts"

const NOT_REACHABLE = "node(s) didn't match PersistentVolume's node affinity"
const NONE_TO_BIND = "node(s) didn't find available persistent volumes to bind"
const NO_VOLUME = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"

const NO_PROVISIONER = "kubernetes.io/no-provisioner"

/** A claim and the volume that it is to have. */
export interface VolumeBinding {
  readonly claim: KubernetesObject
  readonly volume: KubernetesObject
}

/** What has to be done before a pod may go to a node. */
export interface PodVolumes {
  readonly bindings: ReadonlyArray<VolumeBinding>
  /** Claims for which volumes are to be made. */
  readonly provisions: ReadonlyArray<KubernetesObject>
}

/** A pod's claims, by what is still to be done about them (GetPodVolumeClaims). */
export interface PodClaims {
  readonly bound: ReadonlyArray<KubernetesObject>
  /** To be bound by the controller before any pod may have them. */
  readonly immediate: ReadonlyArray<KubernetesObject>
  /** To be bound where the pod goes. */
  readonly delayed: ReadonlyArray<KubernetesObject>
}

/** Claims that are not there are left out. */
export const podClaims = (pod: PodObject, objects: ObjectLookup): PodClaims => {
  const claims = claimNames(pod).flatMap(
    (name) => objects.get("PersistentVolumeClaim", pod.metadata.namespace ?? "", name) ?? []
  )
  const unbound = claims.filter((claim) => !isFullyBound(claim))
  const waits = (claim: KubernetesObject): boolean =>
    volumeNameOf(claim) === "" && isDelayed(objects.get("StorageClass", "", classOf(claim)))
  return {
    bound: claims.filter(isFullyBound),
    immediate: unbound.filter((claim) => !waits(claim)),
    delayed: unbound.filter(waits)
  }
}

/** MatchTopologySelectorTerms: one term is enough, and none is no restriction. */
const isAllowed = (storageClass: KubernetesObject, labels: Readonly<Record<string, string>>): boolean => {
  const terms = entries(storageClass, "allowedTopologies")
  const matches = (term: JsonObject): boolean => {
    const expressions = entries(term, "matchLabelExpressions")
    return (
      expressions.length > 0 &&
      expressions.every((one) =>
        ((one["values"] ?? []) as ReadonlyArray<string>).includes(labels[text(one, "key")] ?? "")
      )
    )
  }
  return terms.length === 0 || terms.some(matches)
}

/** checkVolumeProvisions: could somebody make it a volume that the node reaches? */
const canBeMade = (claim: KubernetesObject, { node }: CachedNode, objects: ObjectLookup): boolean => {
  const storageClass = objects.get("StorageClass", "", classOf(claim))
  const provisioner = storageClass === undefined ? "" : text(storageClass, "provisioner")
  if (storageClass === undefined || provisioner === "" || provisioner === NO_PROVISIONER) return false
  return isAllowed(storageClass, node.metadata.labels ?? {})
}

const boundProblem = (
  claims: ReadonlyArray<KubernetesObject>,
  { node }: CachedNode,
  objects: ObjectLookup
): string | undefined => {
  for (const claim of claims) {
    const volume = objects.get("PersistentVolume", "", volumeNameOf(claim))
    if (volume === undefined) return NO_VOLUME
    if (!isReachable(volume, node.metadata.labels ?? {})) return NOT_REACHABLE
  }
  return undefined
}

/** Of one cycle: volumes by class, so that not each node has to look at all of them. */
export class VolumeFinder {
  readonly #claims: PodClaims
  readonly #objects: ObjectLookup
  readonly #byClass = new Map<string, ReadonlyArray<KubernetesObject>>()

  constructor(claims: PodClaims, objects: ObjectLookup) {
    this.#claims = claims
    this.#objects = objects
  }

  /** FindPodVolumes: what would be done on the node, or why it will not do. */
  find(node: CachedNode): PodVolumes | ReadonlyArray<string> {
    const { bound, delayed } = this.#claims
    const problem = boundProblem(bound, node, this.#objects)
    const told = problem === undefined ? [] : [problem]
    const chosen = this.#choose(delayed, node)
    if (chosen === undefined) return problem === NO_VOLUME ? [NONE_TO_BIND, NO_VOLUME] : [...told, NONE_TO_BIND]
    return problem === undefined ? chosen : told
  }

  #choose(claims: ReadonlyArray<KubernetesObject>, node: CachedNode): PodVolumes | undefined {
    const isElsewhere = (claim: KubernetesObject): boolean =>
      (annotationOf(claim, SELECTED_NODE) ?? node.name) !== node.name
    if (claims.some(isElsewhere)) return undefined
    const isAsked = (claim: KubernetesObject): boolean => annotationOf(claim, SELECTED_NODE) !== undefined
    const provisions = claims.filter(isAsked)
    const bindings: Array<VolumeBinding> = []
    const taken = new Set<string>()
    const smallestFirst = claims
      .filter((claim) => !isAsked(claim))
      .sort((a, b) => compareQuantity(requestedSize(a), requestedSize(b)))
    for (const claim of smallestFirst) {
      const reachable = (volume: KubernetesObject): boolean => isReachable(volume, node.node.metadata.labels ?? {})
      const options = { delayed: true, isReachable: reachable, taken }
      const volume = findMatchingVolume(claim, this.#volumesOf(classOf(claim)), options)
      if (volume === undefined) provisions.push(claim)
      else {
        taken.add(volume.metadata.name)
        bindings.push({ claim, volume })
      }
    }
    return provisions.every((claim) => canBeMade(claim, node, this.#objects)) ? { bindings, provisions } : undefined
  }

  #volumesOf(name: string): ReadonlyArray<KubernetesObject> {
    const known = this.#byClass.get(name)
    if (known !== undefined) return known
    const found = this.#objects.list("PersistentVolume").filter((volume) => classOf(volume) === name)
    this.#byClass.set(name, found)
    return found
  }
}
