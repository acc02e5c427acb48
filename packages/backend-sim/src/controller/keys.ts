/** How controllers name objects in their queues, and find the pods that may be theirs (`client-go/tools/cache`, `pkg/controller/controller_utils.go`). */
import { controllerOf, isPod, type KubernetesObject, type PodObject } from "@kubereel/core"
import type { SharedInformers } from "../client/SharedInformers.ts"

const BY_NODE = "spec.nodeName"
const BY_CONTROLLER = "controller"

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

/** AddPodNodeNameIndexer. */
export const indexPodsByNode = (informers: SharedInformers): void =>
  informers.index("Pod", BY_NODE, (pod) => (isPod(pod) && pod.spec.nodeName !== undefined ? [pod.spec.nodeName] : []))

/** Those that are assigned to the node. */
export const podsOnNode = (informers: SharedInformers, node: string): ReadonlyArray<PodObject> =>
  informers.byIndex("Pod", BY_NODE, node).filter(isPod)

/** FilterPodsByOwner: the owner's pods, then those of its namespace that nobody controls. */
export const podsOf = (informers: SharedInformers, owner: KubernetesObject): ReadonlyArray<PodObject> =>
  [...ownedBy(informers, "Pod", owner), ...orphansIn(informers, "Pod", owner.metadata.namespace ?? "")].filter(isPod)
