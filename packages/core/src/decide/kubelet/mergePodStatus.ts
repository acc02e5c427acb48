/** What the kubelet writes over the status that the API server has (`pkg/kubelet/status/status_manager.go`, mergePodStatus; K-225…K-228). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { Condition, Pod } from "../../state/Pod.ts"
import { isKubeletCondition } from "./conditions.ts"
import { isSharedCondition, replaceOrAppend } from "./disruptionTarget.ts"
import { isTerminalPhase } from "./podPhase.ts"

const notReady = (condition: Condition, phase: string | undefined): Condition =>
  condition.status === "True" && (condition.type === "Ready" || condition.type === "ContainersReady")
    ? { ...condition, status: "False", reason: phase === "Failed" ? "PodFailed" : "PodCompleted", message: undefined }
    : condition

/** What is the kubelet's own is its own; why it ended the pod is told once, with the phase that ends it (K-284). */
const mergedConditions = (api: Pod, next: Pod, endsAt: Instant | undefined): ReadonlyArray<Condition> => {
  let merged = api.conditions.filter(({ type }) => !isKubeletCondition(type))
  for (const condition of next.conditions) {
    if (isKubeletCondition(condition.type)) merged.push(condition)
    else if (isSharedCondition(condition.type) && endsAt !== undefined) {
      const known = api.conditions.find(({ type }) => type === condition.type)
      const kept = known?.status === condition.status ? known.lastTransitionTime : undefined
      merged = [...replaceOrAppend(merged, { ...condition, lastTransitionTime: kept ?? toTime(endsAt) })]
    }
  }
  return merged
}

/**
 * `api`: the object as it is now; `next`: the status to report; `couldRun`: a container of the pod may still be running, so that a
 * terminal phase is held back. Metadata and spec are those of `api`.
 */
export const mergePodStatus = (api: Pod, next: Pod, couldRun: boolean, now: Instant): Pod => {
  const ending = !isTerminalPhase(api.phase) && isTerminalPhase(next.phase)
  const from = ending && couldRun ? api : next
  const conditions = mergedConditions(api, next, ending && !couldRun ? now : undefined)
  return {
    ...next,
    apiVersion: api.apiVersion,
    metadata: api.metadata,
    spec: api.spec,
    others: api.others,
    present: api.present,
    rest: api.rest,
    anomalies: api.anomalies,
    nominatedNodeName: api.nominatedNodeName,
    phase: from.phase,
    reason: from.reason,
    message: from.message,
    conditions: isTerminalPhase(from.phase)
      ? conditions.map((condition) => notReady(condition, from.phase))
      : conditions
  }
}
