/** Examples of `pkg/controller/job/success_policy_test.go`. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { withIndexes } from "../../../../src/decide/controller/job/OrderedIntervals.ts"
import { matchSuccessPolicy } from "../../../../src/decide/controller/job/successPolicy.ts"
import type { SuccessPolicyRule } from "../../../../src/event/BatchObjects.ts"
import { indexed, job } from "./jobs.ts"

const match = (rules: ReadonlyArray<SuccessPolicyRule>, succeeded: ReadonlyArray<number>, completions = 10) =>
  matchSuccessPolicy(job(indexed(completions, { successPolicy: { rules } })).spec, withIndexes([], succeeded))

describe("a success policy", () => {
  it.each([
    ["enough of all", [{ succeededCount: 2 }], [4, 9], "Matched rules at index 0"],
    ["not enough", [{ succeededCount: 3 }], [4, 9], undefined],
    ["all that are named", [{ succeededIndexes: "0-2" }], [0, 1, 2, 7], "Matched rules at index 0"],
    ["not all that are named", [{ succeededIndexes: "0-2" }], [0, 2, 7], undefined],
    ["enough of those named", [{ succeededIndexes: "0-3", succeededCount: 2 }], [0, 3], "Matched rules at index 0"],
    ["others than those named", [{ succeededIndexes: "0-3", succeededCount: 2 }], [0, 4, 5], undefined],
    ["the second rule", [{ succeededIndexes: "9" }, { succeededCount: 1 }], [3], "Matched rules at index 1"],
    ["nothing yet", [{ succeededCount: 0 }], [], undefined]
  ])("C-306: %s", (_, rules, succeeded, wanted) => {
    expect(match(rules, succeeded)).toBe(wanted)
  })

  it("C-306: counts those of the named indexes that succeeded", () => {
    const indexes = fc.uniqueArray(fc.nat({ max: 19 }), { minLength: 1 })
    fc.assert(
      fc.property(indexes, indexes, fc.integer({ min: 1, max: 20 }), (named, succeeded, count) => {
        const both = named.filter((index) => succeeded.includes(index)).length
        const wanted = Math.min(count, named.length)
        const rule = { succeededIndexes: [...named].sort((a, b) => a - b).join(","), succeededCount: wanted }
        expect(match([rule], succeeded, 20) !== undefined).toBe(both >= wanted)
      })
    )
  })
})
