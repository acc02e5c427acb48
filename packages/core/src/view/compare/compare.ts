/** Where two histories part: aligned by object and by state, not by line. */
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import type { Micros } from "../../event/Instant.ts"
import { normalised } from "../normalise.ts"
import { wordLine, wordsOf } from "../timelineWords.ts"
import type { Comparison, Difference, Row } from "./Comparison.ts"
import { compareEvents } from "./compareEvents.ts"
import { compareLives, type Ends } from "./compareLives.ts"
import { type History, historyOf, type Life, leftOut, type Moment, nameOf } from "./History.ts"
import { pairLives } from "./pairLives.ts"
import { defaultTolerance, type Tolerance } from "./tolerance.ts"
import { unrecordedKinds, withoutKinds } from "./unrecorded.ts"

export interface CompareOptions {
  /** What is not given is as in `defaultTolerance`. */
  readonly tolerance?: Partial<Tolerance> | undefined
  /** When both histories ended, since their start: the `until` of their scenario. */
  readonly until?: Micros | undefined
}

/** Orders two histories by what they say, so that a comparison does not depend on the side: ties break the same way. */
const order = (a: History, b: History): number => {
  const lives = a.lives.length - b.lives.length
  if (lives !== 0) return lives
  for (const [i, life] of a.lives.entries()) {
    const other = b.lives[i]
    const length = life.moments.length - (other?.moments.length ?? 0)
    if (length !== 0) return length
    for (const [j, moment] of life.moments.entries()) {
      const twin = other?.moments[j]
      const at = (moment.at ?? 0) - (twin?.at ?? 0)
      if (at !== 0) return at
      if (moment.key !== twin?.key) return moment.key < (twin?.key ?? "") ? -1 : 1
    }
  }
  const [x, y] = [JSON.stringify([...a.tallies]), JSON.stringify([...b.tallies])]
  return x === y ? 0 : x < y ? -1 : 1
}

const mirrorOf = <T extends Difference | Row>(item: T): T => {
  const mirrored = { ...item, left: item.right, right: item.left, leftAt: item.rightAt, rightAt: item.leftAt }
  if ("mark" in item) return { ...mirrored, mark: item.mark === "<" ? ">" : item.mark === ">" ? "<" : item.mark }
  const kind = item.kind === "OnlyLeft" ? "OnlyRight" : item.kind === "OnlyRight" ? "OnlyLeft" : item.kind
  if (item.wait === undefined) return { ...mirrored, kind }
  const { left, right, sinceLeft, sinceRight, retrying } = item.wait
  return {
    ...mirrored,
    kind,
    wait: { left: right, right: left, sinceLeft: sinceRight, sinceRight: sinceLeft, retrying }
  }
}

const mirror = (comparison: Comparison): Comparison => ({
  ...comparison,
  differences: comparison.differences.map(mirrorOf),
  beyondEnd: comparison.beyondEnd.map(mirrorOf),
  rows: comparison.rows.map(mirrorOf),
  gaps: comparison.gaps.map((gap) => ({ ...gap, side: gap.side === "left" ? "right" : "left" }))
})

const firstAt = ({ leftAt, rightAt }: Difference | Row): Micros =>
  Math.min(leftAt ?? rightAt ?? 0, rightAt ?? leftAt ?? 0)

const byTime = <T extends Difference | Row>(items: ReadonlyArray<T>): ReadonlyArray<T> =>
  [...items].sort((a, b) => firstAt(a) - firstAt(b))

/** A whole life on one side: its first state stands for it. */
const loneLife = (life: Life, side: "left" | "right"): { difference: Difference; rows: ReadonlyArray<Row> } => {
  const object = nameOf(life)
  const rows = life.moments.map((moment, i): Row => {
    const words = wordLine(wordsOf(life.moments[i - 1]?.shape, moment.shape))
    return side === "left"
      ? { object, leftAt: moment.at, rightAt: undefined, left: words, right: undefined, mark: "<" }
      : { object, leftAt: undefined, rightAt: moment.at, left: undefined, right: words, mark: ">" }
  })
  const at = life.moments[0]?.at
  const words = `the whole life of this ${life.kind} (${life.moments.length} states)`
  const difference: Difference =
    side === "left"
      ? { kind: "OnlyLeft", object, leftAt: at, rightAt: undefined, left: words, right: undefined }
      : { kind: "OnlyRight", object, leftAt: undefined, rightAt: at, left: undefined, right: words }
  return { difference, rows }
}

