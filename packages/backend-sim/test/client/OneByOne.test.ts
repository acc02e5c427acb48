import { type Answer, MILLISECOND, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { environments } from "../../src/profile/Environment.ts"
import { type Given, podManifest, scenario } from "../given.ts"

const rig = environments["rig"]!
const at50 = {
  ...rig,
  controlPlane: { ...rig.controlPlane, client: { request: [50, 50, 50, 50].map((one) => one * MILLISECOND) as never } }
}
const onNode = (profile: string): NonNullable<Given["nodes"]> => [
  { name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile }
]

/** What the steps were answered, and when each pod was first seen added, or about to go, in milliseconds of the scenario. */
const played = (given: Omit<Given, "until" | "nodes">, change: string, profile = "at50") => {
  const made = scenario({ ...given, nodes: onNode(profile), until: "10s" })
  const cluster = new Cluster(made, { profiles: { at50 } })
  const answers: Array<ReadonlyArray<Answer>> = []
  for (const { at, intention } of made.steps) {
    cluster.run((made.start + at) as typeof made.start, Number.POSITIVE_INFINITY)
    answers.push(cluster.submit(intention) ?? [])
  }
  cluster.run((made.start + 10 * SECOND) as typeof made.start, Number.POSITIVE_INFINITY)
  const moments = cluster.takeFacts().flatMap((fact) => {
    if (fact._tag !== "ObjectChanged") return []
    const { kind, metadata } = fact.object as unknown as {
      kind: string
      metadata: { name: string; deletionTimestamp?: string }
    }
    if (kind !== "Pod" || (change === "ADDED" ? fact.change !== change : metadata.deletionTimestamp === undefined))
      return []
    return [[metadata.name, ((fact.observed ?? 0) - made.start) / MILLISECOND] as const]
  })
  // A Map keeps the last of a key, and the first change is meant.
  return { answers, moments: Object.fromEntries(moments.toReversed()) }
}

const [a, b, c] = ["a", "b", "c"].map((name) => podManifest(name, ["main"]))

describe("who plays the steps", () => {
  it("makes the objects of a step one after the other, each when the one before is answered", () => {
    const { answers, moments } = played({ steps: [{ at: "1s", apply: [a, b, c] }] }, "ADDED")
    expect(answers[0]?.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(answers[0]?.map(({ body }) => (body["metadata"] as { name: string }).name)).toEqual(["a", "b", "c"])
    expect(moments).toEqual({ a: 1_000, b: 1_050, c: 1_100 })
  })

  it("does so with steps of one moment, too, and is free for one that comes later", () => {
    const steps = [
      { at: "1s", apply: a },
      { at: "1s", apply: b },
      { at: "2s", apply: c }
    ]
    expect(played({ steps }, "ADDED").moments).toEqual({ a: 1_000, b: 1_050, c: 2_000 })
  })

  it("deletes what a selector chose one by one", () => {
    const labelled = [a, b, c].map((pod) => ({ ...pod, metadata: { ...pod?.metadata, labels: { app: "x" } } }))
    const steps = [
      { at: "0s", apply: labelled },
      { at: "5s", delete: { kind: "Pod", selector: { app: "x" }, pick: "all" } }
    ]
    expect(played({ steps }, "deleted").moments).toEqual({ a: 5_000, b: 5_050, c: 5_100 })
  })

  it("finds what the cluster did meanwhile", () => {
    const steps = [{ at: "1s", apply: [a, b, c, a] }]
    const [answers = []] = played({ steps }, "ADDED").answers
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 200])
    expect(answers[3]?.body["spec"]).toMatchObject({ nodeName: "n-1" })
  })

  it("has every answer at once where requests take no time", () => {
    const { moments } = played({ steps: [{ at: "1s", apply: [a, b, c] }] }, "ADDED", "zero")
    expect(moments).toEqual({ a: 1_000, b: 1_000, c: 1_000 })
  })
})
