/** The equal runs of two sequences as Ratcliff and Obershelp find them: the longest first, then left and right of it (Python's `difflib`). */

export interface Block {
  readonly left: number
  readonly right: number
  readonly length: number
}

type Range = readonly [leftFrom: number, leftTo: number, rightFrom: number, rightTo: number]

/** The longest run within a range; of equally long ones the first in `left`, then the first in `right`. */
const longest = (
  left: ReadonlyArray<string>,
  places: ReadonlyMap<string, ReadonlyArray<number>>,
  [leftFrom, leftTo, rightFrom, rightTo]: Range
): Block => {
  let best: Block = { left: leftFrom, right: rightFrom, length: 0 }
  let before = new Map<number, number>()
  for (let i = leftFrom; i < leftTo; i++) {
    const here = new Map<number, number>()
    for (const j of places.get(left[i] ?? "") ?? []) {
      if (j < rightFrom) continue
      if (j >= rightTo) break
      const length = (before.get(j - 1) ?? 0) + 1
      here.set(j, length)
      if (length > best.length) best = { left: i - length + 1, right: j - length + 1, length }
    }
    before = here
  }
  return best
}

/** In order; blocks that touch on both sides may stand one after the other. */
export const matchingBlocks = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): ReadonlyArray<Block> => {
  const places = new Map<string, Array<number>>()
  for (const [j, item] of right.entries()) places.set(item, [...(places.get(item) ?? []), j])
  const blocks: Array<Block> = []
  const ranges: Array<Range> = [[0, left.length, 0, right.length]]
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const block = longest(left, places, range)
    if (block.length === 0) continue
    const [leftFrom, leftTo, rightFrom, rightTo] = range
    blocks.push(block)
    ranges.push([leftFrom, block.left, rightFrom, block.right])
    ranges.push([block.left + block.length, leftTo, block.right + block.length, rightTo])
  }
  return blocks.sort((a, b) => a.left - b.left)
}

export const matches = (blocks: ReadonlyArray<Block>): number => blocks.reduce((sum, { length }) => sum + length, 0)
