/** How far a resize has come, as the status says it (`pkg/kubelet/status/status_manager.go`, SetPodResizePendingCondition and its like; K-361, K-362). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { Condition } from "../../../state/Pod.ts"

export interface ResizeConditions {
  readonly pending: Condition | undefined
  readonly inProgress: Condition | undefined
}

export const noResize: ResizeConditions = { pending: undefined, inProgress: undefined }

/** In the order of the status. */
export const listResize = ({ inProgress, pending }: ResizeConditions): ReadonlyArray<Condition> =>
  [pending, inProgress].filter((condition) => condition !== undefined)

export interface ResizeVerdict {
  readonly reason?: string | undefined
  readonly message?: string | undefined
  readonly generation: number | undefined
}

/** The time of its last transition is that of its reason; the time of its last probe is always now. */
const updated = (
  type: string,
  old: Condition | undefined,
  { generation, message, reason }: ResizeVerdict,
  now: Instant
): Condition => ({
  type,
  status: "True",
  observedGeneration: generation,
  lastProbeTime: toTime(now),
  lastTransitionTime: (old?.reason === reason ? old?.lastTransitionTime : undefined) ?? toTime(now),
  reason,
  message
})

/** Only what policy forbids is infeasible, everything else may work later. `told`: it is worth an Event. */
export const setPending = (
  known: ResizeConditions,
  verdict: ResizeVerdict,
  now: Instant
): { readonly conditions: ResizeConditions; readonly told: boolean } => {
  const reason = verdict.reason === "Infeasible" ? "Infeasible" : "Deferred"
  const { pending } = known
  return {
    conditions: { ...known, pending: updated("PodResizePending", pending, { ...verdict, reason }, now) },
    told: pending?.reason !== reason || pending?.observedGeneration !== verdict.generation
  }
}

/** The generation stays that of the resize that began; a reason stays until another one is given. */
export const setInProgress = (
  known: ResizeConditions,
  verdict: ResizeVerdict,
  now: Instant
): { readonly conditions: ResizeConditions; readonly changed: boolean } => {
  const old = known.inProgress
  const kept = verdict.reason === undefined && old !== undefined ? { reason: old.reason, message: old.message } : {}
  const generation = old?.observedGeneration ?? verdict.generation
  const inProgress = updated("PodResizeInProgress", old, { ...verdict, ...kept, generation }, now)
  const changed = old === undefined || old.reason !== inProgress.reason || old.message !== inProgress.message
  return { conditions: { ...known, inProgress }, changed }
}
