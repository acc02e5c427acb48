import { describe, expect, it } from "vitest"
import { canonical } from "../../../src/event/Json.ts"
import {
  type Enumeration,
  scenarioOfDocument,
  scopedKinds,
  scopedPods,
  smallScopes
} from "../../../src/testing/scenario/index.ts"

const all = (enumeration: Enumeration) => [...enumeration].map((document) => canonical(document))

describe("all small scenarios", () => {
  it("are 766 964: orders of up to four of ten things, at four moments, for four pods", () => {
    const of = (orders: number, choices: number) => 4 * orders * choices
    expect(smallScopes().count).toBe(of(1, 1) + of(10, 4) + of(90, 10) + of(720, 20) + of(5_040, 35))
    expect(smallScopes().count).toBe(766_964)
  })

  it("are each there once, and are scenarios", () => {
    const some = smallScopes({
      pods: scopedPods.slice(0, 2),
      kinds: scopedKinds.slice(4, 8),
      moments: [1, 10, 31],
      most: 3
    })
    const documents = all(some)
    expect(documents.length).toBe(some.count)
    expect(some.count).toBe(2 * (1 + 4 * 3 + 12 * 6 + 24 * 10))
    expect(new Set(documents).size).toBe(documents.length)
    for (const document of [...some].filter((_, i) => i % 29 === 0)) scenarioOfDocument(document)
  })

  it("can be had by their numbers, the shorter ones first", () => {
    const { at, count } = smallScopes()
    const steps = (index: number) => scenarioOfDocument(at(index)).steps.length
    expect([steps(0), steps(3), steps(4)]).toEqual([1, 1, 2])
    expect(steps(count - 1)).toBeGreaterThanOrEqual(5)
    expect(() => at(count)).toThrow("there are 766964 small scenarios")
  })

  it("have what is done in every order, also at the same moment", () => {
    const [kill, restart] = [scopedKinds[3], scopedKinds[6]]
    const two = smallScopes({
      pods: scopedPods.slice(0, 1),
      kinds: [kill, restart].map((one) => one ?? (() => [])),
      moments: [1, 10],
      most: 2
    })
    const orders = [...two].map((document) =>
      scenarioOfDocument(document)
        .steps.map(({ at, intention }) => `${intention._tag} ${at / 1_000_000}`)
        .slice(1)
        .join(", ")
    )
    expect(orders).toEqual([
      "",
      ...["Kill 1", "Kill 10", "Node 1", "Node 10"],
      ...["Kill 1, Node 1", "Kill 1, Node 10", "Kill 10, Node 10"],
      ...["Node 1, Kill 1", "Node 1, Kill 10", "Node 10, Kill 10"]
    ])
  })
})
