import { expect, it } from "vitest"
import { textOfBase64 } from "../../src/event/base64.ts"

it("reads texts, and says when there is none", () => {
  expect(textOfBase64("eyJhIjoiw6QifQ==")).toBe('{"a":"ä"}')
  expect(textOfBase64("")).toBe("")
  expect(textOfBase64("/w==")).toBeUndefined()
  expect(textOfBase64("%")).toBeUndefined()
})
