import fc from "fast-check"
import { expect, it } from "vitest"
import { lastNews, noProgress, type Progress, progressOf, together } from "../../src/index.ts"

const names = fc.uniqueArray(fc.constantFrom("L1", "L2", "L3", "delete Pod × ready"), { maxLength: 4 })

/** Whatever a run of cases may come to. */
const anyProgress: fc.Arbitrary<Progress> = fc
  .array(fc.record({ index: fc.nat(20), broken: names, fired: names, reached: names, refused: fc.nat(3) }), {
    maxLength: 5
  })
  .map((cases) =>
    cases.reduce((sum, { broken, fired, index, reached, refused }) => {
      const findings = broken.map((property) => ({ property, slice: `${index}`, seq: index }))
      return together(sum, progressOf(index, { events: index, findings, fired, reached, refused, threw: undefined }))
    }, noProgress)
  )

it("is the same, however cases were shared out and in whatever order they were summed", () => {
  fc.assert(
    fc.property(anyProgress, anyProgress, anyProgress, (a, b, c) => {
      expect(together(together(a, b), c)).toEqual(together(a, together(b, c)))
      const { broken: one, ...ab } = together(a, b)
      const { broken: other, ...ba } = together(b, a)
      expect(ab).toEqual(ba)
      expect(Object.keys(one)).toEqual(Object.keys(other))
      expect(together(a, noProgress)).toEqual(a)
    })
  )
})

it("names the first case that breaks something, and the last that reached something new", () => {
  const result = { events: 1, fired: [], refused: 0, threw: undefined }
  const at = (index: number, reached: ReadonlyArray<string>) =>
    progressOf(index, { ...result, findings: [{ property: "L1", slice: "s", seq: 3 }], reached })
  const sum = together(at(7, ["a", "b"]), together(at(2, ["a"]), at(9, ["b"])))
  expect(sum.broken["L1"]).toMatchObject({ first: 2, cases: 3 })
  expect(lastNews(sum)).toBe(7)
  expect(lastNews(noProgress)).toBe(-1)
})
