/** The entries of `containerStatuses` (`pkg/kubelet/kubelet_pods.go`, convertToAPIContainerStatuses; K-180…K-194). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, ResourceRequirements } from "../../event/KubernetesObject.ts"
import type { ContainerState } from "../../event/PodEvent.ts"
import type { Container, Pod } from "../../state/Pod.ts"
import type { RuntimeContainer, RuntimePodStatus } from "./RuntimeStatus.ts"
import { shouldContainerBeRestarted } from "./shouldContainerBeRestarted.ts"

/** Why the last start of a container failed, by container name (`pkg/kubelet/reason_cache.go`; K-041). */
export type ReasonCache = ReadonlyMap<string, { readonly reason: string; readonly message: string }>

const time = (at: Instant | undefined): string | null => (at === undefined ? null : toTime(at))

const runtimeID = (container: RuntimeContainer): string => `containerd://${container.id}`

const stateOf = (container: RuntimeContainer): ContainerState => {
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
    case "unknown":
      return { _tag: "Waiting" }
  }
}

const mountsOf = (spec: ContainerSpec): ReadonlyArray<JsonObject> | undefined =>
  spec.volumeMounts?.map((mount) => ({
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly === true ? { readOnly: true, recursiveReadOnly: "Disabled" } : {})
  }))

/** Before the runtime knows anything of it (K-181). */
const unstarted = (spec: ContainerSpec, reason: string, old: Container | undefined): Container => ({
  kind: "regular",
  name: spec.name,
  state: { _tag: "Waiting", reason },
  lastState: old?.lastState ?? { _tag: "NoState" },
  ready: false,
  started: false,
  restartCount: old?.restartCount ?? 0,
  image: spec.image,
  imageID: "",
  containerID: undefined,
  allocatedResources: undefined,
  allocatedResourcesStatus: undefined,
  resources: undefined,
  volumeMounts: mountsOf(spec),
  user: undefined,
  stopSignal: undefined
})

const resourcesOf = (spec: ContainerSpec): ResourceRequirements => {
  const { limits, requests } = spec.resources ?? {}
  return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) }
}

/** K-184: a death that the runtime has forgotten is carried over from the status before. */
const lastStateOf = (
  newest: RuntimeContainer,
  previous: RuntimeContainer | undefined,
  old: Container | undefined
): ContainerState => {
  if (previous !== undefined) return stateOf(previous)
  if (old?.state?._tag === "Terminated" && old.containerID !== runtimeID(newest)) return old.state
  return old?.lastState?._tag === "Terminated" ? old.lastState : { _tag: "NoState" }
}

const restartCountOf = (newest: RuntimeContainer, old: Container | undefined): number => {
  const count = Math.max(newest.restartCount, old?.restartCount ?? 0)
  const revived =
    newest.state === "running" && old?.state?._tag === "Terminated" && old.restartCount >= newest.restartCount
  return revived ? count + 1 : count
}

const fromRuntime = (
  spec: ContainerSpec,
  instances: ReadonlyArray<RuntimeContainer>,
  old: Container | undefined
): Container | undefined => {
  const [newest, previous] = instances
  if (newest === undefined) return undefined
  const running = newest.state === "running"
  return {
    kind: "regular",
    name: spec.name,
    state: stateOf(newest),
    lastState: lastStateOf(newest, previous, old),
    ready: running,
    started: running,
    restartCount: restartCountOf(newest, old),
    image: newest.image,
    imageID: newest.imageID,
    containerID: runtimeID(newest),
    allocatedResources: spec.resources?.requests,
    allocatedResourcesStatus: undefined,
    resources: resourcesOf(spec),
    volumeMounts: old?.volumeMounts ?? mountsOf(spec),
    user: newest.user,
    stopSignal: undefined
  }
}

/** It was running when last reported and the runtime knows nothing of it (K-186). */
const vanished = (status: Container, deleted: boolean): Container => ({
  ...status,
  lastState: {
    _tag: "Terminated",
    exitCode: 137,
    reason: "ContainerStatusUnknown",
    message: "The container could not be located when the pod was deleted.  The container used to be Running",
    startedAt: null,
    finishedAt: null
  },
  restartCount: status.restartCount + (deleted ? 0 : 1)
})

const withoutRuntime = (pod: Pod, spec: ContainerSpec, old: Container | undefined): Container => {
  if (old?.state?._tag === "Terminated") return old
  const waiting = (pod.spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating"
  const status = unstarted(spec, waiting, old)
  const wasRunning = old?.state?._tag === "Running" && status.lastState?._tag !== "Terminated"
  return wasRunning ? vanished(status, pod.metadata.deletionTimestamp !== undefined) : status
}

/** K-187: why it is not running, when its last start was refused. */
const waitingWithReason = (
  status: Container,
  reason: { readonly reason: string; readonly message: string }
): Container => ({
  ...status,
  state: { _tag: "Waiting", reason: reason.reason, message: reason.message },
  lastState: status.state?._tag === "Terminated" ? status.state : status.lastState,
  ready: false,
  started: false
})

/** `old`: the containers as they were last reported. Sorted by name (K-180). */
export const containerStatuses = (
  pod: Pod,
  runtime: RuntimePodStatus,
  old: ReadonlyArray<Container>,
  reasons: ReasonCache
): ReadonlyArray<Container> =>
  pod.spec.containers
    .map((spec) => {
      const before = old.find((container) => container.kind === "regular" && container.name === spec.name)
      const instances = runtime.containers.filter((container) => container.name === spec.name)
      const status = fromRuntime(spec, instances, before) ?? withoutRuntime(pod, spec, before)
      const reason = reasons.get(spec.name)
      return reason !== undefined && shouldContainerBeRestarted(spec, pod, runtime)
        ? waitingWithReason(status, reason)
        : status
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