const percentile = (values: ReadonlyArray<number>): Comparison["apart"] => {
  const sorted = values.toSorted((a, b) => a - b)
  const max = sorted.at(-1)
  return max === undefined
    ? undefined
    : { p95: sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))] ?? max, max }
}

const latest = (a: Micros | undefined, b: Micros | undefined): Micros | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

const compareInOrder = (left: History, right: History, tolerance: Tolerance, until: Micros | undefined): Comparison => {
  const ends: Ends = { until, seen: latest(left.end, right.end) }
  const pairs = pairLives(left.lives, right.lives)
  const [differences, beyondEnd, rows]: [Array<Difference>, Array<Difference>, Array<Row>] = [[], [], []]
  const common = new Map<string, Array<{ left: Moment; right: Moment }>>()
  const apart: Array<Micros> = []
  let states = 0
  for (const pair of pairs) {
    if (pair.left !== undefined && pair.right !== undefined) {
      const found = compareLives([pair.left, pair.right], tolerance, ends)
      differences.push(...found.differences)
      beyondEnd.push(...found.beyondEnd)
      rows.push(...found.rows)
      const { kind, namespace, plain } = pair.left
      const key = `${kind}/${namespace}/${plain}`
      const known = common.get(key)
      if (known === undefined) common.set(key, [...found.common])
      else known.push(...found.common)
      for (const { left: a, right: b } of found.common)
        if (a.at !== undefined && b.at !== undefined) apart.push(Math.abs(a.at - b.at))
    } else {
      for (const [life, side] of [
        [pair.left, "left"],
        [pair.right, "right"]
      ] as const) {
        if (life === undefined) continue
        const lone = loneLife(life, side)
        differences.push(lone.difference)
        rows.push(...lone.rows)
      }
    }
    states += Math.max(pair.left?.moments.length ?? 0, pair.right?.moments.length ?? 0)
  }
  for (const moments of common.values()) moments.sort((a, b) => (a.left.at ?? 0) - (b.left.at ?? 0))
  const events = compareEvents(left, right, common, { tolerance, ends })
  return {
    differences: byTime([...differences, ...events.differences]),
    beyondEnd: byTime([...beyondEnd, ...events.beyondEnd]),
    gaps: [
      ...left.gaps.map((gap) => ({ ...gap, side: "left" as const })),
      ...right.gaps.map((gap) => ({ ...gap, side: "right" as const }))
    ],
    rows: byTime([...rows, ...events.rows]),
    objects: pairs.length,
    states,
    events: new Set([...left.tallies.keys(), ...right.tallies.keys()]).size,
    apart: percentile(apart),
    tolerance,
    normalised,
    leftOut
  }
}

export const compareHistories = (left: History, right: History, options: CompareOptions = {}): Comparison => {
  const given = Object.entries(options.tolerance ?? {}).filter(([, value]) => value !== undefined)
  const tolerance: Tolerance = { ...defaultTolerance, ...Object.fromEntries(given) }
  const kinds = unrecordedKinds(left, right)
  const [a, b] = [withoutKinds(left, kinds), withoutKinds(right, kinds)]
  const comparison =
    order(a, b) <= 0
      ? compareInOrder(a, b, tolerance, options.until)
      : mirror(compareInOrder(b, a, tolerance, options.until))
  const unrecorded = [...kinds].toSorted().map((kind) => `${kind} (one side did not record any)`)
  return unrecorded.length === 0 ? comparison : { ...comparison, leftOut: [...comparison.leftOut, ...unrecorded] }
}

/** Swapping the sides swaps the answer and nothing else. */
export const compare = (
  left: Iterable<ClusterEvent>,
  right: Iterable<ClusterEvent>,
  options: CompareOptions = {}
): Comparison => compareHistories(historyOf(left), historyOf(right), options)
