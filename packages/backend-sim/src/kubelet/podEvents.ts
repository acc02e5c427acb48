/** Events about a pod or one of its containers, as the kubelet's recorder gets them (`pkg/kubelet/container/ref.go`; K-320). */
import type { ContainerSpec, Pod } from "@kubereel/core"
import type { NewEvent } from "../client/EventRecorder.ts"
import type { KubeletNode } from "./KubeletNode.ts"

type Words = Pick<NewEvent, "type" | "reason" | "message" | "annotations">

const record = (node: KubeletNode, pod: Pod, words: Words, fieldPath: string | undefined): void => {
  const { name, namespace = "", uid = "", resourceVersion } = pod.metadata
  node.events.record({ ...words, subject: { kind: "Pod", namespace, name, uid, resourceVersion, fieldPath } })
}

export const recordPodEvent = (node: KubeletNode, pod: Pod, words: Words): void => record(node, pod, words, undefined)

/** Which list of the spec the container stands in (fieldPath). */
const listOf = ({ spec }: Pod, container: string): string => {
  const holds = (specs: ReadonlyArray<ContainerSpec> = []) => specs.some(({ name }) => name === container)
  if (holds(spec.initContainers)) return "initContainers"
  return holds(spec.ephemeralContainers) ? "ephemeralContainers" : "containers"
}

export const recordContainerEvent = (node: KubeletNode, pod: Pod, container: string, words: Words): void =>
  record(node, pod, words, `spec.${listOf(pod, container)}{${container}}`)
