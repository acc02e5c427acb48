/**
 * What happened to one pod, in the kubelet's words. Only ever added to, never renamed: old reels must replay.
 *
 * An event says what became true; the moment at which it was seen stands in the `ClusterEvent` around it, the moments that
 * Kubernetes stamped stand inside it as Kubernetes wrote them.
 */
import { Schema } from "effect"
import {
  ContainerDied,
  ContainerIdentified,
  ContainerLastStateCorrected,
  ContainerListed,
  ContainerReadinessChanged,
  ContainerReported,
  ContainerRestartsCounted,
  ContainerStarted,
  ContainerStartupChanged,
  ContainerStateCorrected,
  ContainersOrdered,
  ContainerUnlisted,
  ContainerWaiting
} from "./containerEvents.ts"
import { PodAdded, PodBound, PodDeletionRequested, PodPatched, PodRemoved, PodWritten } from "./podObjectEvents.ts"
import {
  PodAccepted,
  PodConditionChanged,
  PodConditionRemoved,
  PodConditionsOrdered,
  PodGenerationObserved,
  PodIPsAssigned,
  PodNominated,
  PodPhaseChanged,
  PodQOSClassified,
  PodResourcesReported,
  PodRest
} from "./podStatusEvents.ts"
import {
  BackOffStarted,
  PodSynced,
  ProcessExited,
  ProcessStarted,
  SandboxCreated,
  SandboxStopped,
  SignalSent
} from "./unobservableEvents.ts"

export * from "./containerEvents.ts"
export { ContainerKind, ContainerState, NoState, Running, Terminated, Waiting } from "./podEventParts.ts"
export * from "./podObjectEvents.ts"
export * from "./podStatusEvents.ts"
export * from "./unobservableEvents.ts"

export const observable = [
  PodAdded,
  PodWritten,
  PodBound,
  PodDeletionRequested,
  PodPatched,
  PodRemoved,
  PodAccepted,
  PodPhaseChanged,
  PodConditionChanged,
  PodConditionRemoved,
  PodConditionsOrdered,
  PodGenerationObserved,
  PodIPsAssigned,
  PodQOSClassified,
  PodNominated,
  PodResourcesReported,
  ContainerListed,
  ContainerUnlisted,
  ContainersOrdered,
  ContainerWaiting,
  ContainerStarted,
  ContainerDied,
  ContainerStateCorrected,
  ContainerLastStateCorrected,
  ContainerReadinessChanged,
  ContainerStartupChanged,
  ContainerRestartsCounted,
  ContainerIdentified,
  ContainerReported,
  PodRest
] as const

export const unobservable = [
  SandboxCreated,
  SandboxStopped,
  ProcessStarted,
  ProcessExited,
  SignalSent,
  PodSynced,
  BackOffStarted
] as const

export type PodEvent =
  | PodAdded
  | PodWritten
  | PodBound
  | PodDeletionRequested
  | PodPatched
  | PodRemoved
  | PodAccepted
  | PodPhaseChanged
  | PodConditionChanged
  | PodConditionRemoved
  | PodConditionsOrdered
  | PodGenerationObserved
  | PodIPsAssigned
  | PodQOSClassified
  | PodNominated
  | PodResourcesReported
  | ContainerListed
  | ContainerUnlisted
  | ContainersOrdered
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
  | PodRest
  | SandboxCreated
  | SandboxStopped
  | ProcessStarted
  | ProcessExited
  | SignalSent
  | PodSynced
  | BackOffStarted

export const PodEvent = Schema.Union([...observable, ...unobservable])

/** The version of this vocabulary. A stored event names the version whose words it needs. */
export const podEventVersion = 1
