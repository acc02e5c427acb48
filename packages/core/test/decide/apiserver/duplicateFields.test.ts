/** Fields that are said more than once. */
import fc from "fast-check"
import { expect, test } from "vitest"
import { duplicateFields } from "../../../src/decide/apiserver/duplicateFields.ts"

test("C-043: each is named once, by its path, in the order of the text", () => {
  const text = `{"a": 1, "spec": {"paused": true, "list": [{"x": 1}, {"x": 1, "x": {"y": 2, "y": 3}, "x": 4}], "paused": false}, "a": ["}", "{"]}`
  expect(duplicateFields(text)).toEqual(["spec.list[1].x", "spec.list[1].x.y", "spec.paused", "a"])
})

test("what looks like a field within a text is none", () => {
  expect(duplicateFields('{"a": "\\"a\\": 1, {\\"a\\"", "b": ["a", "a"], "c": {"a": 1}}')).toEqual([])
})

test("what a program writes says nothing twice", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(duplicateFields(JSON.stringify(JSON.parse(text)))).toEqual([])
    })
  )
})
