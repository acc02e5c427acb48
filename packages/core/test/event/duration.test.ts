/** Durations as Go reads and prints them. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatDuration, parseDuration } from "../../src/event/duration.ts"

describe("a duration", () => {
  it.each([
    ["0", 0],
    ["0s", 0],
    ["5s", 5_000_000],
    ["1m30s", 90_000_000],
    ["500ms", 500_000],
    ["1.5h", 5_400_000_000],
    ["250µs", 250],
    ["250us", 250],
    [".5s", 500_000],
    ["1.s", 1_000_000],
    ["-2s", -2_000_000],
    ["+2s", 2_000_000],
    ["14.700000000000001s", 14_700_000],
    ["1999ns", 1]
  ])("reads %s", (text, micros) => {
    expect(parseDuration(text)).toBe(micros)
  })

  it.each(["", "5", "s", ".s", "1x", "1m 30s", "1,5s", "5S", "1e3s", "9999999999h"])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it.each([
    [0, "0s"],
    [1, "1µs"],
    [1_500, "1.5ms"],
    [500_000, "500ms"],
    [1_000_000, "1s"],
    [90_000_000, "1m30s"],
    [3_600_500_000, "1h0m0.5s"],
    [-2_000_000, "-2s"]
  ])("prints %i as %s", (micros, text) => {
    expect(formatDuration(micros)).toBe(text)
  })

  it("comes back from its text", () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        (micros) => parseDuration(formatDuration(micros)) === micros || Object.is(micros, -0)
      )
    )
  })
})
