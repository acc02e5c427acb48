/** A pod's status as JSON and back, as far as the words go (`PodStatus`, k8s.io/api/core/v1/types.go). */
import type { JsonObject } from "../event/Json.ts"
import type { ContainerStatus, PodStatus, ResourceList, ResourceRequirements } from "../event/KubernetesObject.ts"
import type { ContainerKind } from "../event/PodEvent.ts"
import { parseCondition, renderCondition } from "./conditionJson.ts"
import { parseContainer, renderContainer } from "./containerJson.ts"
import { integer, object, objects, text } from "./fields.ts"
import type { Condition, Container, Pod } from "./Pod.ts"

/** The part of a pod's state that its status says in words. */
export type Words = Omit<Pod, "kind" | "apiVersion" | "metadata" | "spec" | "others" | "present" | "rest" | "anomalies">

export const parseWords = (status: JsonObject): Words => ({
  phase: text(status.phase),
  reason: text(status.reason),
  message: text(status.message),
  observedGeneration: integer(status.observedGeneration),
  nominatedNodeName: text(status.nominatedNodeName),
  startTime: text(status.startTime),
  hostIP: text(status.hostIP),
  hostIPs: objects(status.hostIPs),
  podIP: text(status.podIP),
  podIPs: objects(status.podIPs),
  qosClass: text(status.qosClass),
  resources: object(status.resources) as ResourceRequirements | undefined,
  allocatedResources: object(status.allocatedResources) as ResourceList | undefined,
  conditions: conditionsOf(status),
  containers: [
    ...containersOf("init", status.initContainerStatuses),
    ...containersOf("regular", status.containerStatuses),
    ...containersOf("ephemeral", status.ephemeralContainerStatuses)
  ]
})

/** Entries are told apart by their name: a list with two of one name, or with one that has none, is left to `rest`. */
const named = (items: ReadonlyArray<JsonObject>, key: string): ReadonlyArray<JsonObject> =>
  items.every((item) => typeof item[key] === "string") && (items.length < 2 || areApart(items, key)) ? items : []

const areApart = (items: ReadonlyArray<JsonObject>, key: string): boolean =>
  new Set(items.map((item) => item[key])).size === items.length

const conditionsOf = (status: JsonObject): ReadonlyArray<Condition> =>
  named(objects(status.conditions) ?? [], "type").map(parseCondition)

const containersOf = (kind: ContainerKind, statuses: JsonObject[string]): ReadonlyArray<Container> =>
  named(objects(statuses) ?? [], "name").map((status) => parseContainer(kind, status))

type Writable = { -readonly [K in keyof PodStatus]: PodStatus[K] }

/** What the words make of the status, without `rest`. Fields stand in the order of Kubernetes' own JSON. */
export const renderWords = (words: Words): PodStatus => {
  const status: Writable = {}
  if (words.observedGeneration !== undefined) status.observedGeneration = words.observedGeneration
  if (words.phase !== undefined) status.phase = words.phase
  if (words.conditions.length > 0) status.conditions = words.conditions.map(renderCondition)
  if (words.message !== undefined) status.message = words.message
  if (words.reason !== undefined) status.reason = words.reason
  if (words.nominatedNodeName !== undefined) status.nominatedNodeName = words.nominatedNodeName
  if (words.hostIP !== undefined) status.hostIP = words.hostIP
  if (words.hostIPs !== undefined) status.hostIPs = words.hostIPs
  if (words.podIP !== undefined) status.podIP = words.podIP
  if (words.podIPs !== undefined) status.podIPs = words.podIPs
  if (words.startTime !== undefined) status.startTime = words.startTime
  const { init, regular, ephemeral } = listsOf(words.containers)
  if (init !== undefined) status.initContainerStatuses = init
  if (regular !== undefined) status.containerStatuses = regular
  if (words.qosClass !== undefined) status.qosClass = words.qosClass
  if (ephemeral !== undefined) status.ephemeralContainerStatuses = ephemeral
  if (words.allocatedResources !== undefined) status.allocatedResources = words.allocatedResources
  if (words.resources !== undefined) status.resources = words.resources
  return status
}

const listsOf = (
  containers: ReadonlyArray<Container>
): { readonly [K in ContainerKind]?: ReadonlyArray<ContainerStatus> } => {
  const lists: { [K in ContainerKind]?: Array<ContainerStatus> } = {}
  for (const container of containers) {
    const list = lists[container.kind]
    if (list === undefined) lists[container.kind] = [renderContainer(container)]
    else list.push(renderContainer(container))
  }
  return lists
}
