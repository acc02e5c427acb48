/** What a controller counts on, by the cases of `pkg/controller/controller_utils_test.go` (TestControllerExpectations, TestUIDExpectations). */
import { type Instant, SECOND } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Expectations } from "../../src/controller/Expectations.ts"

const NOW = (1_767_225_600 * SECOND) as Instant
const later = (seconds: number): Instant => (NOW + seconds * SECOND) as Instant

describe("expectations", () => {
  it("C-264: nothing is expected of a key that nobody set", () => {
    expect(new Expectations().satisfied("a", NOW)).toBe(true)
  })

  it("C-264: are satisfied when as many creations were observed, in whatever order, also too many", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(3), (count, more) => {
        const expectations = new Expectations()
        expectations.expectCreations("a", count, NOW)
        for (let i = 0; i < count + more; i++) {
          expect(expectations.satisfied("a", NOW)).toBe(i >= count)
          expectations.creationObserved("a")
        }
        expect(expectations.satisfied("a", NOW)).toBe(true)
      })
    )
  })

  it("C-264: a deletion counts once, however often it is seen, and only those that are expected", () => {
    const expectations = new Expectations()
    expectations.expectDeletions("a", ["n/p", "n/q"], NOW)
    for (const pod of ["n/p", "n/p", "n/other"]) expectations.deletionObserved("a", pod)
    expect(expectations.satisfied("a", NOW)).toBe(false)
    expectations.deletionObserved("a", "n/q")
    expect(expectations.satisfied("a", NOW)).toBe(true)
  })

  it("C-264: are given up after five minutes", () => {
    const expectations = new Expectations()
    expectations.expectCreations("a", 2, NOW)
    expect(expectations.satisfied("a", later(300))).toBe(false)
    expect(expectations.satisfied("a", later(300.000001))).toBe(true)
  })

  it("C-264: new ones replace the old, and forgotten ones are none", () => {
    const expectations = new Expectations()
    expectations.expectCreations("a", 2, NOW)
    expectations.expectDeletions("a", ["n/p"], NOW)
    expectations.deletionObserved("a", "n/p")
    expect(expectations.satisfied("a", NOW)).toBe(true)
    expectations.expectCreations("a", 1, NOW)
    expectations.delete("a")
    expect(expectations.satisfied("a", NOW)).toBe(true)
  })

  it("of one key are not those of another", () => {
    const expectations = new Expectations()
    expectations.expectCreations("a", 1, NOW)
    expectations.creationObserved("b")
    expect([expectations.satisfied("a", NOW), expectations.satisfied("b", NOW)]).toEqual([false, true])
  })
})
