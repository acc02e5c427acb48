/** Label selectors as `labels.Parse` of Kubernetes 1.36.3 reads them (C, section 3.3). */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { matchesLabels, parseLabelSelector } from "../../../../src/decide/apiserver/list/labelSelector.ts"
import { golden, type Said, titled } from "./golden.ts"

const { objects } = golden<{ objects: ReadonlyArray<{ readonly [key: string]: string }> }>("labelCases")

describe("a label selector", () => {
  it.each(titled(golden<ReadonlyArray<Said>>("goLabels")))("$title", ({ text, error, selected }) => {
    const parsed = parseLabelSelector(text)
    expect(Result.isFailure(parsed) ? parsed.failure : undefined).toBe(error)
    if (Result.isFailure(parsed)) return
    expect(objects.flatMap((labels, i) => (matchesLabels(parsed.success, labels) ? [i] : []))).toEqual(selected)
  })

  it("selects by labels that have the names of what every object inherits", () => {
    const selector = Result.getOrThrow(parseLabelSelector("constructor"))
    expect([matchesLabels(selector, {}), matchesLabels(selector, { constructor: "x" })]).toEqual([false, true])
    expect(matchesLabels(selector)).toBe(false)
  })
})
