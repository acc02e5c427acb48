/** How controllers name objects in their queues, and find the pods that may be theirs (`client-go/tools/cache`, `pkg/controller/controller_utils.go`). */
import {
  claimNameOf,
  controllerOf,
  isPod,
  type JsonObject,
  type KubernetesObject,
  type OwnerReference,
  type PodObject,
  selects
} from "@kubereel/core"
import type { SharedInformers } from "../client/SharedInformers.ts"

const BY_NODE = "spec.nodeName"
const BY_CONTROLLER = "controller"
const BY_NAMESPACE = "namespace"
const BY_CLAIM = "pod-pvc-index"

/** `namespace/name` (MetaNamespaceKeyFunc). */
export const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ""}/${metadata.name}`

export const splitKey = (key: string): [namespace: string, name: string] => {
  const slash = key.indexOf("/")
  return [key.slice(0, slash), key.slice(slash + 1)]
}

/** AddPodControllerIndexer and the like: by the UID of the controller, orphans by their namespace. */
export const indexByController = (informers: SharedInformers, kind: string): void =>
  informers.index(kind, BY_CONTROLLER, (object) => [
    controllerOf(object)?.uid ?? `orphans/${object.metadata.namespace ?? ""}`
  ])

export const indexPods = (informers: SharedInformers): void => indexByController(informers, "Pod")

/** What whoever has that UID controls. */
export const controlledBy = (informers: SharedInformers, kind: string, uid: string): ReadonlyArray<KubernetesObject> =>
  informers.byIndex(kind, BY_CONTROLLER, uid)

/** What the owner controls. */
export const ownedBy = (
  informers: SharedInformers,
  kind: string,
  { metadata }: KubernetesObject
): ReadonlyArray<KubernetesObject> => controlledBy(informers, kind, metadata.uid ?? "")

/** What nobody controls. */
export const orphansIn = (
  informers: SharedInformers,
  kind: string,
  namespace: string
): ReadonlyArray<KubernetesObject> => informers.byIndex(kind, BY_CONTROLLER, `orphans/${namespace}`)

/** Of the kind, by namespace (NamespaceIndex). */
export const indexByNamespace = (informers: SharedInformers, kind: string): void =>
  informers.index(kind, BY_NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""])

export const inNamespace = (
  informers: SharedInformers,
  kind: string,
  namespace: string | undefined
): ReadonlyArray<KubernetesObject> => informers.byIndex(kind, BY_NAMESPACE, namespace ?? "")

/** The controller of that kind that the reference means, as far as the cache knows (resolveControllerRef). */
export const resolveControllerRef = (
  informers: SharedInformers,
  kind: string,
  namespace: string | undefined,
  owner: OwnerReference | undefined
): KubernetesObject | undefined => {
  if (owner?.kind !== kind) return undefined
  const found = informers.get(kind, namespace, owner.name)
  return found?.metadata.uid === owner.uid ? found : undefined
}

/** Those of the kind that would adopt the object, by their selectors; the kind needs `indexByNamespace`. */
export const selecting = (
  informers: SharedInformers,
  kind: string,
  { metadata }: KubernetesObject
): ReadonlyArray<KubernetesObject> =>
  inNamespace(informers, kind, metadata.namespace).filter(({ spec }) =>
    selects((spec as JsonObject | undefined)?.["selector"], metadata.labels)
  )

/** AddPodNodeNameIndexer. */
export const indexPodsByNode = (informers: SharedInformers): void =>
  informers.index("Pod", BY_NODE, (pod) => (isPod(pod) && pod.spec.nodeName !== undefined ? [pod.spec.nodeName] : []))

/** Those that are assigned to the node. */
export const podsOnNode = (informers: SharedInformers, node: string): ReadonlyArray<PodObject> =>
  informers.byIndex("Pod", BY_NODE, node).filter(isPod)

/** FilterPodsByOwner: the owner's pods, then those of its namespace that nobody controls. */
export const podsOf = (informers: SharedInformers, owner: KubernetesObject): ReadonlyArray<PodObject> =>
  [...ownedBy(informers, "Pod", owner), ...orphansIn(informers, "Pod", owner.metadata.namespace ?? "")].filter(isPod)

/** The keys of the claims that a pod names, or that are made for it. */
export const claimKeysOf = ({ metadata, spec }: PodObject): ReadonlyArray<string> =>
  (spec.volumes ?? []).flatMap((volume) => {
    const claim = claimNameOf(metadata.name, volume)
    return claim === undefined ? [] : [`${metadata.namespace ?? ""}/${claim}`]
  })

/** AddPodPVCIndexer (`pkg/controller/volume/common/common.go`). */
export const indexPodsByClaim = (informers: SharedInformers): void =>
  informers.index("Pod", BY_CLAIM, (pod) => (isPod(pod) ? claimKeysOf(pod) : []))

/** `claim`: `namespace/name`. */
export const podsOfClaim = (informers: SharedInformers, claim: string): ReadonlyArray<PodObject> =>
  informers.byIndex("Pod", BY_CLAIM, claim).filter(isPod)
