/** The alignment of two sequences: in order, equal, as long as possible, and bounded. */
import fc from "fast-check"
import { expect, it } from "vitest"
import { align } from "../../src/view/compare/align.ts"

const lengthOfLongest = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): number => {
  let row = new Uint32Array(right.length + 1)
  for (const a of left) {
    const next = new Uint32Array(right.length + 1)
    for (const [j, b] of right.entries())
      next[j + 1] = a === b ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0)
    row = next
  }
  return row[right.length] ?? 0
}

const check = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): number => {
  const matches = align(left, right)
  let [i, j] = [-1, -1]
  for (const [x, y] of matches) {
    expect(x > i && y > j && left[x] === right[y]).toBe(true)
    ;[i, j] = [x, y]
  }
  return matches.length
}

const letters = (maxLength: number, minLength = 0) =>
  fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength, maxLength })

it("finds a longest common subsequence of short sequences", () => {
  fc.assert(
    fc.property(letters(30), letters(30), (left, right) => {
      expect(check(left, right)).toBe(lengthOfLongest(left, right))
    })
  )
})

it("finds one of long sequences too, by edits", () => {
  fc.assert(
    fc.property(letters(700, 550), letters(700, 550), (left, right) => {
      expect(check(left, right) === lengthOfLongest(left, right)).toBe(true)
    }),
    { numRuns: 10, endOnFailure: true }
  )
})

it("stays valid and quick where two long sequences have little in common", () => {
  const left = Array.from({ length: 6_000 }, (_, i) => `l${i}`)
  const right = Array.from({ length: 6_000 }, (_, i) => (i % 100 === 99 ? `l${i}` : `r${i}`))
  expect(check(left, right)).toBeGreaterThanOrEqual(1)
  expect(check(left.slice(0, 1_000), right.slice(0, 1_000))).toBe(10)
})

it("takes the matches that are nearest in time among those of one length", () => {
  const times = [
    [0, 10, 20, 30],
    [0, 20, 30]
  ] as const
  const cost = (i: number, j: number) => Math.abs((times[0][i] ?? 0) - (times[1][j] ?? 0)) / 100
  expect(align(["n", "r", "r", "n"], ["n", "r", "n"], cost)).toEqual([
    [0, 0],
    [2, 1],
    [3, 2]
  ])
})
