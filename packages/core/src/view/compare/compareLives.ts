/** The differences of two lives that belong together: in states, in fields, in time. */
import type { Micros } from "../../event/Instant.ts"
import { conditionWords, containerStateWords, memberOf, wordLine, wordsOf } from "../timelineWords.ts"
import type { Match } from "./align.ts"
import type { Difference, ObjectName, Row, SideWords } from "./Comparison.ts"
import { type Life, type Moment, nameOf } from "./History.ts"
import { alignLives } from "./pairLives.ts"
import { type Fields, isGone, type Shape } from "./Shape.ts"
import { allowed, isOnTime, type Tolerance } from "./tolerance.ts"

export interface Ends {
  /** When both histories ended, if that is known. */
  readonly until: Micros | undefined
  /** The last moment that either of them saw. */
  readonly seen: Micros | undefined
}

interface Step {
  readonly left: number | undefined
  readonly right: number | undefined
}

export interface LifeComparison {
  readonly differences: ReadonlyArray<Difference>
  readonly beyondEnd: ReadonlyArray<Difference>
  readonly rows: ReadonlyArray<Row>
  /** Moments of states that both sides have, in order. */
  readonly common: ReadonlyArray<{ readonly left: Moment; readonly right: Moment }>
}

const differing = (left: Fields, right: Fields): Array<string> => {
  if (left === right) return []
  const paths: Array<string> = []
  for (const [path, value] of left) if (right.get(path) !== value) paths.push(path)
  for (const path of right.keys()) if (!left.has(path)) paths.push(path)
  return paths
}

/** So unlike that two states are not taken for two forms of one. */
const unlike = 0.5

/** How alike two states are, 0 (nothing in common) to 1. */
const similarity = (left: Shape, right: Shape): number =>
  isGone(left) !== isGone(right)
    ? 0
    : 1 - differing(left.state, right.state).length / Math.max(left.state.size, right.state.size)

/** Between two common states: pairs of states that are alike but not equal, the rest on one side only. */
const fillGap = (left: Life, right: Life, from: Match, to: Match): Array<Step> => {
  const [n, m] = [to[0] - from[0], to[1] - from[1]]
  const steps: Array<Step> = []
  let loose: ReadonlyArray<Match> = []
  if (n > 0 && m > 0) {
    if (n * m <= 4_096) loose = alignLoosely(left.moments.slice(from[0], to[0]), right.moments.slice(from[1], to[1]))
    else loose = Array.from({ length: Math.min(n, m) }, (_, i) => [i, i] as const)
  }
  let [i, j] = [0, 0]
  for (const [x, y] of [...loose, [n, m] as const]) {
    while (i < x) steps.push({ left: from[0] + i++, right: undefined })
    while (j < y) steps.push({ left: undefined, right: from[1] + j++ })
    if (i < n && j < m && i === x && j === y) steps.push({ left: from[0] + i++, right: from[1] + j++ })
  }
  return steps
}

const alignLoosely = (left: ReadonlyArray<Moment>, right: ReadonlyArray<Moment>): ReadonlyArray<Match> => {
  const alike = left.map((a) => right.map((b) => similarity(a.shape, b.shape)))
  const width = right.length + 1
  const best = new Float64Array((left.length + 1) * width)
  const at = (i: number, j: number): number => best[i * width + j] ?? 0
  const gain = (i: number, j: number): number => {
    const value = alike[i]?.[j] ?? 0
    return value >= unlike ? value : -1
  }
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--)
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + gain(i, j))
  }
  const matches: Array<Match> = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (gain(i, j) > 0 && at(i, j) === at(i + 1, j + 1) + gain(i, j)) matches.push([i++, j++])
    else if (at(i, j) === at(i + 1, j)) i++
    else j++
  }
  return matches
}

const stepsOf = (left: Life, right: Life): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  let from: Match = [0, 0]
  for (const [i, j] of alignLives(left, right)) {
    steps.push(...fillGap(left, right, from, [i, j]), { left: i, right: j })
    from = [i + 1, j + 1]
  }
  steps.push(...fillGap(left, right, from, [left.moments.length, right.moments.length]))
  return steps
}

