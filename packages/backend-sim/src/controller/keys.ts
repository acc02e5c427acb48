/** How controllers name objects in their queues, and find the pods that may be theirs (`client-go/tools/cache`, `pkg/controller/controller_utils.go`). */
import { controllerOf, isPod, type KubernetesObject, type PodObject } from "@kubereel/core"
import type { SharedInformers } from "../client/SharedInformers.ts"

const BY_CONTROLLER = "podController"
const BY_NODE = "spec.nodeName"

/** `namespace/name` (MetaNamespaceKeyFunc). */
export const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ""}/${metadata.name}`

export const splitKey = (key: string): [namespace: string, name: string] => {
  const slash = key.indexOf("/")
  return [key.slice(0, slash), key.slice(slash + 1)]
}

/** AddPodControllerIndexer: by the UID of the controller, orphans by their namespace. */
export const indexPods = (informers: SharedInformers): void =>
  informers.index("Pod", BY_CONTROLLER, (pod) => [controllerOf(pod)?.uid ?? `orphans/${pod.metadata.namespace}`])

/** AddPodNodeNameIndexer. */
export const indexPodsByNode = (informers: SharedInformers): void =>
  informers.index("Pod", BY_NODE, (pod) => (isPod(pod) && pod.spec.nodeName !== undefined ? [pod.spec.nodeName] : []))

/** Those that are assigned to the node. */
export const podsOnNode = (informers: SharedInformers, node: string): ReadonlyArray<PodObject> =>
  informers.byIndex("Pod", BY_NODE, node).filter(isPod)

/** FilterPodsByOwner: the owner's pods, then those of its namespace that nobody controls. */
export const podsOf = (informers: SharedInformers, { metadata }: KubernetesObject): ReadonlyArray<PodObject> =>
  [
    ...informers.byIndex("Pod", BY_CONTROLLER, metadata.uid ?? ""),
    ...informers.byIndex("Pod", BY_CONTROLLER, `orphans/${metadata.namespace}`)
  ].filter(isPod)
