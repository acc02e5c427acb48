/** A container's status as the runtime tells it (`pkg/kubelet/kubelet_pods.go`, convertContainerStatus; K-182…K-185, K-208). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { ContainerKind, ContainerState } from "../../event/PodEvent.ts"
import type { Container } from "../../state/Pod.ts"
import type { KubernetesRelease } from "./featureGates.ts"
import type { RuntimeContainer } from "./RuntimeStatus.ts"
import { containerResources } from "./resize/containerResources.ts"

/** `Restarting`: all containers of the pod are being restarted in place. */
export interface Conversion {
  readonly kind: ContainerKind
  readonly spec: ContainerSpec
  /** As it was reported before. */
  readonly old: Container | undefined
  readonly restarting: boolean
  readonly release: KubernetesRelease
}

/** Of a container about which the kubelet had to guess. */
export const restartingAllContainers = "RestartingAllContainers"
export const statusUnknown = "ContainerStatusUnknown"

const time = (at: Instant | undefined): string | null => (at === undefined ? null : toTime(at))

const runtimeID = (container: RuntimeContainer): string => `containerd://${container.id}`

/** A death that nobody has seen. */
export const presumedDead = (reason: string, message: string): ContainerState => ({
  _tag: "Terminated",
  exitCode: 137,
  reason,
  message,
  startedAt: null,
  finishedAt: null
})

const stateOf = (container: RuntimeContainer, { old, restarting }: Conversion): ContainerState => {
  switch (container.state) {
    case "running":
      return { _tag: "Running", startedAt: time(container.startedAt) }
    case "exited":
      return {
        _tag: "Terminated",
        exitCode: container.exitCode,
        ...(container.reason === "" ? {} : { reason: container.reason }),
        ...(container.message === "" ? {} : { message: container.message }),
        startedAt: time(container.startedAt),
        finishedAt: time(container.finishedAt),
        containerID: runtimeID(container)
      }
    case "created":
      return { _tag: "Waiting" }
    case "unknown":
      return old?.state?._tag === "Running"
        ? presumedDead(
            restarting ? restartingAllContainers : statusUnknown,
            "The container could not be located when the pod was terminated"
          )
        : { _tag: "Waiting" }
  }
}

/** K-184: a death that the runtime has forgotten is carried over from the status before. */
const lastStateOf = (
  newest: RuntimeContainer,
  previous: RuntimeContainer | undefined,
  conversion: Conversion
): ContainerState => {
  const { old, release } = conversion
  if (previous !== undefined) return stateOf(previous, conversion)
  if (!release.gates.RestartAllContainersOnContainerExits) return { _tag: "NoState" }
  if (old?.state?._tag === "Terminated" && old.containerID !== runtimeID(newest)) return old.state
  return old?.lastState?._tag === "Terminated" ? old.lastState : { _tag: "NoState" }
}

/** What was reported counts beside the runtime's own number since RestartAllContainersOnContainerExits, which removes instances (K-208). */
const restartCountOf = (newest: RuntimeContainer, { old, release }: Conversion): number => {
  if (old === undefined) return newest.restartCount
  if (newest.state === "unknown" && old.state?._tag === "Running") return old.restartCount + 1
  if (!release.gates.RestartAllContainersOnContainerExits) return newest.restartCount
  const revived = newest.state === "running" && old.state?._tag === "Terminated"
  if (revived && old.restartCount >= newest.restartCount) return old.restartCount + 1
  return Math.max(newest.restartCount, old.restartCount)
}

/** Its instances, the newest first: not more than two count. Whether it is ready and started is said later (`updatePodStatus.ts`). */
export const convertContainerStatus = (
  [newest, previous]: readonly [RuntimeContainer, ...ReadonlyArray<RuntimeContainer>],
  conversion: Conversion
): Container => {
  const { kind, old, spec } = conversion
  return {
    kind,
    name: spec.name,
    state: stateOf(newest, conversion),
    lastState: lastStateOf(newest, previous, conversion),
    ready: false,
    started: newest.state === "running" ? old?.started : undefined,
    restartCount: restartCountOf(newest, conversion),
    image: newest.image,
    imageID: newest.imageID,
    containerID: runtimeID(newest),
    allocatedResources: spec.resources?.requests,
    allocatedResourcesStatus: undefined,
    resources: containerResources(spec, newest),
    volumeMounts: old?.volumeMounts,
    user: newest.user,
    stopSignal: undefined
  }
}
