/** What one SyncPod is to do with a pod's sandbox and containers (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, podActions). */
import type { ResourceRequirements } from "../../event/KubernetesObject.ts"

/** Whose fault a kill is: a probe may bring a grace period of its own (containerKillReason). */
export type ContainerKillReason =
  | "StartupProbe"
  | "LivenessProbe"
  | "FailedPostStartHook"
  | "RestartAllContainers"
  | "Unknown"

export interface ContainerToKill {
  /** The runtime's ID of the instance. */
  readonly id: string
  readonly name: string
  /** The Event's message. */
  readonly message: string
  /** `undefined`: its definition changed. */
  readonly reason: ContainerKillReason | undefined
}

/** An instance that RestartAllContainers removes. */
export interface ContainerToReset {
  readonly id: string
  readonly name: string
  /** It still runs: it is killed first. */
  readonly kill: boolean
}

/** A running instance that gets other resources. */
export interface ContainerToUpdate {
  readonly id: string
  readonly name: string
  readonly resources: ResourceRequirements
  /** Its memory changes. */
  readonly memory: boolean
  /** Its new memory limit in bytes, where that is lower than before. */
  readonly decreasesMemoryLimit: bigint | undefined
}

export interface PodActions {
  /** Kill all containers and the sandbox first. */
  readonly killPod: boolean
  readonly createSandbox: boolean
  readonly sandbox: string | undefined
  readonly attempt: number
  /** Indices into the lists of the spec, in order. */
  readonly ephemeralContainersToStart: ReadonlyArray<number>
  readonly initContainersToStart: ReadonlyArray<number>
  readonly containersToStart: ReadonlyArray<number>
  readonly containersToKill: ReadonlyArray<ContainerToKill>
  readonly containersToReset: ReadonlyArray<ContainerToReset>
  readonly containersToUpdate: ReadonlyArray<ContainerToUpdate>
  /** The pod's own resources change: by themselves, or because a container is restarted with others. */
  readonly updatePodResources: boolean
}
