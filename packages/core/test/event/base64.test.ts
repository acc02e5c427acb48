import { expect, it } from "vitest"
import { base64OfText, corruptBase64At, textOfBase64 } from "../../src/event/base64.ts"

it("reads texts, and says when there is none", () => {
  expect(textOfBase64("eyJhIjoiw6QifQ==")).toBe('{"a":"ä"}')
  expect(textOfBase64("")).toBe("")
  expect(textOfBase64("/w==")).toBeUndefined()
  expect(textOfBase64("%")).toBeUndefined()
  expect(base64OfText('{"a":"ä"}')).toBe("eyJhIjoiw6QifQ==")
})

it.each([
  ["", undefined],
  ["YQ==", undefined],
  ["YWI=", undefined],
  ["YW\nJj", undefined],
  ["value", 4],
  ["not base64!", 3],
  ["Y", 0],
  ["YQ", 0],
  ["=", 0],
  ["YQ=", 3],
  ["YQ=a", 3],
  ["YQ==a", 4]
])("%j is read by Go up to %j", (text, at) => {
  expect(corruptBase64At(text)).toBe(at)
})
