/** Pods that a node keeps when it has to choose (`pkg/kubelet/types/pod_update.go`; section 6.6 of the kubelet's rules). */
import type { PodObject } from "../../event/KubernetesObject.ts"

/** Where the kubelet has a pod from, noted on its own copy of it (K-007). */
export const CONFIG_SOURCE = "kubernetes.io/config.source"
/** Marks the API's picture of a static pod; its value is the hash of the manifest (K-311). */
export const CONFIG_MIRROR = "kubernetes.io/config.mirror"
export const CONFIG_HASH = "kubernetes.io/config.hash"
export const CONFIG_SEEN = "kubernetes.io/config.seen"

/** `pkg/apis/scheduling/types.go`, SystemCriticalPriority. */
export const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000

interface Annotated {
  readonly metadata: { readonly annotations?: { readonly [key: string]: string } }
}

export const isMirrorPod = ({ metadata }: Annotated): boolean => metadata.annotations?.[CONFIG_MIRROR] !== undefined

/** The pod comes from a manifest on the node. A mirror pod, which carries the same notes, comes from the API. */
export const isStaticPod = (pod: Annotated): boolean => {
  const source = pod.metadata.annotations?.[CONFIG_SOURCE]
  return source !== undefined && source !== "api" && !isMirrorPod(pod)
}

/** `spec.priority`. */
export const priorityOf = (pod: PodObject): number | undefined => {
  const priority = pod.spec["priority"]
  return typeof priority === "number" ? priority : undefined
}

export const isCriticalPod = (pod: PodObject): boolean =>
  isStaticPod(pod) || isMirrorPod(pod) || (priorityOf(pod) ?? 0) >= SYSTEM_CRITICAL_PRIORITY

/** May `preemptor` take the place of `preemptee`? */
export const isPreemptable = (preemptor: PodObject, preemptee: PodObject): boolean => {
  if (isCriticalPod(preemptor) && !isCriticalPod(preemptee)) return true
  const [own, other] = [priorityOf(preemptor), priorityOf(preemptee)]
  return own !== undefined && other !== undefined && own > other
}
