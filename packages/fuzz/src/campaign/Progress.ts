/** What a campaign has come to: a sum over cases, in any order. */
import type { CaseResult, Finding } from "./playCase.ts"

/** The first case that breaks a property, and how many do. */
export interface Broken {
  readonly first: number
  readonly finding: Finding
  readonly threw?: string
  readonly cases: number
}

/** The first case that reached something, and how many did. */
export interface Reached {
  readonly first: number
  readonly cases: number
}

/** Plain data: it is sent between processes, and written to a file. */
export interface Progress {
  readonly cases: number
  readonly events: number
  readonly refused: number
  readonly broken: { readonly [property: string]: Broken }
  readonly fired: { readonly [property: string]: number }
  readonly reached: { readonly [what: string]: Reached }
  /** Cases that were simulated twice, in two processes, and those that were not the same. */
  readonly repeated: number
  readonly differing: ReadonlyArray<number>
}

export const noProgress: Progress = {
  cases: 0,
  events: 0,
  refused: 0,
  broken: {},
  fired: {},
  reached: {},
  repeated: 0,
  differing: []
}

const mergedBy = <T>(
  one: { readonly [key: string]: T },
  other: { readonly [key: string]: T },
  both: (a: T, b: T) => T
): { readonly [key: string]: T } => {
  const all = new Map(Object.entries(one))
  for (const [key, value] of Object.entries(other)) {
    const known = all.get(key)
    all.set(key, known === undefined ? value : both(known, value))
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Associative and commutative: how cases are shared out among processes makes no difference. */
export const together = (one: Progress, other: Progress): Progress => ({
  cases: one.cases + other.cases,
  events: one.events + other.events,
  refused: one.refused + other.refused,
  broken: mergedBy(one.broken, other.broken, (a, b) => ({ ...(a.first <= b.first ? a : b), cases: a.cases + b.cases })),
  fired: mergedBy(one.fired, other.fired, (a, b) => a + b),
  reached: mergedBy(one.reached, other.reached, (a, b) => ({
    first: Math.min(a.first, b.first),
    cases: a.cases + b.cases
  })),
  repeated: one.repeated + other.repeated,
  differing: [...one.differing, ...other.differing].sort((a, b) => a - b)
})

/** What one case adds. */
export const progressOf = (index: number, result: CaseResult): Progress => {
  const broken: Array<readonly [string, Broken]> = []
  for (const finding of result.findings) {
    const threw = result.threw === undefined ? {} : { threw: result.threw }
    broken.push([finding.property, { first: index, finding, cases: 1, ...threw }])
  }
  return {
    ...noProgress,
    cases: 1,
    events: result.events,
    refused: result.refused,
    broken: Object.fromEntries(broken),
    fired: Object.fromEntries(result.fired.map((id) => [id, 1])),
    reached: Object.fromEntries(result.reached.map((what) => [what, { first: index, cases: 1 }]))
  }
}

/** The last case that reached something that none before it had: from there on the campaign has seen nothing new. */
export const lastNews = ({ reached }: Progress): number =>
  Math.max(-1, ...Object.values(reached).map(({ first }) => first))
