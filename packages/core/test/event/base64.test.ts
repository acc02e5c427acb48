import { expect, it } from "vitest"
import { base64OfText, textOfBase64 } from "../../src/event/base64.ts"

it("reads texts, and says when there is none", () => {
  expect(textOfBase64("eyJhIjoiw6QifQ==")).toBe('{"a":"ä"}')
  expect(textOfBase64("")).toBe("")
  expect(textOfBase64("/w==")).toBeUndefined()
  expect(textOfBase64("%")).toBeUndefined()
  expect(base64OfText('{"a":"ä"}')).toBe("eyJhIjoiw6QifQ==")
})
