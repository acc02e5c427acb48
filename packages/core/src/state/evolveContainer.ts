/** What a pod event makes of one container. */
import type { ResourceList, ResourceRequirements } from "../event/KubernetesObject.ts"
import type {
  ContainerDied,
  ContainerIdentified,
  ContainerLastStateCorrected,
  ContainerReadinessChanged,
  ContainerReported,
  ContainerRestartsCounted,
  ContainerStarted,
  ContainerStartupChanged,
  ContainerStateCorrected,
  ContainerWaiting
} from "../event/PodEvent.ts"
import { terminatedOf, waitingOf } from "./containerStateJson.ts"
import type { Container } from "./Pod.ts"

/** The events that speak of one container which the status lists. */
export type ContainerEvent =
  | ContainerWaiting
  | ContainerStarted
  | ContainerDied
  | ContainerStateCorrected
  | ContainerLastStateCorrected
  | ContainerReadinessChanged
  | ContainerStartupChanged
  | ContainerRestartsCounted
  | ContainerIdentified
  | ContainerReported

/** A death becomes the last state as soon as the container is in another one. */
const lastStateOf = (container: Container): Container["lastState"] =>
  container.state?._tag === "Terminated" ? container.state : container.lastState

/** Clusters before 1.16 do not report `started` at all, and go on not to. */
const notStarted = (container: Container): boolean | undefined => (container.started === undefined ? undefined : false)

export const evolveContainer = (container: Container, event: ContainerEvent): Container => {
  switch (event._tag) {
    case "ContainerWaiting":
      return {
        ...container,
        state: waitingOf(event),
        lastState: lastStateOf(container),
        ready: false,
        started: notStarted(container)
      }
    case "ContainerStarted":
      return {
        ...container,
        state: { _tag: "Running", startedAt: event.startedAt },
        lastState: lastStateOf(container),
        containerID: event.containerID ?? container.containerID,
        restartCount: event.restartCount
      }
    case "ContainerDied":
      return {
        ...container,
        state: terminatedOf(event),
        lastState: lastStateOf(container),
        ready: false,
        started: notStarted(container),
        containerID: event.containerID ?? container.containerID
      }
    case "ContainerStateCorrected":
      return { ...container, state: event.present ? event.state : undefined }
    case "ContainerLastStateCorrected":
      return { ...container, lastState: event.present ? event.lastState : undefined }
    case "ContainerReadinessChanged":
      return { ...container, ready: event.ready }
    case "ContainerStartupChanged":
      return { ...container, started: event.started }
    case "ContainerRestartsCounted":
      return { ...container, restartCount: event.restartCount }
    case "ContainerIdentified":
      return { ...container, image: event.image, imageID: event.imageID, containerID: event.containerID }
    case "ContainerReported":
      return {
        ...container,
        allocatedResources: event.allocatedResources as ResourceList | undefined,
        allocatedResourcesStatus: event.allocatedResourcesStatus,
        resources: event.resources as ResourceRequirements | undefined,
        volumeMounts: event.volumeMounts,
        user: event.user,
        stopSignal: event.stopSignal
      }
  }
}
