/** One entry of a status's list of containers as JSON and back (`ContainerStatus`, k8s.io/api/core/v1/types.go). */
import type { JsonObject } from "../event/Json.ts"
import type { ContainerStatus, ResourceList, ResourceRequirements } from "../event/KubernetesObject.ts"
import type { ContainerKind } from "../event/PodEvent.ts"
import { parseContainerState, renderContainerState } from "./containerStateJson.ts"
import { flag, integer, list, object, objects, text } from "./fields.ts"
import type { Container } from "./Pod.ts"

export const parseContainer = (kind: ContainerKind, status: JsonObject): Container => ({
  kind,
  name: text(status.name) ?? "",
  state: parseContainerState(status.state),
  lastState: parseContainerState(status.lastState),
  ready: flag(status.ready) ?? false,
  started: flag(status.started),
  restartCount: integer(status.restartCount) ?? 0,
  image: text(status.image) ?? "",
  imageID: text(status.imageID) ?? "",
  containerID: text(status.containerID),
  allocatedResources: object(status.allocatedResources) as ResourceList | undefined,
  allocatedResourcesStatus: list(status.allocatedResourcesStatus),
  resources: object(status.resources) as ResourceRequirements | undefined,
  volumeMounts: objects(status.volumeMounts),
  user: object(status.user),
  stopSignal: text(status.stopSignal)
})

type Writable = { -readonly [K in keyof ContainerStatus]: ContainerStatus[K] }

/** Fields stand in the order of Kubernetes' own JSON. */
export const renderContainer = (container: Container): ContainerStatus => {
  const status = { name: container.name } as Writable
  if (container.state !== undefined) status.state = renderContainerState(container.state)
  if (container.lastState !== undefined) status.lastState = renderContainerState(container.lastState)
  status.ready = container.ready
  status.restartCount = container.restartCount
  status.image = container.image
  status.imageID = container.imageID
  if (container.containerID !== undefined) status.containerID = container.containerID
  if (container.started !== undefined) status.started = container.started
  if (container.allocatedResources !== undefined) status.allocatedResources = container.allocatedResources
  if (container.resources !== undefined) status.resources = container.resources
  if (container.volumeMounts !== undefined) status.volumeMounts = container.volumeMounts
  if (container.user !== undefined) status.user = container.user
  if (container.allocatedResourcesStatus !== undefined)
    status.allocatedResourcesStatus = container.allocatedResourcesStatus
  if (container.stopSignal !== undefined) status.stopSignal = container.stopSignal
  return status
}
