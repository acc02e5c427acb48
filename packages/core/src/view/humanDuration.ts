/** A span of time as kubectl prints it (`HumanDuration`, k8s.io/apimachinery/pkg/util/duration/duration.go). */
import { type Micros, SECOND } from "../event/Instant.ts"

/** Two or three significant figures: `45s`, `3m5s`, `26h`, `2d4h`, `3y12d`; `<invalid>` from two seconds below zero on. */
export const humanDuration = (span: Micros): string => {
  const seconds = Math.trunc(span / SECOND)
  if (seconds < -1) return "<invalid>"
  if (seconds < 0) return "0s"
  if (seconds < 60 * 2) return `${seconds}s`
  const minutes = Math.trunc(seconds / 60)
  if (minutes < 10) return both(minutes, "m", seconds % 60, "s")
  if (minutes < 60 * 3) return `${minutes}m`
  const hours = Math.trunc(minutes / 60)
  if (hours < 8) return both(hours, "h", minutes % 60, "m")
  if (hours < 48) return `${hours}h`
  const days = Math.trunc(hours / 24)
  if (days < 8) return both(days, "d", hours % 24, "h")
  if (days < 365 * 2) return `${days}d`
  const years = Math.trunc(days / 365)
  return days < 365 * 8 ? both(years, "y", days % 365, "d") : `${years}y`
}

const both = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`
