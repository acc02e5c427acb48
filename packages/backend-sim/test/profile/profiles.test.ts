/** Profiles: the built-in ones, those of a file, and that a simulation takes as long as its profile says. */
import { type ClusterEvent, calibrate, MILLISECOND, type Micros, profileDocument } from "@kubereel/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { decodeProfile } from "../../src/profile/decodeProfile.ts"
import { environments } from "../../src/profile/Environment.ts"
import { rigProfile, zeroProfile } from "../../src/profile/NodeProfile.ts"
import { measuredNode } from "../../src/profile/rig.ts"
import { podManifest, scenario, simulate } from "../given.ts"

const header = { apiVersion: "kubereel.dev/v1alpha1", kind: "Profile" }

/** A hundred pods, each on a quiet cluster of its own, that end by themselves or are deleted. */
const lives = (profile: string): ReadonlyArray<ReadonlyArray<ClusterEvent>> =>
  Array.from({ length: 100 }, (_, seed) =>
    simulate(
      {
        nodes: [{ name: "n-1", profile }],
        runs: { main: [seed % 2 === 0 ? { exitAfter: "3s" } : {}] },
        steps: [
          { at: "0s", apply: podManifest("p", ["main"], { restartPolicy: "Never" }) },
          { at: "6s", delete: { kind: "Pod", name: "p", gracePeriodSeconds: 1 } }
        ],
        until: "12s"
      },
      seed
    )
  )

const medians = (profile: string): ReadonlyMap<string, Micros> =>
  new Map(calibrate(lives(profile)).estimates.map(({ distribution, name }) => [name, distribution.median]))

describe("profiles", () => {
  it("what calibrate says of a simulation is what it was simulated with", () => {
    const found = medians("rig")
    for (const name of ["sandboxCreate", "containerCreate", "containerStart", "sandboxStop"] as const) {
      const median = measuredNode[name][1]
      expect([name, Math.abs((found.get(name) ?? 0) - median) < 0.4 * median]).toEqual([name, true])
    }
  })

  it("that goes for commands in containers, too", () => {
    const lifecycle = { postStart: { exec: { command: ["sh", "-c", "sleep 1; exit 1"] } } }
    const main = { name: "main", image: "busybox:1", lifecycle }
    const failing = Array.from({ length: 100 }, (_, seed) =>
      simulate(
        {
          nodes: [{ name: "n-1", profile: "rig" }],
          runs: { main: [{ execs: [{ command: ["sh", "-c", "sleep 1; exit 1"], takes: "1s", exitCode: 1 }] }] },
          steps: [
            { at: "0s", apply: { ...podManifest("p", []), spec: { restartPolicy: "Never", containers: [main] } } }
          ],
          until: "6s"
        },
        seed
      )
    )
    const found = calibrate(failing).estimates.find(({ name }) => name === "exec")?.distribution.median ?? 0
    expect(Math.abs(found - measuredNode.exec[1])).toBeLessThan(0.3 * measuredNode.exec[1])
  })

  it("zero takes no time: what is left is Kubernetes' own waiting", () => {
    const found = medians("zero")
    expect([found.get("containerCreate"), found.get("containerStart"), found.get("sandboxStop")]).toEqual([0, 0, 0])
    expect(
      Object.values(zeroProfile)
        .filter(Array.isArray)
        .flat()
        .every((value) => value === 0)
    ).toBe(true)
  })

  it("a slow disk makes every file and every write slower, and no signal", () => {
    const { node } = environments["slow-disk"]!
    const found = medians("slow-disk")
    expect(found.get("containerStart")).toBeGreaterThan(3 * measuredNode.containerStart[1])
    expect(node.signal).toEqual(rigProfile.signal)
    expect(node.statusPatch[1]).toBe(12 * rigProfile.statusPatch[1])
  })

  it("every built-in profile has ascending quantiles", () => {
    for (const { controlPlane, node } of Object.values(environments))
      for (const quantiles of [...Object.values(node), ...Object.values(controlPlane.scheduler)])
        if (Array.isArray(quantiles)) expect(quantiles.toSorted((a: number, b: number) => a - b)).toEqual(quantiles)
  })

  it("a profile that nobody knows is no profile", () => {
    const given = { nodes: [{ name: "n-1", profile: "fast" }], steps: [], until: "1s" }
    expect(() => new Cluster(scenario(given))).toThrow('there is no profile "fast"')
    expect(() => new Cluster(scenario(given), { profiles: { fast: environments["zero"]! } })).not.toThrow()
  })
})

describe("decodeProfile", () => {
  it("reads what calibrate writes, and keeps the default for the rest", () => {
    const document = profileDocument(calibrate(lives("rig")), ["a.reel"])
    const { controlPlane, node } = Result.getOrThrow(decodeProfile(document, "mine.json"))
    const written = (document["node"] as { [name: string]: { ms: ReadonlyArray<number> } })["containerStart"]!.ms
    expect(node.containerStart).toEqual(written.map((value) => Math.round(value * MILLISECOND)))
    expect(node.signal).toEqual(rigProfile.signal)
    expect([node.name, node.cgroup]).toEqual(["mine.json", "v1"])
    expect(controlPlane.neighbours).toEqual(environments["rig"]!.controlPlane.neighbours)
  })

  it("reads how often metrics-server asks", () => {
    const document = { ...header, metricsServer: { resolution: { ms: [60_000, 60_000, 60_000, 60_000] } } }
    const { controlPlane } = Result.getOrThrow(decodeProfile(document, "x"))
    expect(controlPlane.metricsServer.resolution).toEqual(
      [60, 60, 60, 60].map((second) => second * 1_000 * MILLISECOND)
    )
    expect(controlPlane.metricsServer.scrape).toEqual(environments["rig"]!.controlPlane.metricsServer.scrape)
  })

  it.each([
    [{}, ["expected a document of kind Profile, apiVersion kubereel.dev/v1alpha1"]],
    [[], ["expected a document of kind Profile, apiVersion kubereel.dev/v1alpha1"]],
    [{ ...header, nodes: {} }, ["nodes: there is no such field; did you mean node?"]],
    [
      { ...header, node: { sandboxcreate: {} } },
      ["node.sandboxcreate: there is no such duration; did you mean sandboxCreate?"]
    ],
    [
      { ...header, metricsServer: { resolution: { ms: [0, 0, 0, 0] } } },
      ["metricsServer.resolution.ms: metrics-server does not start with less than 10000"]
    ],
    [{ ...header, scheduler: 3 }, ["scheduler: got 3, expected an object of durations"]],
    [{ ...header, cgroup: "v3" }, ['cgroup: got "v3", expected "v1" or "v2"']],
    [
      { ...header, node: { sandboxCreate: { ms: [1, 2, 3] }, watch: { ms: [3, 2, 4, 5] } } },
      ["sandboxCreate", "watch"].map(
        (name) =>
          `node.${name}.ms: expected four ascending numbers of milliseconds: least, median, 95th percentile, largest`
      )
    ]
  ])("refuses %j with a sentence for each problem", (document, problems) => {
    expect(decodeProfile(document, "x")).toEqual(Result.fail(problems))
  })
})
