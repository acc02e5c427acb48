/** resourceVersions are compared as numbers of any length. */
import { assert, describe, it } from "vitest"
import { compareResourceVersions } from "../../src/event/resourceVersion.ts"

describe("compareResourceVersions", () => {
  const pairs: ReadonlyArray<readonly [a: string, b: string, sign: number]> = [
    ["9", "10", -1],
    ["10", "9", 1],
    ["7", "7", 0],
    ["9007199254740993", "9007199254740992", 1],
    ["340282366920938463463374607431768211455", "340282366920938463463374607431768211454", 1],
    ["99999999999999999999", "340282366920938463463374607431768211455", -1]
  ]

  it.each(pairs)("of %s and %s", (a, b, sign) => {
    assert.strictEqual(Math.sign(compareResourceVersions(a, b) ?? Number.NaN), sign)
  })

  it("says nothing of what is no number", () => {
    for (const odd of ["", "abc", "01", "-1", "1.5", "1e3"]) assert.isUndefined(compareResourceVersions(odd, "5"))
    assert.strictEqual(compareResourceVersions("abc", "abc"), 0)
  })
})
