/** Which objects a selector means, by the cases of `apimachinery/pkg/apis/meta/v1/helpers_test.go` and `pkg/labels/selector_test.go`. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { selects } from "../../../src/decide/client/labelSelector.ts"
import type { Json } from "../../../src/event/Json.ts"

const labels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", ""))
const requirement = (operator: string, values?: ReadonlyArray<string>): Json => ({
  matchExpressions: [{ key: "a", operator, ...(values === undefined ? {} : { values }) }]
})

describe("a label selector", () => {
  it.each<[string, Json | undefined, boolean]>([
    ["none at all", undefined, false],
    ["nil", null, false],
    ["an empty one", {}, true],
    ["empty lists", { matchLabels: {}, matchExpressions: [] }, true]
  ])("%s means nothing or everything", (_, selector, all) => {
    fc.assert(fc.property(labels, (given) => selects(selector, given) === all))
    expect(selects(selector)).toBe(all)
  })

  it.each<[string, Json, { readonly [key: string]: string }, boolean]>([
    ["label, the same", { matchLabels: { a: "x" } }, { a: "x", b: "y" }, true],
    ["label, another value", { matchLabels: { a: "x" } }, { a: "y" }, false],
    ["label, absent", { matchLabels: { a: "x" } }, {}, false],
    ["label, empty and absent are not the same", { matchLabels: { a: "" } }, {}, false],
    ["two labels, one missing", { matchLabels: { a: "x", b: "y" } }, { a: "x" }, false],
    ["In", requirement("In", ["x", "y"]), { a: "y" }, true],
    ["In, another", requirement("In", ["x"]), { a: "y" }, false],
    ["In, absent", requirement("In", ["x"]), {}, false],
    ["NotIn, another", requirement("NotIn", ["x"]), { a: "y" }, true],
    ["NotIn, one of them", requirement("NotIn", ["x", "y"]), { a: "y" }, false],
    ["NotIn, absent", requirement("NotIn", ["x"]), {}, true],
    ["Exists", requirement("Exists"), { a: "" }, true],
    ["Exists, absent", requirement("Exists"), { b: "x" }, false],
    ["DoesNotExist", requirement("DoesNotExist"), { b: "x" }, true],
    ["DoesNotExist, there", requirement("DoesNotExist"), { a: "" }, false],
    ["an operator that is none", requirement("Near"), { a: "x" }, false],
    ["names of every object", { matchLabels: { constructor: "x" } }, {}, false]
  ])("%s", (_, selector, given, expected) => {
    expect(selects(selector, given)).toBe(expected)
  })

  it("takes what every requirement takes", () => {
    const one = fc.record({
      key: fc.constantFrom("a", "b"),
      operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
      values: fc.array(fc.constantFrom("x", "y"), { minLength: 1, maxLength: 2 })
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 3 }), labels, labels, (matchExpressions, matchLabels, given) => {
        const each = [
          ...matchExpressions.map((expression) => selects({ matchExpressions: [expression] }, given)),
          ...Object.entries(matchLabels).map(([key, value]) => selects({ matchLabels: { [key]: value } }, given))
        ]
        expect(selects({ matchExpressions, matchLabels }, given)).toBe(each.every((taken) => taken))
      })
    )
  })

  it("NotIn and DoesNotExist take exactly what In and Exists do not", () => {
    const values = fc.array(fc.constantFrom("x", "y", ""), { minLength: 1 })
    fc.assert(
      fc.property(values, labels, (list, given) => {
        expect(selects(requirement("NotIn", list), given)).toBe(!selects(requirement("In", list), given))
        expect(selects(requirement("DoesNotExist"), given)).toBe(!selects(requirement("Exists"), given))
      })
    )
  })
})
