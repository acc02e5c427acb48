/** How long what makes a pod run takes, from one visible moment to the next. */

import { parseDuration } from "../../event/duration.ts"
import type { Micros } from "../../event/Instant.ts"
import { SECOND } from "../../event/Instant.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import type { ObservedPod, Occurrence, Version } from "./ObservedPod.ts"

export const conditionOf = (pod: PodObject, type: string): string | undefined =>
  pod.status.conditions?.find((condition) => condition.type === type)?.status

const hasStatuses = (pod: PodObject): boolean => (pod.status.containerStatuses?.length ?? 0) > 0

const isScheduled = ({ pod }: Version): boolean => conditionOf(pod, "PodScheduled") === "True"

const isReported = ({ pod }: Version): boolean =>
  hasStatuses(pod) && conditionOf(pod, "PodReadyToStartContainers") !== undefined

/** Created, and bound at once: a pod that had to wait for room says nothing about the scheduler's speed. */
export const scheduling = ({ fresh, versions }: ObservedPod): ReadonlyArray<Micros> => {
  const [created] = versions
  const bound = versions.findIndex(isScheduled)
  if (!fresh || created === undefined || bound < 1 || versions.length <= bound) return []
  const waited = versions.slice(0, bound).some(({ pod }) => conditionOf(pod, "PodScheduled") === "False")
  return waited ? [] : [(versions[bound]?.at ?? created.at) - created.at]
}

/** Bound until the kubelet's first status; one that comes with later news is none. */
export const firstStatus = ({ versions }: ObservedPod): ReadonlyArray<Micros> => {
  const bound = versions.findIndex(isScheduled)
  const first = versions[bound + 1]
  const from = versions[bound]
  if (bound < 1 || from === undefined || first === undefined || isReported(from) || !isReported(first)) return []
  const alone = first.pod.status.phase === "Pending" && conditionOf(first.pod, "PodReadyToStartContainers") === "False"
  return alone && first.pod.metadata.deletionTimestamp === undefined ? [first.at - from.at] : []
}

/** Volumes that every node has at hand: what is to be fetched first says nothing about the node. */
const isPlain = (pod: PodObject): boolean =>
  (pod.spec.volumes ?? []).every((volume) => {
    const { name } = volume
    return volume["emptyDir"] !== undefined || (typeof name === "string" && name.startsWith("kube-api-access-"))
  })

/** The first status until the sandbox stands: volumes and sandbox. Only where nothing else was new in that version. */
export const sandbox = ({ versions }: ObservedPod): ReadonlyArray<Micros> => {
  const first = versions.findIndex(isReported)
  const [from, to] = [versions[first], versions[first + 1]]
  if (from === undefined || to === undefined || !isPlain(from.pod)) return []
  const became =
    conditionOf(from.pod, "PodReadyToStartContainers") === "False" &&
    conditionOf(to.pod, "PodReadyToStartContainers") === "True"
  const alone = (to.pod.status.containerStatuses ?? []).every(({ state }) => state?.waiting !== undefined)
  return became && alone && to.pod.metadata.deletionTimestamp === undefined ? [to.at - from.at] : []
}

/** From each occurrence of one reason to the next of another, of one container, with nothing of that container between. */
export const between = (
  { events }: ObservedPod,
  from: string,
  to: string,
  isTaken: (from: Occurrence, to: Occurrence) => boolean = () => true
): ReadonlyArray<Micros> => {
  const last = new Map<string, Occurrence>()
  const values: Array<Micros> = []
  for (const event of events) {
    const before = last.get(event.fieldPath)
    last.set(event.fieldPath, event)
    if (before === undefined || before.reason !== from || event.reason !== to) continue
    if (before.exact && event.exact && isTaken(before, event)) values.push(event.at - before.at)
  }
  return values
}

export const containerCreate = (pod: ObservedPod): ReadonlyArray<Micros> => between(pod, "Pulled", "Created")
export const containerStart = (pod: ObservedPod): ReadonlyArray<Micros> => between(pod, "Created", "Started")

/** Both are said at the same moment and written one after the other. */
export const eventWrite = (pod: ObservedPod): ReadonlyArray<Micros> => [
  ...between(
    pod,
    "Failed",
    "Failed",
    (a, b) => a.message.startsWith("Failed to pull image") && b.message === "Error: ErrImagePull"
  ),
  ...between(pod, "BackOff", "Failed", (_, b) => b.message === "Error: ImagePullBackOff")
]

/** A registry that says no. */
export const imageRefused = (pod: ObservedPod): ReadonlyArray<Micros> => between(pod, "Pulling", "Failed")

const pulledIn = /^Successfully pulled image .* in (\S+) \(\S+ including waiting\)/

/** What the kubelet itself says of each pull, to the millisecond. */
export const pull = ({ events }: ObservedPod): ReadonlyArray<Micros> =>
  events.flatMap(({ message, reason }) => {
    const took = reason === "Pulled" ? parseDuration(pulledIn.exec(message)?.[1] ?? "") : undefined
    return took === undefined ? [] : [took]
  })

const isSimple = ({ spec }: PodObject): boolean => {
  const [container, ...others] = spec.containers
  return others.length === 0 && spec.initContainers === undefined && container?.["lifecycle"] === undefined
}

/** The Started Event until the status says so: the relist on demand and the patch. One container, no hook to wait for. */
export const runningStatus = ({ events, versions }: ObservedPod): ReadonlyArray<Micros> => {
  const [first] = versions
  if (first === undefined || !isSimple(first.pod)) return []
  const starts = events.filter(({ exact, reason }) => reason === "Started" && exact)
  return starts.flatMap(({ at }, i) => {
    const shown = versions.find(({ pod }) => {
      const status = pod.status.containerStatuses?.[0]
      return status?.restartCount === i && status.state?.running !== undefined
    })
    // A restart that nobody saw, or one that was overtaken by the next, would shift the numbers.
    return shown === undefined || Math.abs(shown.at - at) > 5 * SECOND ? [] : [shown.at - at]
  })
}

/** The binding until the scheduler's Event about it. */
export const scheduledEvent = ({ events, versions }: ObservedPod): ReadonlyArray<Micros> => {
  const bound = versions.find(isScheduled)
  const said = events.find(({ exact, reason }) => reason === "Scheduled" && exact)
  return bound === undefined || said === undefined || bound === versions[0] ? [] : [said.at - bound.at]
}
