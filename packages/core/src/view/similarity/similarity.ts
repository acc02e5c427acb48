/** How alike two histories are, in numbers: the share of states and of Events that they have in common, and how far apart in time. */
import type { Micros } from "../../event/Instant.ts"
import { type Block, matches, matchingBlocks } from "./matchingBlocks.ts"
import type { Outline, OutlineLife } from "./Outline.ts"

export interface Similarity {
  /** Share of the states of all objects that are the same in the same order; 1 for equal histories. */
  readonly states: number
  /** Share of the Events that were reported about equally often. */
  readonly events: number
  /** Between the two moments of each common state. */
  readonly apart: ReadonlyArray<Micros>
}

interface Pair {
  readonly left: OutlineLife | undefined
  readonly right: OutlineLife | undefined
  readonly blocks: ReadonlyArray<Block>
}

const shapes = ({ states }: OutlineLife): ReadonlyArray<string> => states.map(({ shape }) => shape)

const byName = ({ lives }: Outline): Map<string, Array<OutlineLife>> => {
  const groups = new Map<string, Array<OutlineLife>>()
  for (const life of lives) {
    const key = `${life.kind}\n${life.name}`
    groups.set(key, [...(groups.get(key) ?? []), life])
  }
  return groups
}

/** Among lives of one name, those that are most alike belong together; of equally alike ones those that began together. */
const pairsAmong = (lefts: ReadonlyArray<OutlineLife>, rights: ReadonlyArray<OutlineLife>): ReadonlyArray<Pair> => {
  const candidates = lefts.flatMap((left, i) =>
    rights.map((right, j) => {
      const blocks = matchingBlocks(shapes(left), shapes(right))
      const ratio = (matches(blocks) * 2) / (left.states.length + right.states.length)
      const apart = Math.abs((left.states[0]?.at ?? 0) - (right.states[0]?.at ?? 0))
      return { pair: { left, right, blocks }, i, j, ratio, apart }
    })
  )
  candidates.sort((a, b) => b.ratio - a.ratio || a.apart - b.apart || a.i - b.i || a.j - b.j)
  const [takenLeft, takenRight] = [new Set<number>(), new Set<number>()]
  const pairs: Array<Pair> = []
  for (const { i, j, pair } of candidates) {
    if (takenLeft.has(i) || takenRight.has(j)) continue
    takenLeft.add(i)
    takenRight.add(j)
    pairs.push(pair)
  }
  const alone = (side: "left" | "right", lives: ReadonlyArray<OutlineLife>, taken: ReadonlySet<number>) =>
    lives.flatMap((life, i): ReadonlyArray<Pair> => {
      if (taken.has(i)) return []
      return [{ left: side === "left" ? life : undefined, right: side === "right" ? life : undefined, blocks: [] }]
    })
  return [...pairs, ...alone("left", lefts, takenLeft), ...alone("right", rights, takenRight)]
}

const pairsOf = (left: Outline, right: Outline): ReadonlyArray<Pair> => {
  const [lefts, rights] = [byName(left), byName(right)]
  return [...new Set([...lefts.keys(), ...rights.keys()])].flatMap((key) =>
    pairsAmong(lefts.get(key) ?? [], rights.get(key) ?? [])
  )
}

const apartIn = ({ left, right, blocks }: Pair): ReadonlyArray<Micros> =>
  blocks.flatMap((block) =>
    Array.from(
      { length: block.length },
      (_, k) => (left?.states[block.left + k]?.at ?? 0) - (right?.states[block.right + k]?.at ?? 0)
    )
  )

/** One occurrence more or less is chance, and so are fifteen in a hundred. */
const isAboutAsMany = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(1, 0.15 * Math.max(a, b))

const eventsInCommon = (left: Outline["events"], right: Outline["events"]): number => {
  const keys = new Set([...left.keys(), ...right.keys()])
  const common = [...keys].filter((key) => {
    const [a, b] = [left.get(key), right.get(key)]
    return a !== undefined && b !== undefined && isAboutAsMany(a, b)
  })
  return keys.size === 0 ? 1 : common.length / keys.size
}

export const similarity = (left: Outline, right: Outline): Similarity => {
  const pairs = pairsOf(left, right)
  const common = pairs.reduce((sum, { blocks }) => sum + matches(blocks), 0)
  const all = pairs.reduce(
    (sum, pair) => sum + Math.max(pair.left?.states.length ?? 0, pair.right?.states.length ?? 0),
    0
  )
  return {
    states: all === 0 ? 1 : common / all,
    events: eventsInCommon(left.events, right.events),
    apart: pairs.flatMap(apartIn)
  }
}
