/** What is asked of a log by its query. */
import { expect, it } from "vitest"
import { logOptions } from "../../src/http/podLog.ts"

const follows = (query: string) => {
  const options = logOptions(new URLSearchParams(query))
  return typeof options === "string" ? options : options.follow
}

it.each([
  ["", false],
  ["follow=true", true],
  ["follow=True", true],
  ["follow", true],
  ["follow=1", true],
  ["follow=false", false],
  ["follow=False", false],
  ["follow=FALSE", false],
  ["follow=0", false]
])("%j is read as Kubernetes reads it", (query, follow) => {
  expect(follows(query)).toBe(follow)
})
