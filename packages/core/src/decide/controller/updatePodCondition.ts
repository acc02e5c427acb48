/** One condition of a pod, written by somebody beside the kubelet (`pkg/api/v1/pod/util.go`, UpdatePodCondition). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { PodCondition, PodObject } from "../../event/KubernetesObject.ts"

type NewCondition = Pick<PodCondition, "type" | "status"> & {
  readonly reason?: string
  readonly message?: string
  readonly observedGeneration?: number | undefined
}

/** The condition as it is now; `undefined`: it says the same as before. One whose status stays keeps its time. */
export const updatedPodCondition = (
  { status }: PodObject,
  { observedGeneration, ...told }: NewCondition,
  now: Instant
): PodCondition | undefined => {
  const before = status.conditions?.find(({ type }) => type === told.type)
  const same = before?.status === told.status
  if (same && (before.reason ?? "") === (told.reason ?? "") && (before.message ?? "") === (told.message ?? ""))
    return undefined
  return {
    ...told,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastProbeTime: null,
    lastTransitionTime: (same ? before.lastTransitionTime : undefined) ?? toTime(now)
  }
}

/** The pod's conditions with this one in the place of the one of its type, or at the end. */
export const withPodCondition = ({ status }: PodObject, condition: PodCondition): ReadonlyArray<PodCondition> => {
  const conditions = status.conditions ?? []
  return conditions.some(({ type }) => type === condition.type)
    ? conditions.map((one) => (one.type === condition.type ? condition : one))
    : [...conditions, condition]
}
