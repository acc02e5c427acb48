/**
 * How long a kubelet holds up the shutdown of its machine, and for whom (`pkg/kubelet/nodeshutdown/nodeshutdown_manager.go`,
 * newPodManager, migrateConfig; `pkg/kubelet/apis/config/validation/validation.go`; K-295).
 */
import { formatDuration, parseDuration } from "../../../event/duration.ts"
import { type Micros, SECOND } from "../../../event/Instant.ts"
import { SYSTEM_CRITICAL_PRIORITY } from "../criticalPod.ts"

/** Pods of that priority, and of those above it up to the next one. */
export interface ShutdownGracePeriodByPodPriority {
  readonly priority: number
  readonly shutdownGracePeriodSeconds: number
}

/** The fields of KubeletConfiguration that concern shutdowns. */
export interface ShutdownSettings {
  readonly shutdownGracePeriod?: string
  readonly shutdownGracePeriodCriticalPods?: string
  readonly shutdownGracePeriodByPodPriority?: ReadonlyArray<ShutdownGracePeriodByPodPriority>
}

const durationOf = (text: string | undefined): Micros => parseDuration(text ?? "0s") ?? 0

/** The periods of a kubelet that is told nothing of priorities: of the whole, the last part is for critical pods. */
const migrateConfig = (requested: Micros, critical: Micros): ReadonlyArray<ShutdownGracePeriodByPodPriority> => {
  if (requested === 0 || requested < critical) return []
  const seconds = (period: Micros): number => Math.trunc(period / SECOND)
  return [
    { priority: 0, shutdownGracePeriodSeconds: seconds(requested - critical) },
    { priority: SYSTEM_CRITICAL_PRIORITY, shutdownGracePeriodSeconds: seconds(critical) }
  ]
}

/** The lowest priority first. Empty: the kubelet takes no notice of a shutdown. */
export const shutdownGracePeriods = (settings: ShutdownSettings): ReadonlyArray<ShutdownGracePeriodByPodPriority> => {
  const { shutdownGracePeriod, shutdownGracePeriodByPodPriority: said = [], shutdownGracePeriodCriticalPods } = settings
  const periods =
    said.length > 0 ? said : migrateConfig(durationOf(shutdownGracePeriod), durationOf(shutdownGracePeriodCriticalPods))
  return [...periods].sort((a, b) => a.priority - b.priority)
}

const tooShort = (field: string, period: Micros): ReadonlyArray<string> =>
  period !== 0 && period < SECOND
    ? [`invalid configuration: ${field} ${formatDuration(period)} must be either zero or otherwise >= 1 sec`]
    : []

/** Why a kubelet would not start with these settings, in its own words. */
export const shutdownProblems = (settings: ShutdownSettings): ReadonlyArray<string> => {
  const whole = durationOf(settings.shutdownGracePeriod)
  const critical = durationOf(settings.shutdownGracePeriodCriticalPods)
  const both = (settings.shutdownGracePeriodByPodPriority ?? []).length > 0 && (whole > 0 || critical > 0)
  return [
    ...(critical > whole
      ? [
          `invalid configuration: shutdownGracePeriodCriticalPods ${formatDuration(critical)} must be <= shutdownGracePeriod ${formatDuration(whole)}`
        ]
      : []),
    ...tooShort("shutdownGracePeriod", whole),
    ...tooShort("shutdownGracePeriodCriticalPods", critical),
    ...(both
      ? [
          "invalid configuration: Cannot specify both shutdownGracePeriodByPodPriority and shutdownGracePeriod at the same time"
        ]
      : [])
  ]
}