const shortFieldWords = (path: string, left: Fields, right: Fields): SideWords & { readonly subject: string } => {
  const part = memberOf(path)
  if (part?.prefix.startsWith("conditions{") === true) {
    const withMessage = part.field === "message"
    return {
      subject: part.prefix,
      left: conditionWords(left, part.prefix, withMessage),
      right: conditionWords(right, part.prefix, withMessage)
    }
  }
  const state = part === undefined ? null : /^(state|lastState)(?:\.(.*))?$/.exec(part.field)
  if (part !== undefined && state !== null && state[2] !== "message") {
    const [name, key] = [`${part.name} ${state[1] === "state" ? "" : "last state "}`, `${part.prefix}.${state[1]}`]
    return { subject: key, left: name + containerStateWords(left, key), right: name + containerStateWords(right, key) }
  }
  const named = part === undefined ? path : `${part.name} ${part.field}`
  const value = (fields: Fields): string => `${named} ${fields.get(path) ?? "absent"}`
  return { subject: path, left: value(left), right: value(right) }
}

/** A field of both sides in words; the parts of a container's state and of a condition are said together. */
const fieldWords = (path: string, left: Fields, right: Fields): SideWords & { readonly subject: string } => {
  const words = shortFieldWords(path, left, right)
  if (words.left !== words.right) return words
  return {
    subject: path,
    left: `${path} ${left.get(path) ?? "absent"}`,
    right: `${path} ${right.get(path) ?? "absent"}`
  }
}

/** Walks the steps of one pair of lives and writes down what differs. */
class Walk {
  readonly differences: Array<Difference> = []
  readonly beyondEnd: Array<Difference> = []
  readonly rows: Array<Row> = []
  readonly common: Array<{ left: Moment; right: Moment }> = []
  /** Fields that differ since an earlier state, and how: said once. */
  #open = new Map<string, string>()
  #last: { left: Moment; right: Moment } | undefined
  #sides: { left: Moment | undefined; right: Moment | undefined } = { left: undefined, right: undefined }
  readonly #left: Life
  readonly #right: Life
  readonly #name: ObjectName
  readonly #tolerance: Tolerance
  readonly #ends: Ends

  constructor([left, right]: readonly [Life, Life], tolerance: Tolerance, ends: Ends) {
    this.#left = left
    this.#right = right
    this.#name = nameOf(left)
    this.#tolerance = tolerance
    this.#ends = ends
  }

