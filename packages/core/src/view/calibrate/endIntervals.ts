/** How long what ends a container or a pod takes, from one visible moment to the next. */
import { type Instant, type Micros, parseInstant, SECOND } from "../../event/Instant.ts"
import type { ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import type { ObservedPod, Version } from "./ObservedPod.ts"
import { between, conditionOf } from "./startIntervals.ts"

const statuses = (pod: PodObject): ReadonlyArray<ContainerStatus> => pod.status.containerStatuses ?? []
const isTerminal = (pod: PodObject): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed"
const isDeleted = (pod: PodObject): boolean => pod.metadata.deletionTimestamp !== undefined
const allTerminated = (pod: PodObject): boolean =>
  statuses(pod).length > 0 && statuses(pod).every(({ state }) => state?.terminated !== undefined)

/** The version with which a change appears, and the one before it. */
const firstWith = (versions: ReadonlyArray<Version>, holds: (pod: PodObject) => boolean): Version | undefined =>
  versions.find(({ deleted, pod }) => !deleted && holds(pod))

const runsSimply = ({ spec, status }: PodObject): boolean =>
  spec.containers.length === 1 && spec.initContainers === undefined && status.phase === "Running"

/** What a deletion finds: one that runs, with no kill or restart going on. */
const deletionOf = ({ events, versions }: ObservedPod): Version | undefined => {
  const index = versions.findIndex(({ deleted, pod }) => !deleted && isDeleted(pod))
  const [before, deletion] = [versions[index - 1], versions[index]]
  if (before === undefined || deletion === undefined || !runsSimply(before.pod)) return undefined
  const busy = events.some(
    ({ at, reason }) => reason === "Killing" && at < deletion.at && at > deletion.at - 35 * SECOND
  )
  return busy ? undefined : deletion
}

/** The deletion's version until the first Killing Event. */
export const deleteToKilling = (pod: ObservedPod): ReadonlyArray<Micros> => {
  const deletion = deletionOf(pod)
  if (deletion === undefined) return []
  const killing = pod.events.find(({ at, reason }) => reason === "Killing" && at > deletion.at - SECOND)
  return killing === undefined ? [] : [killing.at - deletion.at]
}

/** The deletion's version until the status of that generation. */
export const deleteToStatus = (pod: ObservedPod): ReadonlyArray<Micros> => {
  const deletion = deletionOf(pod)
  if (deletion === undefined || deletion.pod.status.observedGeneration === deletion.pod.metadata.generation) return []
  const shown = firstWith(
    pod.versions,
    ({ metadata, status }) => isDeleted({ metadata } as PodObject) && status.observedGeneration === metadata.generation
  )
  return shown === undefined ? [] : [shown.at - deletion.at]
}

const finishedAt = (pod: PodObject): Instant | undefined => {
  const times = statuses(pod).flatMap(({ state }) => {
    const stamp = state?.terminated?.["finishedAt"]
    const at = typeof stamp === "string" ? parseInstant(stamp) : undefined
    return at === undefined ? [] : [at]
  })
  return times.length === 0 ? undefined : (Math.max(...times) as Instant)
}

/** A container's end until a status shows it; its stamp is cut to a second, so that each is half a second too long on average. */
export const exitToStatus = ({ events, versions }: ObservedPod): ReadonlyArray<Micros> => {
  const [first] = versions
  if (first === undefined || first.pod.spec.containers.length !== 1) return []
  const seen = new Set<string>()
  return versions.flatMap(({ at, pod }) => {
    const id = statuses(pod)[0]?.state?.terminated?.["containerID"]
    const ended = finishedAt(pod)
    if (typeof id !== "string" || seen.has(id) || ended === undefined) return []
    seen.add(id)
    const killed = events.some((event) => event.reason === "Killing" && event.at > at - 35 * SECOND && event.at <= at)
    return killed || isDeleted(pod) ? [] : [at - ended]
  })
}

/** All containers seen to have exited by themselves until the phase says so: a relist period, and the sandbox stopped between. */
export const exitToPhase = ({ events, versions }: ObservedPod): ReadonlyArray<Micros> => {
  const ended = firstWith(versions, (pod) => !isTerminal(pod) && allTerminated(pod))
  const reason = ended?.pod.status.conditions?.find(({ type }) => type === "Ready")?.reason
  if (ended === undefined || isDeleted(ended.pod) || (reason !== "PodCompleted" && reason !== "PodFailed")) return []
  const terminal = firstWith(versions, isTerminal)
  const natural = events.every((event) => event.reason !== "Killing")
  return terminal === undefined || !natural || isDeleted(terminal.pod) ? [] : [terminal.at - ended.at]
}

/** SIGKILL at the end of the grace period until the phase says so: the process reaped, the sandbox stopped. */
export const killToPhase = (pod: ObservedPod): ReadonlyArray<Micros> => {
  const deletion = deletionOf(pod)
  const grace = deletion?.pod.metadata.deletionGracePeriodSeconds
  const killing = pod.events.find(({ at, reason }) => reason === "Killing" && at > (deletion?.at ?? 0) - SECOND)
  const terminal = firstWith(pod.versions, (one) => isTerminal(one) && isDeleted(one))
  if (killing === undefined || terminal === undefined || grace === undefined || deletion === undefined) return []
  const hooked = deletion.pod.spec.containers.some((container) => container["lifecycle"] !== undefined)
  const shortened = terminal.pod.metadata.deletionGracePeriodSeconds !== grace
  const code = statuses(terminal.pod)[0]?.state?.terminated?.["exitCode"]
  const value = terminal.at - killing.at - grace * SECOND
  return hooked || shortened || code !== 137 || value < 0 ? [] : [value]
}

/** The terminal phase of a deleted pod until the kubelet lets it go: the next relist, volumes unmounted, what is left removed. */
export const phaseToGone = ({ versions }: ObservedPod): ReadonlyArray<Micros> => {
  const terminal = firstWith(versions, isTerminal)
  const gone = versions.find(({ deleted }) => deleted)
  if (terminal === undefined || gone === undefined || (terminal.pod.metadata.finalizers?.length ?? 0) > 0) return []
  const ready = conditionOf(terminal.pod, "PodReadyToStartContainers") === "False"
  return isDeleted(terminal.pod) && ready ? [gone.at - terminal.at] : []
}

/** A hook that fails says so when its command has ended: what the runtime needs for an exec, and the command itself. */
export const failingHook = (pod: ObservedPod): ReadonlyArray<Micros> => [
  ...between(pod, "Started", "FailedPostStartHook"),
  ...between(pod, "Killing", "FailedPreStopHook")
]
