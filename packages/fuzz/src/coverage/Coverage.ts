/** How much of what could be reached a campaign has reached, and since when it has reached nothing new. */
import type { Property } from "@kubereel/core"
import { lastNews, type Progress } from "../campaign/Progress.ts"
import { disturbanceKinds } from "./disturbances.ts"
import { podStates } from "./podState.ts"

export interface Coverage {
  /** Goals by id, and the cells of the matrix of disturbances and states. */
  readonly goals: Share
  readonly cells: Share
  /** Laws whose trigger was true. */
  readonly laws: Share
  /** The last case that reached something new; -1: none did. */
  readonly lastNews: number
}

export interface Share {
  readonly reached: number
  readonly of: number
  /** What was not. */
  readonly missing: ReadonlyArray<string>
}

const share = (all: ReadonlyArray<string>, has: (one: string) => boolean): Share => {
  const missing = all.filter((one) => !has(one))
  return { reached: all.length - missing.length, of: all.length, missing }
}

/** Every cell, `power off × ready`. */
export const cells: ReadonlyArray<string> = disturbanceKinds.flatMap((kind) =>
  podStates.map((state) => `${kind} × ${state}`)
)

export const coverageOf = (progress: Progress, properties: ReadonlyArray<Property>): Coverage => {
  const idsOf = (kind: Property["kind"]) => properties.filter((one) => one.kind === kind).map(({ id }) => id)
  const isReached = (what: string) => Object.hasOwn(progress.reached, what)
  return {
    goals: share(idsOf("goal"), isReached),
    cells: share(cells, isReached),
    laws: share(idsOf("law"), (id) => Object.hasOwn(progress.fired, id)),
    lastNews: lastNews(progress)
  }
}

/** What a campaign of that size has reached before, and must reach again. Plain data: a file that only grows by somebody's hand. */
export interface Ratchet {
  readonly seed: number
  readonly size: string
  readonly cases: number
  readonly reached: ReadonlyArray<string>
}

/** What had been reached and is not any more. */
export const lostOf = (ratchet: Ratchet, progress: Progress): ReadonlyArray<string> =>
  ratchet.reached.filter((what) => !Object.hasOwn(progress.reached, what) && !Object.hasOwn(progress.fired, what))
