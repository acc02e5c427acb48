/** Which items of two sequences belong together: as many equal ones as possible, in order, and those nearest in time. */

/** Places in the left and in the right sequence. */
export type Match = readonly [left: number, right: number]

/** Up to here every alignment is tried, so that among the longest the one with the least difference of times is taken. */
const exhaustive = 250_000
/** So many edits are searched before what was found so far is kept (the effort is at most edits × length). */
const maximalEdits = 1_024

/** A longest common subsequence with the least `cost` (0 ≤ cost < 1) summed over its matches. */
const byDynamicProgramming = (
  n: number,
  m: number,
  equal: (i: number, j: number) => boolean,
  cost: (i: number, j: number) => number
): Array<Match> => {
  const width = m + 1
  const best = new Float64Array((n + 1) * width)
  const gain = (i: number, j: number): number => 1 - cost(i, j) / (n + m)
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      const skip = Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0)
      const take = equal(i, j) ? (best[(i + 1) * width + j + 1] ?? 0) + gain(i, j) : -1
      best[i * width + j] = Math.max(skip, take)
    }
  }
  const matches: Array<Match> = []
  for (let i = 0, j = 0; i < n && j < m; ) {
    const here = best[i * width + j] ?? 0
    if (equal(i, j) && here === (best[(i + 1) * width + j + 1] ?? 0) + gain(i, j)) matches.push([i++, j++])
    else if (here === (best[(i + 1) * width + j] ?? 0)) i++
    else j++
  }
  return matches
}

/**
 * Myers' greedy search from one point. Where it needs more than `maximalEdits` it stops at the farthest point that it
 * reached; the caller goes on from there.
 */
const byEdits = (
  n: number,
  m: number,
  equal: (i: number, j: number) => boolean
): { matches: Array<Match>; end: Match } => {
  const limit = Math.min(n + m, maximalEdits)
  const offset = limit + 1
  const reach = new Int32Array(2 * limit + 3)
  const trace: Array<Int32Array> = []
  let end: Match = [0, 0]
  let editsToEnd = 0
  search: for (let edits = 0; edits <= limit; edits++) {
    trace.push(reach.slice(offset - edits - 1, offset + edits + 2))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (reach[offset + k - 1] ?? 0) < (reach[offset + k + 1] ?? 0))
      let x = down ? (reach[offset + k + 1] ?? 0) : (reach[offset + k - 1] ?? 0) + 1
      while (x < n && x - k < m && x - k >= 0 && equal(x, x - k)) x++
      reach[offset + k] = x
      const y = x - k
      if (x <= n && y <= m && x + y > end[0] + end[1]) [end, editsToEnd] = [[x, y], edits]
      if (x === n && y === m) break search
    }
  }
  return { matches: backtrack(trace, editsToEnd, end), end }
}

/** The equal steps of the path that led to `end`; `trace[d]` is how far each diagonal had come before the d-th edit. */
const backtrack = (trace: ReadonlyArray<Int32Array>, edits: number, end: Match): Array<Match> => {
  const matches: Array<Match> = []
  let [x, y] = end
  for (let d = edits; d >= 0; d--) {
    const before = trace[d]
    const reached = (k: number): number => before?.[k + d + 1] ?? 0
    const k = x - y
    const down = k === -d || (k !== d && reached(k - 1) < reached(k + 1))
    const startX = d === 0 ? 0 : down ? reached(k + 1) : reached(k - 1) + 1
    while (x > startX && y > 0) matches.push([--x, --y])
    if (d === 0) break
    if (down) y--
    else x--
  }
  return matches.reverse()
}

/**
 * Aligns two sequences of keys. `cost` says how ill two equal items fit (0 to below 1, their difference of time); it
 * decides between alignments of one length as long as the sequences are short enough to try them all.
 */
export const align = (
  left: ReadonlyArray<string>,
  right: ReadonlyArray<string>,
  cost: (i: number, j: number) => number = () => 0
): ReadonlyArray<Match> => {
  const [n, m] = [left.length, right.length]
  if (n === m && left.every((key, i) => key === right[i])) return left.map((_, i) => [i, i] as const)
  if (n * m <= exhaustive) return byDynamicProgramming(n, m, (i, j) => left[i] === right[j], cost)
  const matches: Array<Match> = []
  let [x, y] = [0, 0]
  while (x < n && y < m) {
    const [fromX, fromY] = [x, y]
    const { matches: found, end } = byEdits(n - x, m - y, (i, j) => left[fromX + i] === right[fromY + j])
    for (const [i, j] of found) matches.push([fromX + i, fromY + j])
    if (end[0] + end[1] === 0) break
    x += end[0]
    y += end[1]
  }
  return matches
}
