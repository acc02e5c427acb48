/** A simulated history judged by real ones of the same scenario, and by how alike those are among themselves. */
import { MILLISECOND, type Micros, SECOND } from "../../event/Instant.ts"
import type { Outline } from "./Outline.ts"
import { type Similarity, similarity } from "./similarity.ts"

export interface Score {
  /** As near to a real run as real runs are to one another, its moments within their spread and a second. */
  readonly parity: boolean
  /** No difference from some real run. */
  readonly exact: boolean
  /** To the nearest real run. */
  readonly states: number
  readonly events: number
  /** Between the least alike of the real runs. */
  readonly realStates: number
  readonly realEvents: number
  /** The 95th of a hundred differences of moments; `undefined` if no state is common. */
  readonly p95: Micros | undefined
  readonly realP95: Micros
}

/** In hundredths of a second. */
const p95 = (apart: ReadonlyArray<Micros>): Micros | undefined => {
  const sorted = apart.map(Math.abs).sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))]
  return value === undefined ? undefined : Math.round(value / (10 * MILLISECOND)) * 10 * MILLISECOND
}

const least = (values: ReadonlyArray<number>): number => values.reduce((a, b) => Math.min(a, b), 1)

const nearest = (simulated: Outline, reals: ReadonlyArray<Outline>): Similarity =>
  reals
    .map((real) => similarity(simulated, real))
    .reduce((best, one) => (one.states + one.events > best.states + best.events ? one : best))

/** How alike real runs are among themselves. */
export const spreadOf = (reals: ReadonlyArray<Outline>): Pick<Score, "realStates" | "realEvents" | "realP95"> => {
  const among = reals.flatMap((a, i) => reals.slice(i + 1).map((b) => similarity(a, b)))
  return {
    realStates: least(among.map(({ states }) => states)),
    realEvents: least(among.map(({ events }) => events)),
    realP95: among.reduce((most, { apart }) => Math.max(most, p95(apart) ?? 0), 0)
  }
}

/** For rounding errors only. */
const epsilon = 1e-9

export const score = (
  simulated: Outline,
  reals: ReadonlyArray<Outline>,
  spread: ReturnType<typeof spreadOf> = spreadOf(reals)
): Score => {
  const { apart, events, states } = nearest(simulated, reals)
  const late = p95(apart)
  return {
    ...spread,
    parity:
      states >= spread.realStates - epsilon &&
      events >= spread.realEvents - epsilon &&
      (late ?? 0) <= spread.realP95 + SECOND,
    exact: states === 1 && events === 1,
    states,
    events,
    p95: late
  }
}
