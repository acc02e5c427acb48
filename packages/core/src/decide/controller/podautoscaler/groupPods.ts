/** Which of a target's pods count, and for what (`pkg/controller/podautoscaler/replica_calculator.go`, groupPods). */
import { type Instant, later, parseInstant, SECOND } from "../../../event/Instant.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import type { PodMetric } from "./PodMetrics.ts"

/** --horizontal-pod-autoscaler-cpu-initialization-period and --horizontal-pod-autoscaler-initial-readiness-delay. */
const CPU_INITIALIZATION_PERIOD = 300 * SECOND
const INITIAL_READINESS_DELAY = 30 * SECOND

/** By name: pods of one namespace have different ones. */
export interface PodGroups {
  readonly ready: number
  readonly unready: ReadonlySet<string>
  readonly missing: ReadonlySet<string>
  /** They end, or have failed. */
  readonly ignored: ReadonlySet<string>
}

/** The CPU that a pod uses while it starts says nothing about its load. */
const isStarting = ({ status }: PodObject, metric: PodMetric, now: Instant): boolean => {
  const condition = status.conditions?.find(({ type }) => type === "Ready")
  const started = parseInstant(status.startTime ?? "")
  const since = parseInstant(condition?.lastTransitionTime ?? "")
  if (condition === undefined || started === undefined || since === undefined) return true
  if (later(started, CPU_INITIALIZATION_PERIOD) > now)
    return condition.status === "False" || metric.timestamp < later(since, metric.window)
  return condition.status === "False" && later(started, INITIAL_READINESS_DELAY) > since
}

export const groupPods = (
  pods: ReadonlyArray<PodObject>,
  metrics: ReadonlyMap<string, PodMetric>,
  resource: string,
  now: Instant
): PodGroups => {
  let ready = 0
  const [unready, missing, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const pod of pods) {
    const { name } = pod.metadata
    const metric = metrics.get(name)
    if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase === "Failed") ignored.add(name)
    else if (pod.status.phase === "Pending") unready.add(name)
    else if (metric === undefined) missing.add(name)
    else if (resource === "cpu" && isStarting(pod, metric, now)) unready.add(name)
    else ready++
  }
  return { ready, unready, missing, ignored }
}