  run(): void {
    const steps = stepsOf(this.#left, this.#right)
    const tail = steps.findLastIndex((step) => step.left !== undefined && step.right !== undefined) + 1
    const beyond = this.#mayLieBeyondTheEnd(steps.slice(tail))
    for (const [i, step] of steps.entries()) {
      const left = step.left === undefined ? undefined : this.#left.moments[step.left]
      const right = step.right === undefined ? undefined : this.#right.moments[step.right]
      const next = { left: this.#left.moments[(step.left ?? 0) + 1], right: this.#right.moments[(step.right ?? 0) + 1] }
      if (left !== undefined && right !== undefined) this.#both(left, right, next)
      else this.#oneSided(left, right, beyond && i >= tail)
      if (left !== undefined) this.#sides = { ...this.#sides, left }
      if (right !== undefined) this.#sides = { ...this.#sides, right }
    }
  }

  #waitOf(left: Moment, right: Moment) {
    if (left.at === undefined || right.at === undefined) return undefined
    return {
      left: left.at,
      right: right.at,
      sinceLeft: this.#last?.left.at ?? 0,
      sinceRight: this.#last?.right.at ?? 0,
      retrying: this.#last?.left.shape.retrying === true || this.#last?.right.shape.retrying === true
    }
  }

  #both(left: Moment, right: Moment, next: { left: Moment | undefined; right: Moment | undefined }): void {
    const words = {
      left: wordLine(wordsOf(this.#sides.left?.shape, left.shape)),
      right: wordLine(wordsOf(this.#sides.right?.shape, right.shape))
    }
    const place = { object: this.#name, leftAt: left.at, rightAt: right.at }
    const fields = this.#newlyDiffering(left.shape, right.shape)
    const swapped = this.#swapped(left, right, next)
    if (swapped !== undefined) this.differences.push({ ...place, kind: "Order", ...swapped })
    else for (const words of fields.values()) this.differences.push({ ...place, kind: "Changed", ...words })
    const wait = this.#waitOf(left, right)
    const onTime = wait === undefined || isOnTime(this.#tolerance, wait)
    if (!onTime) this.differences.push({ ...place, kind: "Time", ...words, wait })
    this.rows.push({ ...place, ...words, mark: onTime && fields.size === 0 ? "≈" : "!" })
    this.common.push({ left, right })
    this.#last = { left, right }
  }

  #newlyDiffering(left: Shape, right: Shape): Map<string, SideWords> {
    const now = new Map<string, string>()
    const said = new Map<string, SideWords>()
    for (const part of ["state", "detail", "spec"] as const) {
      for (const path of differing(left[part], right[part])) {
        const how = `${left[part].get(path)}\n${right[part].get(path)}`
        now.set(path, how)
        if (this.#open.get(path) === how) continue
        const { subject, ...words } = fieldWords(path, left[part], right[part])
        if (!said.has(subject)) said.set(subject, words)
      }
    }
    this.#open = now
    return said
  }

  #oneSided(left: Moment | undefined, right: Moment | undefined, beyond: boolean): void {
    const [moment, before] = left === undefined ? [right, this.#sides.right] : [left, this.#sides.left]
    if (moment === undefined) return
    const words = wordLine(wordsOf(before?.shape, moment.shape))
    const place = { object: this.#name, leftAt: left?.at, rightAt: right?.at }
    const difference: Difference =
      left === undefined
        ? { ...place, kind: "OnlyRight", left: undefined, right: words }
        : { ...place, kind: "OnlyLeft", left: words, right: undefined }
    if (beyond) this.beyondEnd.push(difference)
    else this.differences.push(difference)
    this.rows.push({
      ...place,
      left: difference.left,
      right: difference.right,
      mark: beyond ? "…" : left === undefined ? ">" : "<"
    })
  }

  /**
   * After the last common state one side goes on: the other might have come to its next state too, within the tolerance, when
   * it was no longer looked at. Where no end is known only a back-off excuses that: any other wait would have been seen to be late.
   */
  #mayLieBeyondTheEnd(tail: ReadonlyArray<Step>): boolean {
    const [step] = tail
    if (step === undefined || tail.some(({ left }) => (left === undefined) !== (step.left === undefined))) return false
    const onLeft = step.left !== undefined
    const moment = onLeft ? this.#left.moments[step.left] : this.#right.moments[step.right ?? 0]
    const since = onLeft ? this.#left.moments[(step.left ?? 0) - 1] : this.#right.moments[(step.right ?? 0) - 1]
    const other = (onLeft ? this.#right : this.#left).moments.at(-1)
    if (moment?.at === undefined || since?.at === undefined || other?.at === undefined) return false
    const retrying = since.shape.retrying || other.shape.retrying
    const end = this.#ends.until ?? (retrying ? this.#ends.seen : undefined)
    const wait = moment.at - since.at
    return end !== undefined && other.at + wait + allowed(this.#tolerance, wait, retrying) > end
  }

  /** What became true in one order on the left and in the other order on the right, between the same states before and after. */
  #swapped(
    left: Moment,
    right: Moment,
    next: { left: Moment | undefined; right: Moment | undefined }
  ): SideWords | undefined {
    const { left: beforeLeft, right: beforeRight } = this.#sides
    if (left.key === right.key || next.left?.key !== next.right?.key || beforeLeft?.key !== beforeRight?.key)
      return undefined
    if (next.left === undefined || next.right === undefined) return undefined
    const [first, then] = [
      wordLine(wordsOf(beforeLeft?.shape, left.shape)),
      wordLine(wordsOf(left.shape, next.left.shape))
    ]
    const [other, otherThen] = [
      wordLine(wordsOf(beforeRight?.shape, right.shape)),
      wordLine(wordsOf(right.shape, next.right.shape))
    ]
    return first === otherThen && then === other
      ? { left: `${first}, then ${then}`, right: `${then}, then ${first}` }
      : undefined
  }
}

/** A state that stands alone on both sides came in another order. */
const joinMoved = (differences: ReadonlyArray<Difference>): ReadonlyArray<Difference> => {
  const rights = differences.filter(({ kind }) => kind === "OnlyRight")
  const joined = new Map<Difference, Difference>()
  for (const difference of differences) {
    if (difference.kind !== "OnlyLeft") continue
    const twin = rights.findIndex(({ right }) => right === difference.left)
    if (twin >= 0) for (const other of rights.splice(twin, 1)) joined.set(difference, other)
  }
  const taken = new Set(joined.values())
  return differences
    .filter((difference) => !taken.has(difference))
    .map((difference) => {
      const other = joined.get(difference)
      return other === undefined
        ? difference
        : { ...difference, kind: "Order", right: other.right, rightAt: other.rightAt }
    })
}

export const compareLives = (lives: readonly [Life, Life], tolerance: Tolerance, ends: Ends): LifeComparison => {
  const walk = new Walk(lives, tolerance, ends)
  walk.run()
  return { ...walk, differences: joinMoved(walk.differences) }
}
