import { expect, it } from "vitest"
import { globMatches } from "../../src/port/glob.ts"

it.each([
  ["*", "anything/at:all", true],
  ["127.0.0.1:5000/*", "127.0.0.1:5000/busybox:1", true],
  ["web-?", "web-1", true],
  ["web-?", "web-10", false],
  ["web-[12]", "web-2", true],
  ["web-[!12]", "web-2", false],
  ["a.b", "axb", false],
  ["main", "maintenance", false],
  ["a+(b)$", "a+(b)$", true]
])("%s and %s: %s", (pattern, text, expected) => {
  expect(globMatches(pattern, text)).toBe(expected)
})
