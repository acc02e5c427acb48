/** Which pods go first, by the cases of `pkg/controller/controller_utils_test.go` (TestSortingActivePodsWithRanks) and `replica_set_test.go`. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { podsToDelete } from "../../../src/decide/controller/rankPodsToDelete.ts"
import { NOW, type PodWords, pod } from "./given.ts"

/** All of them but one, which takes the last place: their order. */
const order = (words: ReadonlyArray<PodWords>, related: ReadonlyArray<PodWords> = []): ReadonlyArray<string> => {
  const pods = words.map(pod)
  const chosen = podsToDelete(pods, related.map(pod), pods.length - 1, NOW)
  const last = pods.find((one) => !chosen.includes(one))
  return [...chosen, ...(last === undefined ? [] : [last])].map(({ metadata }) => metadata.name)
}

/** Each goes before the next, whichever is given first. */
const goesBefore = (first: PodWords, second: PodWords, related: ReadonlyArray<PodWords> = []): void => {
  const [a, b] = [
    { ...first, name: "first" },
    { ...second, name: "second" }
  ]
  expect(order([a, b], related)).toEqual(["first", "second"])
  expect(order([b, a], related)).toEqual(["first", "second"])
}

describe("pods to delete", () => {
  it.each<[string, PodWords, PodWords]>([
    ["unassigned before assigned", { node: "" }, { phase: "Pending" }],
    ["Pending before Unknown", { phase: "Pending" }, { phase: "Unknown" }],
    ["Unknown before Running", { phase: "Unknown" }, {}],
    ["not ready before ready", {}, { ready: 5 }],
    ["the cheaper before the dearer", { ready: 100, cost: "-5" }, { ready: 1 }],
    ["a cost with a sign and a zero counts", { ready: 100, cost: "-05" }, { ready: 1 }],
    ["the least cost that there is counts", { ready: 100, cost: "-2147483648" }, { ready: 1 }],
    ["a cost that is no number counts as none", { ready: 100, cost: "-1" }, { ready: 1, cost: "+5" }],
    ["a cost beyond 32 bits counts as none", { ready: 1, cost: "2147483648" }, { ready: 100 }],
    ["ready for less time before ready for longer", { ready: 10, restarts: 0 }, { ready: 1_000, restarts: 9 }],
    ["more restarts before fewer", { restarts: 3, age: 1_000 }, { restarts: 1, age: 1 }],
    ["more restarts of sidecars", { sidecarRestarts: 3 }, { sidecarRestarts: 1 }],
    ["younger before older", { age: 10 }, { age: 1_000 }]
  ])("C-269: %s", (_, first, second) => {
    goesBefore(first, second)
  })

  it("C-269, C-417: ready about as long as each other, they go by their UID", () => {
    // 600 s and 900 s are both between 2^39 and 2^40 nanoseconds.
    expect(
      order([
        { name: "b", ready: 600 },
        { name: "a", ready: 900 }
      ])
    ).toEqual(["a", "b"])
    expect(
      order([
        { name: "a", age: 900 },
        { name: "b", age: 600 }
      ])
    ).toEqual(["a", "b"])
    expect(
      order([
        { name: "b", age: 900 },
        { name: "a", age: 600 }
      ])
    ).toEqual(["a", "b"])
  })

  it("C-269: on a node with more active pods of the same owner before others", () => {
    const related = [
      { node: "n-1" },
      { node: "n-2" },
      { node: "n-2" },
      { node: "n-1", deleting: true },
      { node: "n-1", phase: "Failed" }
    ]
    goesBefore({ node: "n-2", ready: 1_000 }, { node: "n-1", ready: 1 }, related)
  })

  it("C-269: when all go, they go in the order in which they are known", () => {
    const pods = [{ name: "c", ready: 5 }, { name: "a", node: "" }, { name: "b" }].map(pod)
    expect(podsToDelete(pods, [], 3, NOW)).toEqual(pods)
  })

  it("C-269: unassigned, then by phase, then not ready, then by cost, whatever else they are", () => {
    const words = fc.record({
      phase: fc.constantFrom("Pending", "Unknown", "Running"),
      node: fc.constantFrom("", "n-1", "n-2"),
      age: fc.nat(2_000),
      restarts: fc.nat(2),
      cost: fc.constantFrom("0", "1", "-1"),
      since: fc.option(fc.nat(2_000))
    })
    const rank = ({ cost, node, phase, ready }: PodWords) =>
      [node !== "", ["Pending", "Unknown", "Running"].indexOf(phase ?? ""), ready !== undefined, Number(cost) + 1]
        .map(Number)
        .join("")
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 9 }), (all) => {
        const named = all.map(({ since, ...rest }, i) => ({
          ...rest,
          name: `p${i}`,
          ...(since === null ? {} : { ready: since })
        }))
        const ranks = order(named).map((name) => rank(named.find((one) => one.name === name) ?? {}))
        // The last is what was left over of the sorted ones.
        expect(ranks).toEqual([...ranks].sort())
      })
    )
  })
})
