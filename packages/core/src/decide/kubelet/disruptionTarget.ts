/** The condition that tells why the kubelet ended a pod (`pkg/kubelet/types/pod_status.go`, PodConditionSharedByKubelet; K-284). */
import type { Condition, Pod } from "../../state/Pod.ts"

const TYPE = "DisruptionTarget"

/** Others write it too (the API's eviction, the scheduler's preemption). */
export const isSharedCondition = (type: string): boolean => type === TYPE

export const disruptionTarget = (message: string, generation: number | undefined): Condition => ({
  type: TYPE,
  status: "True",
  observedGeneration: generation,
  lastProbeTime: null,
  lastTransitionTime: null,
  reason: "TerminationByKubelet",
  message
})

/** In the place of the one that is there, or at the end (`pkg/util/pod/pod.go`, ReplaceOrAppendPodCondition). */
export const replaceOrAppend = (
  conditions: ReadonlyArray<Condition>,
  condition: Condition
): ReadonlyArray<Condition> =>
  conditions.some(({ type }) => type === condition.type)
    ? conditions.map((one) => (one.type === condition.type ? condition : one))
    : [...conditions, condition]

/** The status of a pod that a module of the kubelet ends (the PodStatusFunc of a kill). */
export const failedBy = (
  status: Pod,
  { reason, message, condition }: { readonly reason: string; readonly message: string; readonly condition?: string }
): Pod => ({
  ...status,
  phase: "Failed",
  reason,
  message,
  conditions:
    condition === undefined
      ? status.conditions
      : replaceOrAppend(status.conditions, disruptionTarget(condition, status.metadata.generation))
})

/** It was said once and is kept: it follows from no container (generateAPIPodStatus). */
export const keptDisruption = (conditions: ReadonlyArray<Condition>, before: Pod): ReadonlyArray<Condition> => {
  const kept = before.conditions.find(({ type }) => type === TYPE)
  return kept === undefined ? conditions : replaceOrAppend(conditions, kept)
}
