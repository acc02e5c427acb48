/**
 * How fast a target may grow and shrink (`pkg/controller/podautoscaler/horizontal.go`, normalizeDesiredReplicas and
 * normalizeDesiredReplicasWithBehaviors): what was recommended lately, and what was changed lately.
 */
import { type Instant, later, SECOND } from "../../../event/Instant.ts"
import type { HPABehavior, HPAScalingRules } from "./HorizontalPodAutoscaler.ts"

/** --horizontal-pod-autoscaler-downscale-stabilization. */
const DOWNSCALE_STABILIZATION_SECONDS = 300

const SCALE_UP_LIMIT_FACTOR = 2
const SCALE_UP_LIMIT_MINIMUM = 4

/** A recommendation before it was stabilized. */
export interface Recommendation {
  readonly replicas: number
  readonly at: Instant
}

/** So many more or fewer, without a sign. */
export interface ScaleEvent {
  readonly change: number
  readonly at: Instant
}

/** What the controller remembers of one autoscaler. */
export interface ScalingHistory {
  readonly recommendations: ReadonlyArray<Recommendation>
  readonly ups: ReadonlyArray<ScaleEvent>
  readonly downs: ReadonlyArray<ScaleEvent>
}

export const noScalingHistory: ScalingHistory = { recommendations: [], ups: [], downs: [] }

/** What was computed from the metrics. */
export interface Desire {
  readonly current: number
  readonly desired: number
  readonly min: number
  readonly max: number
  readonly behavior: HPABehavior | undefined
  readonly now: Instant
}

/** What a condition says. */
interface Said {
  readonly reason: string
  readonly message: string
}

export interface Normalized {
  readonly desired: number
  readonly ableToScale: Said
  readonly limited: Said & { readonly is: boolean }
  readonly history: ScalingHistory
}

const ready: Said = { reason: "ReadyForNewScale", message: "recommended size matches current size" }
const upStabilized: Said = {
  reason: "ScaleUpStabilized",
  message: "recent recommendations were lower than current one, applying the lowest recent recommendation"
}
const downStabilized: Said = {
  reason: "ScaleDownStabilized",
  message: "recent recommendations were higher than current one, applying the highest recent recommendation"
}

const within: Said = { reason: "DesiredWithinRange", message: "the desired count is within the acceptable range" }
const tooMany: Said = {
  reason: "TooManyReplicas",
  message: "the desired replica count is more than the maximum replica count"
}
const tooFew: Said = {
  reason: "TooFewReplicas",
  message: "the desired replica count is less than the minimum replica count"
}
const tooFastUp: Said = {
  reason: "ScaleUpLimit",
  message: "the desired replica count is increasing faster than the maximum scale rate"
}
const tooFastDown: Said = {
  reason: "ScaleDownLimit",
  message: "the desired replica count is decreasing faster than the maximum scale rate"
}

const before = (now: Instant, seconds: number): Instant => later(now, -seconds * SECOND)

/** Put in the place of the last one that is out of date; else at the end. */
const remembered = <Item>(
  list: ReadonlyArray<Item>,
  item: Item,
  isOld: (item: Item) => boolean
): ReadonlyArray<Item> => {
  const index = list.findLastIndex(isOld)
  return index === -1 ? [...list, item] : list.with(index, item)
}

/** stabilizeRecommendation: it goes down only to the highest of the last five minutes. */
const stabilized = ({ desired, now }: Desire, known: ReadonlyArray<Recommendation>) => {
  const cutoff = before(now, DOWNSCALE_STABILIZATION_SECONDS)
  const recent = known.filter(({ at }) => at >= cutoff).map(({ replicas }) => replicas)
  return {
    replicas: Math.max(desired, ...recent),
    recommendations: remembered(known, { replicas: desired, at: now }, ({ at }) => at < cutoff)
  }
}

/** convertDesiredReplicasWithRules. */
const limited = ({ current, max, min }: Desire, desired: number): readonly [number, Said] => {
  const fastest = Math.trunc(Math.max(SCALE_UP_LIMIT_FACTOR * current, SCALE_UP_LIMIT_MINIMUM))
  const [most, why] = max > fastest ? [fastest, tooFastUp] : [max, tooMany]
  if (desired < min) return [min, tooFew]
  return desired > most ? [most, why] : [desired, within]
}

const windowOf = ({ stabilizationWindowSeconds }: HPAScalingRules): number =>
  stabilizationWindowSeconds ?? DOWNSCALE_STABILIZATION_SECONDS

