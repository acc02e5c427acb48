/** The differences in the Events that were reported: which, how often, when first. */
import type { Micros } from "../../event/Instant.ts"
import type { Difference, ObjectName, Row } from "./Comparison.ts"
import type { Ends } from "./compareLives.ts"
import type { History, Moment, Tally } from "./History.ts"
import { allowed, isAboutAsMany, isOnTime, type Tolerance, type Wait } from "./tolerance.ts"

export interface EventComparison {
  readonly differences: ReadonlyArray<Difference>
  readonly beyondEnd: ReadonlyArray<Difference>
  readonly rows: ReadonlyArray<Row>
}

/** The states that both sides have in common, for each object by kind, namespace and plain name. */
export type Common = ReadonlyMap<string, ReadonlyArray<{ readonly left: Moment; readonly right: Moment }>>

const objectOf = ({ kind, namespace, object }: Tally): ObjectName => ({ kind, namespace, name: object, plain: object })

const wordsOf = ({ type, reason, message, count }: Tally): string =>
  `Event ${type === "Normal" ? "" : `${type} `}${reason}${count > 1 ? ` ×${count}` : ""}: ${message.trim().replace(/\s+/g, " ")}`

const zero = { at: 0 as Micros, shape: { retrying: false } }

/** The wait for an Event counts from the last common state before it. */
const waitOf = (left: Tally, right: Tally, common: Common): Wait | undefined => {
  if (left.first === undefined || right.first === undefined) return undefined
  const [leftAt, rightAt] = [left.first, right.first]
  const states = common.get(`${left.kind}/${left.namespace}/${left.object}`) ?? []
  const since = states.findLast(({ left: a, right: b }) => (a.at ?? 0) <= leftAt && (b.at ?? 0) <= rightAt)
  const { left: a, right: b } = since ?? { left: zero, right: zero }
  return {
    left: leftAt,
    right: rightAt,
    sinceLeft: a.at ?? 0,
    sinceRight: b.at ?? 0,
    retrying: a.shape.retrying || b.shape.retrying
  }
}

const compareTally = (
  left: Tally,
  right: Tally,
  tolerance: Tolerance,
  common: Common
): { difference: Difference | undefined; row: Row } => {
  const place = {
    object: objectOf(left),
    leftAt: left.first,
    rightAt: right.first,
    left: wordsOf(left),
    right: wordsOf(right)
  }
  if (!isAboutAsMany(tolerance, left.count, right.count))
    return { difference: { ...place, kind: "Count" }, row: { ...place, mark: "!" } }
  const wait = waitOf(left, right, common)
  if (wait === undefined || isOnTime(tolerance, wait)) return { difference: undefined, row: { ...place, mark: "≈" } }
  return { difference: { ...place, kind: "Time", wait }, row: { ...place, mark: "!" } }
}

const loneDifference = (tally: Tally, side: "left" | "right"): Difference =>
  side === "left"
    ? {
        kind: "OnlyLeft",
        object: objectOf(tally),
        leftAt: tally.first,
        rightAt: undefined,
        left: wordsOf(tally),
        right: undefined
      }
    : {
        kind: "OnlyRight",
        object: objectOf(tally),
        leftAt: undefined,
        rightAt: tally.first,
        left: undefined,
        right: wordsOf(tally)
      }

/** As for states: within the tolerance the other side might have reported it after its end. */
const mayLieBeyondTheEnd = (
  tally: Tally,
  side: "left" | "right",
  common: Common,
  { tolerance, ends }: { tolerance: Tolerance; ends: Ends }
): boolean => {
  if (tally.first === undefined) return false
  const states = common.get(`${tally.kind}/${tally.namespace}/${tally.object}`) ?? []
  const at = tally.first
  const since = states.findLast((pair) => (pair[side].at ?? 0) <= at)
  const other = since?.[side === "left" ? "right" : "left"].at
  const from = since?.[side].at
  if (since === undefined || other === undefined || from === undefined) return false
  const retrying = since.left.shape.retrying || since.right.shape.retrying
  const end = ends.until ?? (retrying && since === states.at(-1) ? ends.seen : undefined)
  return end !== undefined && other + (at - from) + allowed(tolerance, at - from, retrying) > end
}

/** Events that differ only in their message are one difference, not two. */
const joinMessages = (lefts: Array<Tally>, rights: Array<Tally>): Array<Difference> => {
  const family = ({ kind, namespace, object, fieldPath, type, reason }: Tally): string =>
    [kind, namespace, object, fieldPath, type, reason].join("\n")
  const joined: Array<Difference> = []
  for (const left of [...lefts]) {
    const at = rights.findIndex((right) => family(right) === family(left) && right.count === left.count)
    for (const right of at < 0 ? [] : rights.splice(at, 1)) {
      lefts.splice(lefts.indexOf(left), 1)
      joined.push({
        kind: "Changed",
        object: objectOf(left),
        leftAt: left.first,
        rightAt: right.first,
        left: wordsOf(left),
        right: wordsOf(right)
      })
    }
  }
  return joined
}

export const compareEvents = (
  left: History,
  right: History,
  common: Common,
  settings: { tolerance: Tolerance; ends: Ends }
): EventComparison => {
  const differences: Array<Difference> = []
  const beyondEnd: Array<Difference> = []
  const rows: Array<Row> = []
  const lone: { left: Array<Tally>; right: Array<Tally> } = { left: [], right: [] }
  const sort = (tally: Tally, side: "left" | "right"): void => {
    if (!mayLieBeyondTheEnd(tally, side, common, settings)) lone[side].push(tally)
    else {
      const difference = loneDifference(tally, side)
      beyondEnd.push(difference)
      rows.push({ ...difference, mark: "…" })
    }
  }
  for (const [key, tally] of left.tallies) {
    const other = right.tallies.get(key)
    if (other === undefined) sort(tally, "left")
    else {
      const { difference, row } = compareTally(tally, other, settings.tolerance, common)
      if (difference !== undefined) differences.push(difference)
      rows.push(row)
    }
  }
  for (const [key, tally] of right.tallies) if (!left.tallies.has(key)) sort(tally, "right")
  for (const difference of joinMessages(lone.left, lone.right)) {
    differences.push(difference)
    rows.push({ ...difference, mark: "!" })
  }
  for (const side of ["left", "right"] as const) {
    for (const difference of lone[side].map((tally) => loneDifference(tally, side))) {
      differences.push(difference)
      rows.push({ ...difference, mark: side === "left" ? "<" : ">" })
    }
  }
  return { differences, beyondEnd, rows }
}
