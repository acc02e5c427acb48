/** What the container runtime says of one pod: the input of every rule of the kubelet (`pkg/kubelet/container/runtime.go`, PodStatus). */
import type { Instant } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { PodSpec, ResourceRequirements } from "../../event/KubernetesObject.ts"
import type { ContainerKind } from "../../event/PodEvent.ts"
import type { Pod } from "../../state/Pod.ts"

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
  readonly kind: ContainerKind
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
  /** `definitionHash` of the spec that it was made from. */
  readonly hash: string
  readonly restartCount: number
  readonly user: JsonObject
  /** What it was last given; absent: what its spec said when it was made. */
  readonly resources?: ResourceRequirements
}

export interface RuntimePodStatus {
  /** The newest first. */
  readonly sandboxes: ReadonlyArray<SandboxStatus>
  /** The newest first, of all sandboxes. */
  readonly containers: ReadonlyArray<RuntimeContainer>
  /** Addresses of the newest sandbox; they are kept when it stops. */
  readonly ips: ReadonlyArray<string>
  /** For which spec the pod's cgroup was last set up; absent before there is one. */
  readonly cgroup?: PodSpec
}

export const noRuntimeStatus: RuntimePodStatus = { sandboxes: [], containers: [], ips: [] }

/** The newest instance of that name. */
export const findContainer = (status: RuntimePodStatus, name: string): RuntimeContainer | undefined =>
  status.containers.find((container) => container.name === name)

/** The newest instance of that name that has exited. */
export const findExited = (status: RuntimePodStatus, name: string): RuntimeContainer | undefined =>
  status.containers.find((container) => container.name === name && container.state === "exited")

const isRegular = (pod: Pod, { name }: RuntimeContainer): boolean =>
  pod.spec.containers.some((container) => container.name === name)

/** Then all init containers have been done with once (`pkg/kubelet/kuberuntime/kuberuntime_container.go`). */
export const hasAnyRegularContainerCreated = (pod: Pod, status: RuntimePodStatus): boolean =>
  pod.spec.containers.some(({ name }) => {
    const state = findContainer(status, name)?.state
    return state !== undefined && state !== "unknown"
  })

/** The same of the newest sandbox alone, if that is ready: an earlier one's containers do not count (`pkg/kubelet/container/helpers.go`; K-035). */
export const hasAnyActiveRegularContainerStarted = (pod: Pod, status: RuntimePodStatus): boolean => {
  const [active] = status.sandboxes
  return (
    active?.ready === true &&
    status.containers.some((container) => container.sandbox === active.id && isRegular(pod, container))
  )
}