/** stabilizeRecommendationWithBehaviors: between the lowest of one window and the highest of the other. */
const stabilizedBy = (
  behavior: HPABehavior,
  { current, desired, now }: Desire,
  known: ReadonlyArray<Recommendation>
) => {
  const upCutoff = before(now, windowOf(behavior.scaleUp))
  const downCutoff = before(now, windowOf(behavior.scaleDown))
  const since = (cutoff: Instant) => known.filter(({ at }) => at > cutoff).map(({ replicas }) => replicas)
  const up = Math.min(desired, ...since(upCutoff))
  const down = Math.max(desired, ...since(downCutoff))
  const isOld = ({ at }: Recommendation) => at < upCutoff && at < downCutoff
  return {
    replicas: Math.min(Math.max(current, up), down),
    recommendations: remembered(known, { replicas: desired, at: now }, isOld)
  }
}

/** getReplicasChangePerPeriod. */
const changed = (events: ReadonlyArray<ScaleEvent>, seconds: number, now: Instant): number =>
  events.filter(({ at }) => at > before(now, seconds)).reduce((sum, { change }) => sum + change, 0)

/** calculateScaleUpLimitWithScalingRules and calculateScaleDownLimitWithBehaviors: `sign` says which. */
const rateLimit = (rules: HPAScalingRules, sign: 1 | -1, { current, now }: Desire, history: ScalingHistory): number => {
  const { policies, selectPolicy } = rules
  if (selectPolicy === "Disabled") return current
  const proposals = policies.map(({ periodSeconds, type, value }) => {
    const [added, removed] = [changed(history.ups, periodSeconds, now), changed(history.downs, periodSeconds, now)]
    const start = current - added + removed
    if (type === "Pods") return start + sign * value
    const share = start * (1 + (sign * value) / 100)
    return sign === 1 ? Math.ceil(share) : Math.trunc(share)
  })
  const largest = (selectPolicy === "Min") === (sign === -1)
  return largest ? Math.max(...proposals) : Math.min(...proposals)
}

/** convertDesiredReplicasWithBehaviorRate. */
const limitedBy = (
  behavior: HPABehavior,
  desire: Desire,
  desired: number,
  history: ScalingHistory
): readonly [number, Said] => {
  const { current, max, min } = desire
  if (desired > current) {
    const limit = Math.max(rateLimit(behavior.scaleUp, 1, desire, history), current)
    const [most, why] = max > limit ? [limit, tooFastUp] : [max, tooMany]
    if (desired > most) return [most, why]
  }
  if (desired < current) {
    const limit = Math.min(rateLimit(behavior.scaleDown, -1, desire, history), current)
    const [least, why] = min < limit ? [limit, tooFastDown] : [min, tooFew]
    if (desired < least) return [least, why]
  }
  return [desired, within]
}

/** What becomes of what the metrics ask for, and what is remembered of it. */
export const normalizeDesired = (desire: Desire, history: ScalingHistory): Normalized => {
  const { behavior, current, desired } = desire
  const known = history.recommendations
  const { recommendations, replicas } =
    behavior === undefined ? stabilized(desire, known) : stabilizedBy(behavior, desire, known)
  const [next, why] =
    behavior === undefined ? limited(desire, replicas) : limitedBy(behavior, desire, replicas, history)
  const held = behavior !== undefined && desired >= current ? upStabilized : downStabilized
  return {
    desired: next,
    ableToScale: replicas === desired ? ready : held,
    limited: { ...why, is: next !== replicas },
    history: { ...history, recommendations }
  }
}

/** recordInitialRecommendation: what there is when the controller sees it first is a recommendation, too. */
export const withInitial = (history: ScalingHistory | undefined, current: number, now: Instant): ScalingHistory =>
  history ?? { ...noScalingHistory, recommendations: [{ replicas: current, at: now }] }

/** storeScaleEvent: only who limits its rate has to know of changes. */
export const withScaleEvent = (
  history: ScalingHistory,
  { behavior, current, now }: Desire,
  replicas: number
): ScalingHistory => {
  if (behavior === undefined) return history
  const grows = replicas > current
  const { policies } = grows ? behavior.scaleUp : behavior.scaleDown
  const longest = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds))
  const event = { change: Math.abs(replicas - current), at: now }
  const isOld = ({ at }: ScaleEvent) => at < before(now, longest)
  return grows
    ? { ...history, ups: remembered(history.ups, event, isOld) }
    : { ...history, downs: remembered(history.downs, event, isOld) }
}
