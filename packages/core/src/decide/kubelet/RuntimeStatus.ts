/** What the container runtime says of one pod: the input of every rule of the kubelet (`pkg/kubelet/container/runtime.go`, PodStatus). */
import type { Instant } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"

export interface SandboxStatus {
  readonly id: string
  /** 0 for the pod's first sandbox. */
  readonly attempt: number
  readonly ready: boolean
  readonly createdAt: Instant
  readonly ips: ReadonlyArray<string>
}

/** One instance of a container: a restart makes another. */
export interface RuntimeContainer {
  readonly id: string
  readonly name: string
  readonly state: "created" | "running" | "exited" | "unknown"
  readonly sandbox: string
  readonly createdAt: Instant
  readonly startedAt: Instant | undefined
  readonly finishedAt: Instant | undefined
  readonly exitCode: number
  readonly reason: string
  readonly message: string
  readonly image: string
  readonly imageID: string
  readonly restartCount: number
  readonly user: JsonObject
}

export interface RuntimePodStatus {
  /** The newest first. */
  readonly sandboxes: ReadonlyArray<SandboxStatus>
  /** The newest first, of all sandboxes. */
  readonly containers: ReadonlyArray<RuntimeContainer>
  /** Addresses of the newest sandbox; they are kept when it stops. */
  readonly ips: ReadonlyArray<string>
}

export const noRuntimeStatus: RuntimePodStatus = { sandboxes: [], containers: [], ips: [] }

/** The newest instance of that name. */
export const findContainer = (status: RuntimePodStatus, name: string): RuntimeContainer | undefined =>
  status.containers.find((container) => container.name === name)

/** The newest instance of that name that has exited. */
export const findExited = (status: RuntimePodStatus, name: string): RuntimeContainer | undefined =>
  status.containers.find((container) => container.name === name && container.state === "exited")
