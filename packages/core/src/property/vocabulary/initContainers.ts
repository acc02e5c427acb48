/** How far the containers that come before others are, in the sandbox that a pod has now. */
import type { ContainerSpec, ContainerStatus } from "../../event/KubernetesObject.ts"
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

/**
 * A sidecar is done when it has started; the next one may come long after, when its image has been pulled, and whatever has become
 * of the sidecar meanwhile. So only of its first instance it is seen that it has not.
 */
const isDone = (spec: ContainerSpec, { restartCount, started, state }: ContainerStatus): boolean => {
  if (roleOf(spec) === "init") return state?.terminated?.exitCode === 0
  return started === true || restartCount > 0 || state?.running === undefined
}

/** The first of the init containers before that place which is not done in this sandbox: not succeeded, or a sidecar not started. */
export const notDoneBefore = ({ pod: { spec, status }, podUid, world }: PodSeen, place: number): string | undefined => {
  const then = world.sandboxes.beganWith(podUid)?.status.initContainerStatuses
  const open = spec.initContainers?.find((container, i) => {
    if (i >= place) return false
    const one = statusIn(status.initContainerStatuses, container.name)
    return one?.containerID === undefined || !isOfNow(one, then) || !isDone(container, one)
  })
  return open?.name
}
