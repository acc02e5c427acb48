import type { JsonObject } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { faultsOf } from "../../src/shrink/passes/faults.ts"
import { giveNames } from "../../src/shrink/passes/names.ts"
import { bareWorkloads, dropObjects } from "../../src/shrink/passes/objects.ts"
import { mergeSteps } from "../../src/shrink/passes/steps.ts"
import { reduceList, reducePairs } from "../../src/shrink/reduceList.ts"
import { Search } from "../../src/shrink/Search.ts"
import { stepsOf } from "../planted.ts"

const node = (does: JsonObject): JsonObject => ({ at: "1s", node: { name: "n-1", ...does } })
const pod = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { ...more, containers: [{ name: "c0", image: "there:1" }] }
})
const documentOf = (steps: ReadonlyArray<JsonObject>, more: JsonObject = {}): JsonObject => ({
  apiVersion: "kubereel.dev/v1alpha1",
  kind: "Scenario",
  metadata: { name: "any" },
  spec: { ...more, steps, until: "1m" }
})
const searching = (document: JsonObject, holds: (document: JsonObject) => boolean) =>
  new Search(document, "it", (_, candidate) => (holds(candidate) ? "it" : undefined), {
    runs: 1_000,
    isLate: () => false
  })

describe("a list that is reduced", () => {
  it("keeps what is needed and nothing else", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60), { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), (list, n) => {
        const needed = list.filter((one) => one % n === 0)
        expect(reduceList(list, (kept) => needed.every((one) => kept.includes(one)))).toEqual(needed)
      })
    )
  })

  it("asks about as often as there are entries, not about all their subsets", () => {
    let asked = 0
    const list = Array.from({ length: 64 }, (_, i) => i)
    reduceList(list, (kept) => {
      asked++
      return kept.includes(17) && kept.includes(40)
    })
    expect(asked).toBeLessThan(40)
  })

  it("loses two at a time where neither can be lost alone", () => {
    const even = (kept: ReadonlyArray<number>) => kept.length % 2 === 0
    expect(reduceList([1, 2, 3, 4], even).length).toBe(0)
    expect(reducePairs([1, 2, 3], (kept) => kept.length % 2 === 1)).toEqual([3])
  })
})

describe("a fault", () => {
  it("is what begins it with what ends it, on the same node", () => {
    const steps: ReadonlyArray<JsonObject> = [
      node({ kubelet: "stop" }),
      node({ power: "off" }),
      { at: "2s", kill: { pod: "p", container: "c0" } },
      { at: "2s", node: { name: "n-2", kubelet: "start" } },
      node({ kubelet: "start" }),
      { at: "3s", fault: { node: "n-1", call: "Status" } },
      node({ power: "on" }),
      { at: "4s", drain: { node: "n-1" } },
      node({ cordon: false }),
      {
        at: "5s",
        patch: { kind: "Node", name: "n-1", patch: { spec: { taints: [{ key: "k", effect: "NoExecute" }] } } }
      },
      { at: "6s", patch: { kind: "Node", name: "n-1", patch: { spec: { taints: null } } } },
      node({ remove: true }),
      node({ add: {} }),
      { at: "7s", delete: { kind: "Node", name: "n-1" } },
      node({ kubelet: "restart" })
    ]
    expect(faultsOf(steps)).toEqual([[0, 4], [1, 6], [3], [5], [7, 8], [9, 10], [11, 12], [13, 14]])
  })
})

describe("an object that goes", () => {
  it("takes with it what is said of it: steps, programs, faults of its node", () => {
    const document = documentOf(
      [
        { at: "0s", apply: [pod("a"), pod("b")] },
        { at: "1s", kill: { pod: "a", container: "c0" } },
        { at: "1s", kill: { pod: "b", container: "c0" } },
        { at: "2s", node: { name: "n-2", power: "off" } },
        { at: "2s", drain: { node: "n-1" } }
      ],
      {
        nodes: [{ name: "n-1" }, { name: "n-2" }],
        programs: [
          { match: { pod: "a" }, runs: [{}] },
          { match: { pod: "b" }, runs: [{}] }
        ]
      }
    )
    const search = searching(document, (candidate) => JSON.stringify(candidate).includes(`"pod":"b","container"`))
    dropObjects(search)
    expect(search.current["spec"]).toEqual({
      nodes: [{ name: "n-1" }],
      programs: [{ match: { pod: "b" }, runs: [{}] }],
      steps: [
        { at: "0s", apply: pod("b") },
        { at: "1s", kill: { pod: "b", container: "c0" } },
        { at: "2s", drain: { node: "n-1" } }
      ],
      until: "1m"
    })
  })
})

describe("a workload", () => {
  it("gives way to a bare pod of its template, which programs of its pods are still for", () => {
    const template = { metadata: { labels: { app: "w0" } }, spec: pod("x")["spec"] ?? {} }
    const job = (spec: JsonObject, kind: string) => ({ apiVersion: "batch/v1", kind, metadata: { name: "w0" }, spec })
    const bare = { ...pod("w0-0"), metadata: { name: "w0-0", labels: { app: "w0" } } }
    for (const manifest of [job({ template }, "Job"), job({ jobTemplate: { spec: { template } } }, "CronJob")]) {
      const search = searching(documentOf([{ at: "0s", apply: [pod("a"), manifest] }]), () => true)
      bareWorkloads(search)
      expect(stepsOf(search.current)).toEqual([{ at: "0s", apply: [pod("a"), bare] }])
    }
  })
})

describe("what is left", () => {
  it("is applied at once where it is applied at the same moment", () => {
    const search = searching(
      documentOf([
        { at: "0s", apply: pod("a") },
        { at: "0s", apply: [pod("b"), pod("c")] }
      ]),
      () => true
    )
    mergeSteps(search)
    expect(stepsOf(search.current)).toEqual([{ at: "0s", apply: [pod("a"), pod("b"), pod("c")] }])
  })

  it("is called what people call it, everywhere", () => {
    const set = {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "w0" },
      spec: { template: { spec: pod("x")["spec"] ?? {} } }
    }
    const search = searching(
      documentOf(
        [
          {
            at: "0s",
            apply: [pod("p3", { initContainers: [{ name: "s0", image: "there:1", restartPolicy: "Always" }] }), set]
          },
          { at: "1s", kill: { pod: "w0-1", container: "c0" } },
          { at: "1s", delete: { kind: "Pod", name: "p3" } },
          { at: "2s", node: { name: "n-10", power: "off" } }
        ],
        {
          nodes: [{ name: "n-10" }],
          images: [{ image: "there:1", present: true }],
          programs: [{ match: { pod: "w0-*", container: "c0" }, runs: [{}] }]
        }
      ),
      () => true
    )
    giveNames(search)
    const text = JSON.stringify(search.current)
    expect(text).toContain(`"kill":{"pod":"web-2-1","container":"app"}`)
    expect(text).toContain(`"match":{"pod":"web-2-*","container":"app"}`)
    expect(text).toContain(`"delete":{"kind":"Pod","name":"web"}`)
    expect(text).toContain(`{"name":"proxy","image":"app:1","restartPolicy":"Always"}`)
    expect(text).toContain(`"nodes":[{"name":"n-1"}]`)
    expect(text).not.toMatch(/p3|w0|c0|n-10|there/)
  })
})
