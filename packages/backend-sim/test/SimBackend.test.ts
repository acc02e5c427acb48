import { execFileSync } from "node:child_process"
import {
  type ClusterEvent,
  canonical,
  check,
  derive,
  evolve,
  type Json,
  laws,
  type PodObject,
  parsePod,
  renderPod,
  sha256Hex
} from "@kubereel/core"
import { clusterBackendContract } from "@kubereel/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as SimBackend from "../src/SimBackend.ts"
import { podManifest, podMoments, scenario, simulate } from "./given.ts"

const crash = {
  runs: { main: [{ exitAfter: "1s", exitCode: 1 }] },
  steps: [{ at: "0s", apply: podManifest("p", ["main"]) }],
  until: "60s"
}

clusterBackendContract("SimBackend", {
  layer: SimBackend.layer(scenario({ steps: [], until: "30s" })),
  horizon: 30_000_000,
  apply: { _tag: "Apply", objects: [podManifest("p", ["main"]) as never] }
})

clusterBackendContract("SimBackend that is asked for several objects at once", {
  layer: SimBackend.layer(scenario({ steps: [], until: "30s" })),
  horizon: 30_000_000,
  apply: { _tag: "Apply", objects: ["p", "q", "r", "s"].map((name) => podManifest(name, ["main"]) as never) }
})

const text = (facts: ReadonlyArray<ClusterEvent>): string =>
  facts.map((fact) => canonical(fact as unknown as Json)).join("\n")

const anyRun = fc.record(
  {
    exitAfter: fc.integer({ min: 0, max: 8 }).map((seconds) => `${seconds}s`),
    exitCode: fc.integer({ min: 0, max: 3 }),
    onTerm: fc.oneof(
      fc.constant("ignore" as const),
      fc.record({ exitAfter: fc.constant("1s"), exitCode: fc.integer({ min: 0, max: 2 }) })
    )
  },
  { requiredKeys: [] }
)
const anyGiven = fc
  .record({
    runs: fc.dictionary(fc.constantFrom("a", "b"), fc.array(anyRun, { minLength: 1, maxLength: 3 })),
    restartPolicy: fc.constantFrom("Always", "OnFailure", "Never"),
    grace: fc.integer({ min: 0, max: 10 }),
    deleteAt: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: undefined })
  })
  .map(({ deleteAt, grace, restartPolicy, runs }) => ({
    runs,
    steps: [
      { at: "0s", apply: podManifest("p", ["a", "b"], { restartPolicy, terminationGracePeriodSeconds: grace }) },
      ...(deleteAt === undefined ? [] : [{ at: `${deleteAt}ms`, delete: { kind: "Pod", name: "p" } }])
    ],
    until: "60s"
  }))

describe("determinism", () => {
  it("the same scenario and seed give the same bytes in two processes", () => {
    const program = `
      const { simulate, podManifest } = await import(${JSON.stringify(`${import.meta.dirname}/given.ts`)})
      const { canonical, sha256Hex } = await import("@kubereel/core")
      console.log(sha256Hex(simulate(${JSON.stringify(crash)}, 7).map((fact) => canonical(fact)).join("\\n")))`
    const hash = () =>
      execFileSync(process.execPath, ["--conditions=source", "--input-type=module", "-e", program], {
        cwd: import.meta.dirname,
        encoding: "utf8"
      }).trim()
    const first = hash()
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(hash()).toBe(first)
    expect(sha256Hex(text(simulate(crash, 7)))).toBe(first)
  })

  it("whatever happens in it, a run repeats", () => {
    fc.assert(
      fc.property(
        anyGiven,
        fc.nat(1_000),
        (given, seed) => text(simulate(given, seed)) === text(simulate(given, seed))
      ),
      { numRuns: 25 }
    )
  })

  it("another seed draws other times and identities, and tells the same story", () => {
    const story = (seed: number) =>
      podMoments(simulate(crash, seed))
        .filter(({ seconds }) => seconds < 10)
        .map(({ change, pod }) => `${change} ${pod.status.phase} ${pod.status.containerStatuses?.[0]?.restartCount}`)
    expect(text(simulate(crash, 1))).not.toBe(text(simulate(crash, 2)))
    expect(story(1)).toEqual(story(2))
  })

  it("a pod on another node moves nothing in the life of this one", () => {
    const nodes = ["n-1", "n-2"].map((name) => ({ name, cpu: 2, memory: "4Gi", pods: 110 }))
    const here = podManifest("p", ["main"], { nodeName: "n-1" })
    const there = podManifest("q", ["main"], { nodeName: "n-2" })
    const life = (apply: object) =>
      podMoments(simulate({ ...crash, nodes, steps: [{ at: "0s", apply }] })).map(({ pod, seconds }) => [
        seconds,
        pod.metadata.uid,
        pod.status
      ])
    expect(life([here, there])).toEqual(life(here))
  })
})

describe("every simulated life", () => {
  it("keeps every law", () => {
    fc.assert(
      fc.property(anyGiven, fc.nat(100), (given, seed) => {
        const outcomes = check(laws, simulate(given, seed))
        expect(outcomes.flatMap(({ property, violations }) => (violations.length > 0 ? [property.id] : []))).toEqual([])
      }),
      { numRuns: 50 }
    )
  })
})

describe("one language", () => {
  it("what a kubelet writes reads back as words that make exactly what it wrote", () => {
    fc.assert(
      fc.property(anyGiven, fc.nat(100), (given, seed) => {
        let state: PodObject | undefined
        for (const { change, pod } of podMoments(simulate(given, seed))) {
          if (state !== undefined) {
            const words = derive(state, pod)
            expect(words.filter((word) => word._tag === "PodRest")).toEqual([])
            expect(canonical(renderPod(words.reduce(evolve, parsePod(state))))).toBe(canonical(pod))
          }
          state = change === "DELETED" ? undefined : pod
        }
      }),
      { numRuns: 25 }
    )
  })
})

it("S-424: applies a manifest: what is not there is created, the object that is there is changed, not refused", () => {
  const next = podManifest("p", ["main"]) as { spec: { containers: ReadonlyArray<object> } }
  const containers = next.spec.containers.map((container) => ({ ...container, image: "registry.k8s.io/pause:3.10" }))
  const changed = { ...next, metadata: { name: "p", labels: { version: "2" } }, spec: { ...next.spec, containers } }
  const steps = [
    { at: "0s", apply: podManifest("p", ["main"]) },
    { at: "5s", apply: changed }
  ]
  const last = podMoments(simulate({ steps, until: "20s" })).at(-1)
  expect(last?.pod.metadata.labels).toEqual({ version: "2" })
  expect(last?.pod.spec.containers.map(({ image }) => image)).toEqual(["registry.k8s.io/pause:3.10"])
})
