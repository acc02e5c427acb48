import fc from "fast-check"
import { expect, it } from "vitest"
import { ms, quantile } from "../../src/profile/quantiles.ts"

const spread = ms(1, 5, 20, 100)

it("is the least at 0, the median at a half, the 95th percentile where it says", () => {
  expect([0, 0.5, 0.95].map((u) => quantile(spread, u))).toEqual([1_000, 5_000, 20_000])
})

it("grows with the draw, between the least and the largest", () => {
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(draw, draw, (a, b) => {
      const [low, high] = [quantile(spread, Math.min(a, b)), quantile(spread, Math.max(a, b))]
      return 1_000 <= low && low <= high && high <= 100_000 && Number.isInteger(low)
    })
  )
})
