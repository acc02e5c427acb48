/** How far the containers that come before others are, in the sandbox that a pod has now. */
import type { ContainerSpec, ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import { roleOf } from "../slice/container.ts"
import type { PodSeen } from "../slice/pod.ts"

export const statusIn = (
  statuses: ReadonlyArray<ContainerStatus> | undefined,
  name: string
): ContainerStatus | undefined => statuses?.find((status) => status.name === name)

const hasBegun = (status: ContainerStatus): boolean =>
  status.state?.running !== undefined || status.state?.terminated !== undefined

/** Of an instance that begins or ended in the sandbox that the pod has now: those of the one before are reported for a while. */
const isOfNow = (status: ContainerStatus, then: ReadonlyArray<ContainerStatus> | undefined): boolean =>
  then === undefined || statusIn(then, status.name)?.containerID !== status.containerID

/** Does an instance of this sandbox run, or has it ended? */
export const hasBegunInSandbox = (
  { podUid, world }: PodSeen,
  kind: "initContainerStatuses" | "containerStatuses",
  status: ContainerStatus | undefined
): boolean =>
  status !== undefined && hasBegun(status) && isOfNow(status, world.sandboxes.beganWith(podUid)?.status[kind])

const startOf = ({ state }: ContainerStatus): string =>
  String(state?.running?.startedAt ?? state?.terminated?.startedAt ?? "")

/** A sidecar that has ended since then was there when the next one started. */
const isDone = (spec: ContainerSpec, { started, state }: ContainerStatus, then: string): boolean => {
  if (roleOf(spec) === "init") return state?.terminated?.exitCode === 0
  return started === true || (state?.terminated !== undefined && String(state.terminated.finishedAt) >= then)
}

/** The first of the init containers before that place which is not done in this sandbox: not succeeded, or a sidecar not started. */
export const notDoneBefore = (seen: PodSeen, place: number, next: ContainerStatus | undefined): string | undefined => {
  const { spec, status }: PodObject = seen.pod
  const then = next === undefined ? "" : startOf(next)
  const open = spec.initContainers?.find((container, i) => {
    if (i >= place) return false
    const one = statusIn(status.initContainerStatuses, container.name)
    return one === undefined || !hasBegunInSandbox(seen, "initContainerStatuses", one) || !isDone(container, one, then)
  })
  return open?.name
}
