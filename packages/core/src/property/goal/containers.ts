/** What becomes of a container: it waits for a reason, runs, has ended by a cause; of each role. */
import type { ContainerStatus } from "../../event/KubernetesObject.ts"
import { type ContainerRole, type ContainerSeen, container } from "../slice/container.ts"
import { type Edge, goalsOf } from "./Edge.ts"

/** pkg/kubelet/container/sync_result.go, pkg/kubelet/images/types.go, pkg/kubelet/kuberuntime/kuberuntime_container.go */
const reasons: ReadonlyArray<string> = [
  "PodInitializing",
  "ContainerCreating",
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PostStartHookError",
  "CrashLoopBackOff"
]

/** pkg/kubelet/kubelet_pods.go, and what containerd says */
const causes: ReadonlyArray<string> = ["Completed", "Error", "OOMKilled", "ContainerStatusUnknown"]

/** Of one that never ran, besides: it could not be started. */
const NOT_STARTED = "StartError"

/** Only what has no init containers is being created: the others are said to wait for these (kubelet_pods.go, defaultWaitingState). */
const isSaidOf = (role: ContainerRole, reason: string): boolean => role === "app" || reason !== "ContainerCreating"

const roles: ReadonlyArray<readonly [ContainerRole, string]> = [
  ["app", "An app container"],
  ["init", "An init container"],
  ["sidecar", "A sidecar"]
]

const waits = (status: ContainerStatus | undefined): unknown => status?.state?.waiting?.reason
const ended = (status: ContainerStatus | undefined): unknown => status?.state?.terminated?.reason
const runs = (status: ContainerStatus | undefined): boolean => status?.state?.running !== undefined

const edge = (
  role: ContainerRole,
  [id, says]: readonly [string, string],
  taken: (is: ContainerStatus, was: ContainerStatus | undefined) => boolean
): Edge<ContainerSeen> => ({
  id: `${role}/${id}`,
  says,
  taken: ({ before, role: its, status }) =>
    its === role && status !== undefined && before?.status !== status && taken(status, before?.status)
})

const waiting = (role: ContainerRole, who: string): ReadonlyArray<Edge<ContainerSeen>> =>
  reasons
    .filter((reason) => isSaidOf(role, reason))
    .flatMap((reason) => [
      edge(
        role,
        [`to-${reason}`, `${who} comes to wait: ${reason}`],
        (is, was) => waits(is) === reason && waits(was) !== reason
      ),
      edge(
        role,
        [`${reason}-to-running`, `${who} that waited (${reason}) runs`],
        (is, was) => waits(was) === reason && runs(is)
      )
    ])

const ending = (role: ContainerRole, who: string): ReadonlyArray<Edge<ContainerSeen>> => [
  ...causes.map((cause) =>
    edge(
      role,
      [`running-to-${cause}`, `${who} that ran has ended: ${cause}`],
      (is, was) => runs(was) && ended(is) === cause
    )
  ),
  ...[...causes, NOT_STARTED].map((cause) =>
    edge(
      role,
      [`waiting-to-${cause}`, `${who} that waited has ended: ${cause}`],
      (is, was) => waits(was) !== undefined && ended(is) === cause
    )
  )
]

const beginningAnew = (role: ContainerRole, who: string): ReadonlyArray<Edge<ContainerSeen>> => [
  edge(
    role,
    ["ended-to-running", `${who} that had ended runs again`],
    (is, was) => was?.state?.terminated !== undefined && runs(is)
  ),
  edge(
    role,
    ["ended-to-CrashLoopBackOff", `${who} that had ended waits for its next start`],
    (is, was) => was?.state?.terminated !== undefined && waits(is) === "CrashLoopBackOff"
  ),
  edge(
    role,
    ["running-to-CrashLoopBackOff", `${who} that ran waits for its next start`],
    (is, was) => runs(was) && waits(is) === "CrashLoopBackOff"
  ),
  edge(
    role,
    ["running-to-another", `${who} that ran runs as another instance`],
    (is, was) => runs(was) && runs(is) && was?.containerID !== is.containerID
  ),
  edge(role, ["to-ready", `${who} becomes ready`], (is, was) => was?.ready === false && is.ready),
  edge(
    role,
    ["to-unready", `${who} that runs is ready no more`],
    (is, was) => was?.ready === true && !is.ready && runs(is)
  )
]

export const containerGoals = goalsOf({
  name: "container",
  source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states",
  each: container,
  edges: roles.flatMap(([role, who]) => [...waiting(role, who), ...ending(role, who), ...beginningAnew(role, who)])
})
