import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseDuration } from "../../../src/event/duration.ts"
import { canonical, type Json, type JsonObject } from "../../../src/event/Json.ts"
import { sha256Hex } from "../../../src/event/sha256.ts"
import { actionKinds, anySwarm, faultKinds, suppressors } from "../../../src/testing/scenario/chaos/Swarm.ts"
import {
  anyChaosDocument,
  chaosDocument,
  drawnWith,
  scenarioOfDocument,
  seedOf
} from "../../../src/testing/scenario/index.ts"

const sizes = ["small", "standard", "any"] as const
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const documents = (size: (typeof sizes)[number], count: number) => numbers(count).map((i) => chaosDocument(7, i, size))
const standard = documents("standard", 150)

interface Step {
  readonly at: string
  readonly [verb: string]: unknown
}
const specOf = (document: JsonObject) =>
  document["spec"] as unknown as {
    readonly nodes: ReadonlyArray<{ readonly name: string }>
    readonly steps: ReadonlyArray<Step>
    readonly until: string
  }
const stepsOf = (document: JsonObject) => specOf(document).steps
const seconds = (text: string) => (parseDuration(text) ?? Number.NaN) / 1_000_000

describe("a document drawn for a seed and a number", () => {
  it("is the same whenever and wherever it is drawn", () => {
    const text = numbers(20)
      .map((i) => canonical(chaosDocument(1, i, sizes[i % 3])))
      .join("\n")
    for (const i of [7, 3, 19]) expect(text.split("\n")[i]).toBe(canonical(chaosDocument(1, i, sizes[i % 3])))
    // Whoever changes what is drawn changes this, and with it what saved seeds stand for.
    expect(sha256Hex(text)).toMatchInlineSnapshot(`"78b81698cafac279f6f7d2d2255fb334975b65a8c6d1244a00339a1809c211e6"`)
  })

  it("is another one for every number and seed", () => {
    const all = numbers(300).flatMap((i) => [
      canonical(chaosDocument(1, i, "small")),
      canonical(chaosDocument(2, i, "small"))
    ])
    expect(new Set(all).size).toBe(all.length)
  })

  it("is what fast-check draws in any run, first or later", () => {
    const arbitrary = anyChaosDocument("small")
    const seed = seedOf(1, 0)
    expect(fc.sample(arbitrary, { seed, numRuns: 1 })).toEqual([chaosDocument(1, 0, "small")])
  })

  it.each(sizes)("of size %s is a scenario", (size) => {
    for (const document of documents(size, 60)) expect(scenarioOfDocument(document).steps.length).toBeGreaterThan(0)
  })

  it("is plain data: what is written as YAML or JSON is all of it", () => {
    for (const document of standard.slice(0, 20)) expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  it("has about sixty steps in an hour", () => {
    const counts = standard.map((document) => stepsOf(document).length)
    const average = counts.reduce((sum, count) => sum + count, 0) / counts.length
    expect(average).toBeGreaterThan(50)
    expect(average).toBeLessThan(70)
    expect(new Set(standard.map((document) => specOf(document).until))).toEqual(new Set(["1h0m0s"]))
  })

  it("stays valid when it is made smaller, and gets small", () => {
    const arbitrary = anyChaosDocument("standard")
    let value = drawnWith(arbitrary, 5)
    // Everything fails: only the first of all ways is gone, to the end.
    for (;;) {
      const [next] = arbitrary.shrink(value.value, value.context).take(1)
      if (next === undefined) break
      value = next
      scenarioOfDocument(value.value)
    }
    expect(stepsOf(value.value)).toEqual([])
  })
})

/** What a node is told to be, all in all. */
const left = (document: JsonObject): ReadonlyArray<string> => {
  const state = new Map<string, Json>()
  for (const { at, ...verb } of stepsOf(document)) {
    const { name, ...does } = (verb["node"] ?? {}) as JsonObject
    for (const [what, how] of Object.entries(does)) state.set(`${String(name)} ${what}`, how ?? null)
    const drained = (verb["drain"] as JsonObject | undefined)?.["node"]
    if (drained !== undefined) state.set(`${String(drained)} cordon`, true)
    const patch = verb["patch"] as { kind: string; name: string; patch: { spec?: { taints?: Json } } } | undefined
    if (patch?.kind === "Node") state.set(`${patch.name} taints`, patch.patch.spec?.taints ?? null)
    const lasts = ((verb["fault"] ?? verb["watch"]) as JsonObject | undefined)?.["for"]
    if (lasts !== undefined)
      state.set(`ends ${at}`, seconds(at) + seconds(String(lasts)) <= 2_400.001 ? "in time" : "late")
  }
  const harmless = new Set<Json>(["heal", "on", "start", "restart", false, null, "in time"])
  return [...state].flatMap(([what, how]) => {
    const isFine =
      harmless.has(how) || / (add|remove)$/.test(what) || (what.endsWith("staticPods") && canonical(how) === "[]")
    return isFine ? [] : [`${what}: ${canonical(how)}`]
  })
}

describe("whatever happened to the cluster", () => {
  it("is undone before it comes to rest", () => {
    for (const document of standard) expect(left(document)).toEqual([])
  })

  it("this is seen when it is not", () => {
    const off = { at: "1s", node: { name: "n-1", power: "off" } }
    expect(left({ spec: { steps: [off] } })).toEqual([`n-1 power: "off"`])
  })

  it("leaves a third of the hour for that", () => {
    for (const document of standard)
      for (const { at } of stepsOf(document)) expect(seconds(at)).toBeLessThanOrEqual(2_400)
  })
})

describe("what is drawn", () => {
  const verbs = (steps: ReadonlyArray<Step>) => new Set(steps.flatMap((step) => Object.keys(step)))

  it("knows every kind of step that a scenario has", () => {
    expect(verbs(standard.flatMap(stepsOf))).toEqual(
      new Set(["at", "apply", "delete", "patch", "scale", "evict", "exec", "kill", "node", "drain", "fault", "watch"])
    )
  })

  it("is rich in something else each time: half of the kinds do not occur, and what destroys is off in three of five", () => {
    const swarms = fc.sample(anySwarm("standard"), { numRuns: 1_000, seed: 1 })
    const share = (kind: string) =>
      swarms.filter(({ actions, faults }) => [...actions.kinds, ...faults.kinds].some((one) => one === kind)).length /
      1_000
    const destroys = new Set<string>([...suppressors.actions, ...suppressors.more, ...suppressors.faults])
    for (const kind of [...actionKinds, ...faultKinds]) {
      const [least, most] = destroys.has(kind) ? [0.15, 0.25] : [0.42, 0.58]
      expect([kind, share(kind)]).toEqual([kind, expect.closeTo((least + most) / 2, 0)])
      expect(share(kind)).toBeGreaterThan(least)
      expect(share(kind)).toBeLessThan(most)
    }
    for (const { actions } of swarms)
      for (const [i, end] of actions.upTo.entries()) {
        const weight = end - (actions.upTo[i - 1] ?? 0)
        expect(weight).toBeGreaterThanOrEqual(1)
        expect(weight).toBeLessThanOrEqual(100)
      }
  })

  it("comes near to what Kubernetes counts with: ten seconds of back-off, forty of a silent node, ten minutes that end a back-off", () => {
    const texts = new Set(standard.flatMap((document) => JSON.stringify(document).match(/"(?:\d+[hms.]?)+s"/g) ?? []))
    for (const text of [
      "9s",
      "10s",
      "11s",
      "20s",
      "39s",
      "40s",
      "41s",
      "50s",
      "4m59s",
      "5m0s",
      "5m1s",
      "9m59s",
      "10m0s",
      "10m1s"
    ])
      expect(texts).toContain(`"${text}"`)
  })
})
