/** metrics-server: when it knows what a pod uses, and what it then says. */
import { later, type PodMetrics, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { cpuTime } from "../../src/runtime/usage.ts"
import { type Given, podManifest, scenario } from "../given.ts"

/** What metrics-server says of the pod at each second, and when its container started. */
const metricsOf = (given: Partial<Given>, until: number) => {
  const made = scenario({ steps: [{ at: "0s", apply: podManifest("p", ["main"]) }], until: `${until}s`, ...given })
  const cluster = new Cluster(made)
  const found: Array<{ readonly second: number; readonly metrics: PodMetrics | undefined }> = []
  let [step, started] = [0, 0]
  for (let second = 0; second <= until; second++) {
    for (; (made.steps[step]?.at ?? Number.POSITIVE_INFINITY) <= second * SECOND; step++) {
      cluster.run(later(made.start, made.steps[step]?.at ?? 0), Number.POSITIVE_INFINITY)
      const intention = made.steps[step]?.intention
      if (intention !== undefined) cluster.submit(intention)
    }
    cluster.run(later(made.start, second * SECOND), Number.POSITIVE_INFINITY)
    for (const fact of cluster.takeFacts()) {
      if (fact._tag === "PodFact" && fact.event._tag === "ProcessStarted")
        started = ((fact.observed ?? 0) - made.start) / SECOND
    }
    found.push({ second, metrics: cluster.podMetrics("test", "p") })
  }
  return { found, started, start: made.start }
}

const cpuOf = (metrics: PodMetrics | undefined): number | undefined => metrics?.containers[0]?.usage["cpu"]

describe("metrics-server", () => {
  it("knows nothing of a pod before its container was measured twice, or once after ten seconds", () => {
    const { found, started } = metricsOf({ runs: { main: [{ cpu: [{ at: "0s", usage: "250m" }] }] } }, 60)
    const first = found.find(({ metrics }) => metrics !== undefined)
    expect((first?.second ?? 0) - started).toBeGreaterThan(10)
    expect((first?.second ?? 0) - started).toBeLessThan(41)
    expect(found.slice(first?.second).every(({ metrics }) => metrics !== undefined)).toBe(true)
    expect(cpuOf(found.at(-1)?.metrics)).toBe(250)
  })

  it("tells the average since the scrape before, in whole seconds, of a moment up to half a minute ago", () => {
    const { found, start } = metricsOf(
      {
        runs: {
          main: [
            {
              cpu: [
                { at: "0s", usage: "100m" },
                { at: "60s", usage: "500m" }
              ],
              memory: [{ at: "0s", usage: "20Mi" }]
            }
          ]
        }
      },
      120
    )
    for (const { metrics, second } of found.slice(45)) {
      const age = second - ((metrics?.timestamp ?? 0) - start) / SECOND
      expect([second, age > 0 && age < 27, (metrics?.timestamp ?? 1) % SECOND]).toEqual([second, true, 0])
      expect([10, 20]).toContain((metrics?.window ?? 0) / SECOND)
      expect(metrics?.containers[0]?.usage["memory"]).toBe(20 * 1024 * 1024 * 1_000)
    }
    const values = found.slice(45).map(({ metrics }) => cpuOf(metrics) ?? 0)
    expect(values).toEqual([...values].sort((a, b) => a - b))
    expect(new Set(values).size).toBeGreaterThan(2)
    expect([values[0], values.at(-1)]).toEqual([100, 500])
  })

  it("does not give a container more than its limit", () => {
    const limited = podManifest("p", ["main"])
    const [container] = limited.spec.containers
    const manifest = { ...limited, spec: { containers: [{ ...container, resources: { limits: { cpu: "300m" } } }] } }
    const { found } = metricsOf(
      { runs: { main: [{ cpu: [{ at: "0s", usage: "2" }] }] }, steps: [{ at: "0s", apply: manifest }] },
      60
    )
    expect(cpuOf(found.at(-1)?.metrics)).toBe(300)
  })

  it("says nothing of a container that has just been restarted, nor of a node whose kubelet did not answer", () => {
    const restarted = metricsOf({ runs: { main: [{ exitAfter: "50s" }, {}] } }, 90).found
    const lost = restarted.filter(({ metrics, second }) => second > 50 && metrics === undefined)
    expect(lost.length).toBeGreaterThan(0)
    expect(restarted.at(-1)?.metrics).toBeDefined()
    const step = (at: string, kubelet: string) => ({ at, node: { name: "n-1", kubelet } })
    const steps = [{ at: "0s", apply: podManifest("p", ["main"]) }, step("60s", "stop"), step("100s", "start")]
    const cut = metricsOf({ steps }, 160).found
    const gone = cut.filter(({ metrics, second }) => second > 60 && metrics === undefined).map(({ second }) => second)
    // Up to the next scrape it remembers; then it takes two more.
    expect(gone[0]).toBeLessThan(77)
    expect(gone.at(-1)).toBeGreaterThan(114)
    expect(gone.at(-1)).toBeLessThan(132)
  })

  it("counts CPU time from the process's start, as long as anybody asks", () => {
    const run = {
      cpu: [
        { at: 10 * SECOND, usage: 400 },
        { at: 0, usage: 100 }
      ]
    } as unknown as Parameters<typeof cpuTime>[0]
    const whole = cpuTime(run, { from: -5 * SECOND, to: 30 * SECOND })
    expect(whole).toBe((10 * 100 + 20 * 400) * SECOND)
    for (const cut of [0, 3, 10, 17, 30].map((second) => second * SECOND))
      expect(cpuTime(run, { from: -5 * SECOND, to: cut }) + cpuTime(run, { from: cut, to: 30 * SECOND })).toBe(whole)
    expect(cpuTime(run, { from: 0, to: 30 * SECOND }, 200)).toBe((10 * 100 + 20 * 200) * SECOND)
    expect(cpuTime({ ...run, cpu: [] }, { from: 0, to: SECOND })).toBe(0)
  })
})
