/** Which pods end together before a machine goes down, and in how much time (`pkg/kubelet/nodeshutdown/nodeshutdown_manager.go`, groupByPriority, killPods; K-296). */
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { priorityOf } from "../criticalPod.ts"
import type { ShutdownGracePeriodByPodPriority } from "./shutdownGracePeriods.ts"

export interface PodShutdownGroup extends ShutdownGracePeriodByPodPriority {
  readonly pods: ReadonlyArray<PodObject>
}

/** The last group whose priority is not above the pod's; the first one for those below all. */
const indexOf = (periods: ReadonlyArray<ShutdownGracePeriodByPodPriority>, pod: PodObject): number => {
  const own = priorityOf(pod) ?? 0
  const found = periods.findIndex(({ priority }) => priority >= own)
  if (found === -1) return periods.length - 1
  return found > 0 && (periods[found]?.priority ?? 0) > own ? found - 1 : found
}

/** A group for each of the periods, which rise in priority; some may have no pods. */
export const groupByPriority = (
  periods: ReadonlyArray<ShutdownGracePeriodByPodPriority>,
  pods: ReadonlyArray<PodObject>
): ReadonlyArray<PodShutdownGroup> =>
  periods.map((period, index) => ({ ...period, pods: pods.filter((pod) => indexOf(periods, pod) === index) }))

/** Seconds: a pod's own, but no more than its group's. */
export const shutdownGracePeriod = ({ shutdownGracePeriodSeconds }: PodShutdownGroup, { spec }: PodObject): number =>
  Math.min(spec.terminationGracePeriodSeconds ?? shutdownGracePeriodSeconds, shutdownGracePeriodSeconds)
