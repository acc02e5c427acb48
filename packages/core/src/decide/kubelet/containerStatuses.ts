/** The entries of a status's lists of containers (`pkg/kubelet/kubelet_pods.go`, convertToAPIContainerStatuses; K-180…K-194). */
import type { JsonObject } from "../../event/Json.ts"
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { ContainerKind, ContainerState } from "../../event/PodEvent.ts"
import type { Container, Pod } from "../../state/Pod.ts"
import { isRestartableInitContainer } from "./containerRestart.ts"
import {
  convertContainerStatus,
  presumedDead,
  restartingAllContainers,
  statusUnknown
} from "./convertContainerStatus.ts"
import { type KubernetesRelease, latestRelease } from "./featureGates.ts"
import { findContainer, hasAnyRegularContainerCreated, type RuntimePodStatus } from "./RuntimeStatus.ts"
import { shouldAllContainersRestart } from "./shouldAllContainersRestart.ts"
import { shouldContainerBeRestarted } from "./shouldContainerBeRestarted.ts"

/** Why the last start of a container failed, by container name (`pkg/kubelet/reason_cache.go`; K-041). */
export type ReasonCache = ReadonlyMap<string, { readonly reason: string; readonly message: string }>

interface Subject {
  readonly pod: Pod
  readonly runtime: RuntimePodStatus
  readonly kind: ContainerKind
  readonly spec: ContainerSpec
  /** As it was last reported. */
  readonly old: Container | undefined
  readonly restarting: boolean
  readonly release: KubernetesRelease
}

/** The runtime can do it: where it is wanted if possible it is done (K-194). */
const recursive = ({ recursiveReadOnly }: JsonObject): string =>
  recursiveReadOnly === "Enabled" || recursiveReadOnly === "IfPossible" ? "Enabled" : "Disabled"

const mountsOf = (spec: ContainerSpec): ReadonlyArray<JsonObject> | undefined =>
  spec.volumeMounts?.map((mount) => ({
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly === true ? { readOnly: true, recursiveReadOnly: recursive(mount) } : {})
  }))

/** Before the runtime knows anything of it (K-181). A death that was reported stays. */
const unstarted = ({ kind, old, pod, spec }: Subject): Container => {
  if (old?.state?._tag === "Terminated") return old
  const reason = (pod.spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating"
  return {
    kind,
    name: spec.name,
    state: { _tag: "Waiting", reason },
    lastState: old?.lastState ?? { _tag: "NoState" },
    ready: false,
    started: undefined,
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
  }
}

const removedInPlace = "The container is removed because RestartAllContainers in place"
const lost = "The container could not be located when the pod was deleted.  The container used to be Running"

const forgetsDeath = ({ lastState }: Container): boolean => lastState?._tag !== "Terminated"

/** The runtime knows nothing of it: it never was there, it was removed (K-082), or it was running and is lost (K-186). */
const withoutRuntime = (subject: Subject): Container => {
  const { old, pod, restarting } = subject
  const status = unstarted(subject)
  if (old === undefined) return status
  if (restarting && old.state?._tag !== "Waiting") {
    return {
      ...status,
      state: { _tag: "Waiting", reason: restartingAllContainers, message: removedInPlace },
      lastState: presumedDead(restartingAllContainers, removedInPlace),
      restartCount: old.restartCount + 1
    }
  }
  if (old.state?._tag !== "Running" || !forgetsDeath(status)) return status
  const again = pod.metadata.deletionTimestamp === undefined ? 1 : 0
  return { ...status, lastState: presumedDead(statusUnknown, lost), restartCount: status.restartCount + again }
}

/** An init container of which nothing is left has done its work when regular containers exist (K-188). */
const presumedCompleted: ContainerState = {
  _tag: "Terminated",
  exitCode: 0,
  reason: "Completed",
  message:
    "Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally",
  startedAt: null,
  finishedAt: null
}

/** Why it is not running, when its last start was refused (K-187). */
const withReason = (status: Container, subject: Subject, reasons: ReasonCache): Container => {
  const { kind, pod, runtime, spec } = subject
  if (kind === "init") {
    const known = findContainer(runtime, spec.name)
    if (known?.state === "exited" && known.exitCode === 0) return status
    const done = known === undefined && hasAnyRegularContainerCreated(pod, runtime) && status.state?._tag === "Waiting"
    if (done && !isRestartableInitContainer(spec)) return { ...status, state: presumedCompleted }
  }
  const reason = reasons.get(spec.name)
  if (reason === undefined || !shouldContainerBeRestarted(spec, pod, runtime)) return status
  return {
    ...status,
    state: { _tag: "Waiting", reason: reason.reason, message: reason.message },
    lastState: status.state?._tag === "Terminated" ? status.state : status.lastState
  }
}

const statusOf = (subject: Subject, reasons: ReasonCache): Container => {
  const [newest, ...older] = subject.runtime.containers.filter(({ name }) => name === subject.spec.name)
  const status = newest === undefined ? withoutRuntime(subject) : convertContainerStatus([newest, ...older], subject)
  return withReason(status, subject, reasons)
}

const byName = (a: Container, b: Container): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

export interface StatusContext {
  readonly reasons: ReasonCache
  /** Absent: the newest one. */
  readonly release?: KubernetesRelease
}

/**
 * `before`: the pod as it was last reported. Init containers in the order of the spec, the others sorted by name (K-180). What
 * probes say of them comes on top (`updatePodStatus.ts`).
 */
export const containerStatuses = (
  pod: Pod,
  runtime: RuntimePodStatus,
  before: Pick<Pod, "conditions" | "containers">,
  { reasons, release = latestRelease }: StatusContext
): ReadonlyArray<Container> => {
  const restarting =
    release.gates.RestartAllContainersOnContainerExits && shouldAllContainersRestart(pod, runtime, before)
  const ofKind = (kind: ContainerKind, specs: ReadonlyArray<ContainerSpec> | undefined): ReadonlyArray<Container> =>
    (specs ?? []).map((spec) => {
      const old = before.containers.find((container) => container.kind === kind && container.name === spec.name)
      return statusOf({ pod, runtime, kind, spec, old, restarting, release }, reasons)
    })
  return [
    ...ofKind("init", pod.spec.initContainers),
    ...ofKind("regular", pod.spec.containers).toSorted(byName),
    ...ofKind("ephemeral", pod.spec.ephemeralContainers).toSorted(byName)
  ]
}
