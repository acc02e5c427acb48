import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { goJsonError } from "../../../src/decide/apiserver/goJsonError.ts"

describe("what Go says about a text that is no JSON object", () => {
  it.each([
    ["{no", "invalid character 'n' looking for beginning of object key string"],
    ["", "unexpected end of JSON input"],
    ['{"a":1', "unexpected end of JSON input"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ["{} x", "invalid character 'x' after top-level value"],
    ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
    ["nil", "invalid character 'i' in literal null (expecting 'u')"],
    ['{"a":"\n"}', "invalid character '\\n' in string literal"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
    ["[1]", "json: cannot unmarshal array into Go value of type map[string]interface {}"],
    ["true", "json: cannot unmarshal bool into Go value of type map[string]interface {}"]
  ])("%j: %s", (text, message) => {
    expect(goJsonError(text)).toBe(message)
  })

  it("is nothing of every object, and something of every text that is no JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        expect(goJsonError(JSON.stringify(object))).toBeUndefined()
      })
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const isJson = (() => {
          try {
            JSON.parse(text)
            return true
          } catch {
            return false
          }
        })()
        if (!isJson) expect(goJsonError(text)).toBeDefined()
      })
    )
  })
})
