/** Who a pod of a StatefulSet is, and which claims are its own (`pkg/controller/statefulset/stateful_set_utils.go`; C-284, C-290). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, mapping, specOf, text } from "../../apiserver/fields.ts"
import { REVISION_HASH } from "../history/controllerHistory.ts"
import { podOfTemplate } from "../podOfTemplate.ts"

const POD_NAME = "statefulset.kubernetes.io/pod-name"
const POD_INDEX = "apps.kubernetes.io/pod-index"

/** The name of the set and the number of the pod, as the pod's name says them; -1 if it says none. */
const parsed = ({ metadata }: KubernetesObject): { readonly parent: string; readonly ordinal: number } => {
  const [, parent = "", digits = ""] = /^(.*)-([0-9]+)$/.exec(metadata.name) ?? []
  const ordinal = Number(digits)
  return digits === "" || ordinal >= 2 ** 31 ? { parent, ordinal: -1 } : { parent, ordinal }
}

export const ordinalOf = (pod: KubernetesObject): number => parsed(pod).ordinal
export const isMemberOf = (set: KubernetesObject, pod: KubernetesObject): boolean =>
  parsed(pod).parent === set.metadata.name

export const startOrdinal = (set: KubernetesObject): number => integer(mapping(specOf(set), "ordinals"), "start") ?? 0
export const replicasOf = (set: KubernetesObject): number => integer(specOf(set), "replicas") ?? 1

export const isInOrdinalRange = (set: KubernetesObject, pod: KubernetesObject): boolean => {
  const ordinal = ordinalOf(pod)
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + replicasOf(set)
}

export const revisionOf = ({ metadata }: KubernetesObject): string => metadata.labels?.[REVISION_HASH] ?? ""

const claimName = (set: KubernetesObject, template: JsonObject, ordinal: number): string =>
  `${text(mapping(template, "metadata"), "name")}-${set.metadata.name}-${ordinal}`

/** getPersistentVolumeClaims: the claims of the pod, each with the volume that it is. */
export const claimsOf = (
  set: KubernetesObject,
  pod: KubernetesObject
): ReadonlyArray<{ readonly volume: string; readonly claim: KubernetesObject }> => {
  const selected = mapping(mapping(specOf(set), "selector"), "matchLabels")
  return entries(specOf(set), "volumeClaimTemplates").map((template) => {
    const metadata = mapping(template, "metadata")
    const { status: _, ...rest } = template
    return {
      volume: text(metadata, "name"),
      claim: {
        ...rest,
        kind: "PersistentVolumeClaim",
        apiVersion: "v1",
        metadata: {
          ...metadata,
          name: claimName(set, template, ordinalOf(pod)),
          namespace: set.metadata.namespace ?? "",
          labels: { ...mapping(metadata, "labels"), ...selected }
        }
      } as unknown as KubernetesObject
    }
  })
}

/** updateStorage: the claims first, then those volumes of the template that are none. */
const withClaims = (set: KubernetesObject, pod: KubernetesObject): JsonObject => {
  const claims = claimsOf(set, pod)
  const spec = mapping(pod, "spec")
  if (claims.length === 0) return spec
  const own = claims.map(({ claim, volume }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: claim.metadata.name }
  }))
  const names = new Set(claims.map(({ volume }) => volume))
  return {
    ...spec,
    volumes: [...own, ...entries(spec, "volumes").filter((volume) => !names.has(text(volume, "name")))]
  }
}

/** newStatefulSetPod: with a name of its own instead of a generated one. */
const newPod = (set: KubernetesObject, ordinal: number, revision: string): PodObject => {
  const made = podOfTemplate(mapping(specOf(set), "template"), set)
  const name = `${set.metadata.name}-${ordinal}`
  const labels = { ...made.metadata.labels, [POD_NAME]: name, [POD_INDEX]: String(ordinal), [REVISION_HASH]: revision }
  const pod = { ...made, metadata: { ...made.metadata, name, namespace: set.metadata.namespace ?? "", labels } }
  const spec = withClaims(set, pod)
  const subdomain = text(specOf(set), "serviceName")
  return {
    ...pod,
    spec: { ...spec, hostname: name, ...(subdomain === "" ? {} : { subdomain }) },
    status: {}
  } as unknown as PodObject
}

export interface Revisions {
  /** The set as it was before the roll-out, and the name of that revision. */
  readonly current: { readonly set: KubernetesObject; readonly name: string }
  readonly update: { readonly set: KubernetesObject; readonly name: string }
}

/** newVersionedStatefulSetPod: below the partition pods are made anew as they were. */
export const newVersionedPod = ({ current, update }: Revisions, ordinal: number): PodObject => {
  const strategy = mapping(specOf(current.set), "updateStrategy")
  const { rollingUpdate } = strategy
  const kept =
    rollingUpdate === undefined
      ? text(strategy, "type") === "RollingUpdate"
        ? (integer(mapping(current.set, "status"), "currentReplicas") ?? 0)
        : 0
      : (integer(mapping(strategy, "rollingUpdate"), "partition") ?? 0)
  return ordinal < startOrdinal(current.set) + kept
    ? newPod(current.set, ordinal, current.name)
    : newPod(update.set, ordinal, update.name)
}

/** identityMatches, storageMatches. */
export const isAsItShouldBe = (set: KubernetesObject, pod: PodObject): boolean => {
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [text(volume, "name"), volume]))
  return (
    isMemberOf(set, pod) &&
    pod.metadata.labels?.[POD_NAME] === pod.metadata.name &&
    claimsOf(set, pod).every(({ claim, volume }) => {
      const found = mapping(volumes.get(volume) ?? {}, "persistentVolumeClaim")
      return text(found, "claimName") === claim.metadata.name
    })
  )
}

/** updateIdentity, updateStorage: the pod as it should be. */
export const asItShouldBe = (set: KubernetesObject, pod: PodObject): PodObject => {
  const labels = { ...pod.metadata.labels, [POD_NAME]: pod.metadata.name, [POD_INDEX]: String(ordinalOf(pod)) }
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: withClaims(set, pod) } as unknown as PodObject
}
