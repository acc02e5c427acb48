/** Events about a pod, one of its containers or its claims, as the kubelet's recorder gets them (`pkg/kubelet/container/ref.go`; K-320). */
import type { ContainerSpec, KubernetesObject, Pod } from "@kubereel/core"
import type { NewEvent } from "../client/EventRecorder.ts"
import type { KubeletNode } from "./KubeletNode.ts"

type Words = Pick<NewEvent, "type" | "reason" | "message" | "annotations">

const record = (node: KubeletNode, pod: Pod, words: Words, fieldPath: string | undefined): void => {
  const { name, namespace = "", uid = "", resourceVersion } = pod.metadata
  node.events.record({ ...words, subject: { kind: "Pod", namespace, name, uid, resourceVersion, fieldPath } })
}

export const recordPodEvent = (node: KubeletNode, pod: Pod, words: Words): void => record(node, pod, words, undefined)

export const recordClaimEvent = (node: KubeletNode, { kind, metadata }: KubernetesObject, words: Words): void => {
  const { name, namespace = "", resourceVersion, uid = "" } = metadata
  node.events.record({ ...words, subject: { kind, namespace, name, uid, resourceVersion, fieldPath: undefined } })
}

/** Which list of the spec the container stands in (fieldPath). */
const listOf = ({ spec }: Pod, container: string): string => {
  const holds = (specs: ReadonlyArray<ContainerSpec> = []) => specs.some(({ name }) => name === container)
  if (holds(spec.initContainers)) return "initContainers"
  return holds(spec.ephemeralContainers) ? "ephemeralContainers" : "containers"
}

export const recordContainerEvent = (node: KubeletNode, pod: Pod, container: string, words: Words): void =>
  record(node, pod, words, `spec.${listOf(pod, container)}{${container}}`)
