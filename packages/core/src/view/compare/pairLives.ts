/** Which object of one history is which of the other: by kind and plain name; among equals the most alike first. */
import { SECOND } from "../../event/Instant.ts"
import { align } from "./align.ts"
import type { Life, Moment } from "./History.ts"

export interface Pair {
  readonly left: Life | undefined
  readonly right: Life | undefined
}

/** So many candidates are compared state by state; a larger group is paired in the order of appearance after equal lives are. */
const maximalCandidates = 1_024

const minute = 60 * SECOND

/** How ill two moments fit, 0 to below 1. */
const distance = (a: Moment | undefined, b: Moment | undefined): number => {
  if (a?.at === undefined || b?.at === undefined) return 0
  const apart = Math.abs(a.at - b.at)
  return apart / (apart + minute)
}

export const alignLives = (left: Life, right: Life): ReturnType<typeof align> =>
  align(
    left.moments.map(({ key }) => key),
    right.moments.map(({ key }) => key),
    (i, j) => distance(left.moments[i], right.moments[j])
  )

const likeness = (left: Life, right: Life): number =>
  (2 * alignLives(left, right).length) / (left.moments.length + right.moments.length)

/** Takes pairs greedily, best first. */
const take = (
  lefts: Set<Life>,
  rights: Set<Life>,
  score: (left: Life, right: Life) => number | undefined
): Array<Pair> => {
  const candidates: Array<{ left: Life; right: Life; like: number; apart: number }> = []
  for (const left of lefts) {
    for (const right of rights) {
      const like = score(left, right)
      if (like !== undefined) candidates.push({ left, right, like, apart: distance(left.moments[0], right.moments[0]) })
    }
  }
  candidates.sort((a, b) => b.like - a.like || a.apart - b.apart)
  const pairs: Array<Pair> = []
  for (const { left, right } of candidates) {
    if (!lefts.has(left) || !rights.has(right)) continue
    lefts.delete(left)
    rights.delete(right)
    pairs.push({ left, right })
  }
  return pairs
}

/** Lives with the same states, in the order of their appearance: no search needed. */
const takeEqual = (lefts: Set<Life>, rights: Set<Life>): Array<Pair> => {
  const digest = (life: Life): string => life.moments.map(({ key }) => key).join("\n\n")
  const waiting = new Map<string, Array<Life>>()
  for (const right of rights) {
    const key = digest(right)
    const known = waiting.get(key)
    if (known === undefined) waiting.set(key, [right])
    else known.push(right)
  }
  const pairs: Array<Pair> = []
  for (const left of [...lefts]) {
    const right = waiting.get(digest(left))?.shift()
    if (right === undefined) continue
    lefts.delete(left)
    rights.delete(right)
    pairs.push({ left, right })
  }
  return pairs
}

const pairGroup = (left: ReadonlyArray<Life>, right: ReadonlyArray<Life>): Array<Pair> => {
  const [lefts, rights] = [new Set(left), new Set(right)]
  const pairs: Array<Pair> = []
  if (lefts.size * rights.size > maximalCandidates) pairs.push(...takeEqual(lefts, rights))
  if (lefts.size * rights.size <= maximalCandidates) {
    pairs.push(...take(lefts, rights, lefts.size === 1 && rights.size === 1 ? () => 1 : likeness))
  } else {
    const others = [...rights]
    for (const [i, life] of [...lefts].entries()) {
      const other = others[i]
      if (other === undefined) break
      pairs.push({ left: life, right: other })
      lefts.delete(life)
      rights.delete(other)
    }
  }
  return [
    ...pairs,
    ...[...lefts].map((life) => ({ left: life, right: undefined })),
    ...[...rights].map((life) => ({ left: undefined, right: life }))
  ]
}

export const pairLives = (left: ReadonlyArray<Life>, right: ReadonlyArray<Life>): ReadonlyArray<Pair> => {
  const key = ({ kind, namespace, plain }: Life): string => `${kind}/${namespace}/${plain}`
  const [lefts, rights] = [Map.groupBy(left, key), Map.groupBy(right, key)]
  return [...new Set([...lefts.keys(), ...rights.keys()])].flatMap((name) =>
    pairGroup(lefts.get(name) ?? [], rights.get(name) ?? [])
  )
}
