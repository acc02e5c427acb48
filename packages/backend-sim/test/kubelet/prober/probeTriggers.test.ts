/** What probes set off beside a failed container: when their ticks fall, which syncs they start, how their kills are waited for. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, timedEvents } from "../../given.ts"
import { syncs } from "../../podFacts.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const pod = (probes: object) => ({
  at: "0s",
  apply: { ...podManifest("p", []), spec: { containers: [{ name: "main", image: "busybox:1", ...probes }] } }
})
const check = (more: object) => ({ exec: { command: ["check"] }, ...more })
const fails = { command: ["check"], exitCode: 1 }
const lines = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  timedEvents(facts).filter((line) => line.split(" ")[1] === reason)
const secondOf = (line: string | undefined) => Number(line?.split(" ")[0])

it("X-28, K-042: the ticks of a probe are counted from the moment the volumes were there, not from its container's start", () => {
  const first = (pull: string) =>
    secondOf(
      lines(
        simulate({
          nodes: zero,
          images: [{ image: "busybox:1", pull }],
          runs: { main: [{ execs: [fails] }] },
          steps: [pod({ livenessProbe: check({ periodSeconds: 10 }) })],
          until: "30s"
        }),
        "Unhealthy"
      )[0]
    )
  expect(first("0s")).toBeGreaterThanOrEqual(10)
  expect(first("4s")).toBe(first("0s"))
})

it("X-28: the first tick comes before the container; by chance it is later where the kubelet has just started", () => {
  const waits = (seed: number, ...restart: ReadonlyArray<object>) =>
    secondOf(
      lines(
        simulate(
          {
            nodes: zero,
            runs: { main: [{ execs: [fails] }] },
            steps: [...restart, { ...pod({ livenessProbe: check({ periodSeconds: 30 }) }), at: "60s" }],
            until: "150s"
          },
          seed
        ),
        "Unhealthy"
      )[0]
    ) - 60
  const seeds = [1, 2, 3, 4]
  // The tick at once finds no container.
  expect(new Set(seeds.map((seed) => waits(seed)))).toEqual(new Set([30]))
  const spread = seeds.map((seed) => waits(seed, { at: "55s", node: { name: "n-1", kubelet: "restart" } }))
  expect(new Set(spread).size).toBeGreaterThan(2)
  expect(Math.max(...spread)).toBeLessThanOrEqual(30)
})

it("K-104: the first two kills of a failed probe are not waited after, the third is", () => {
  const facts = simulate({
    nodes: zero,
    runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 }, execs: [fails] }] },
    steps: [pod({ livenessProbe: check({ periodSeconds: 1, failureThreshold: 3 }) })],
    until: "40s"
  })
  const kills = lines(facts, "Killing").map(secondOf)
  const starts = lines(facts, "Started").map(secondOf)
  const backOff = secondOf(lines(facts, "BackOff")[0])
  expect((starts[1] ?? 0) - (kills[0] ?? 0)).toBeLessThanOrEqual(1)
  expect((starts[2] ?? 0) - (kills[1] ?? 0)).toBeLessThanOrEqual(1)
  expect(backOff).toBeGreaterThanOrEqual(kills[2] ?? 0)
  expect((starts[3] ?? 0) - (kills[2] ?? 0)).toBeGreaterThan(3)
})

describe("K-108: a container with a readiness probe that dies", () => {
  const shown = (probes: object) => {
    const moments = podMoments(
      simulate({
        nodes: zero,
        runs: { main: [{ exitAfter: "4s", exitCode: 1 }] },
        steps: [pod(probes)],
        until: "40s"
      })
    ).map(({ pod: { status }, seconds }) => ({ seconds, status: status.containerStatuses?.[0] }))
    const died = moments.find(({ status }) => status?.restartCount === 1 && status.state?.terminated !== undefined)
    const waits = moments.find(({ status }) => status?.state?.waiting?.["reason"] === "CrashLoopBackOff")
    return (waits?.seconds ?? 0) - (died?.seconds ?? 0)
  }

  it("gives its pod another sync: CrashLoopBackOff shows with the probe's next tick", () => {
    expect(shown({})).toBeGreaterThan(4)
    expect(shown({ readinessProbe: check({ periodSeconds: 1 }) })).toBeLessThan(2.5)
  })
})

describe("workers", () => {
  const seconds = (probes: object, run: object, pull = "0s") =>
    lines(
      simulate({
        nodes: zero,
        images: [{ image: "busybox:1", pull }],
        runs: { main: [run] },
        steps: [pod(probes)],
        until: "45s"
      }),
      "Unhealthy"
    ).map(secondOf)

  it("K-150: a worker outlives the restarts of its container: its ticks stay where they are", () => {
    const run = { onTerm: { exitAfter: "3s", exitCode: 0 }, execs: [fails] }
    const [first = 0, ...others] = seconds({ livenessProbe: check({ periodSeconds: 10, failureThreshold: 1 }) }, run)
    expect(others.slice(0, 2)).toEqual([first + 10, first + 20])
  })

  it("K-151: a readiness probe is made when the container has started, and its ticks are counted from there", () => {
    const made = seconds({ readinessProbe: check({ periodSeconds: 10 }) }, { execs: [fails] }, "4s")
    expect(made[0]).toBeGreaterThanOrEqual(4)
    expect(made[0]).toBeLessThanOrEqual(5)
    const [before = 0, last = 0] = made.slice(-2)
    expect(last - before).toBe(10)
    const [alive = 0] = seconds({ livenessProbe: check({ periodSeconds: 10 }) }, { execs: [fails] }, "4s")
    expect(last % 10).not.toBe(alive % 10)
  })
})

describe("results", () => {
  const run = (probes: object, more: object = {}) =>
    simulate({ nodes: zero, runs: { main: [more] }, steps: [pod(probes)], until: "55s" })

  it("K-159: a failure that goes on is no news and starts no sync", () => {
    const facts = run({ readinessProbe: check({ periodSeconds: 1 }) }, { execs: [fails] })
    // So many Events of a pod as are written before the others are dropped.
    expect(lines(facts, "Unhealthy").length).toBeGreaterThan(20)
    expect(syncs(facts).filter(({ seconds }) => seconds > 6)).toEqual([])
  })

  it("K-160: that a container is alive starts no sync", () => {
    expect(syncs(run({ livenessProbe: check({ periodSeconds: 1 }) }))).toEqual(syncs(run({})))
  })

  it("K-162: an instance that replaces a killed one is first shown as started, before its startup probe has said so", () => {
    const facts = simulate({
      nodes: zero,
      runs: {
        main: [{ onTerm: { exitAfter: "0s", exitCode: 0 }, execs: [fails, { command: ["up"], exitCode: 0 }] }]
      },
      steps: [
        pod({
          startupProbe: { exec: { command: ["up"] }, periodSeconds: 5 },
          livenessProbe: check({ periodSeconds: 5, failureThreshold: 1 })
        })
      ],
      until: "30s"
    })
    const again = podMoments(facts)
      .flatMap(({ pod: { status } }) => status.containerStatuses?.[0] ?? [])
      .filter(({ restartCount, state }) => restartCount === 1 && state?.running !== undefined)
    expect(again[0]?.started).toBe(true)
    expect(again.map(({ started }) => started)).toContain(false)
  })
})

describe("a pod that is deleted", () => {
  const web = (status: number, window: object) => ({ port: 80, path: "/", status, ...window })
  const httpGet = { port: 80, path: "/" }
  const facts = simulate({
    nodes: zero,
    runs: {
      main: [{ onTerm: { exitAfter: "15s", exitCode: 0 }, http: [web(200, { until: "8s" }), web(503, { from: "8s" })] }]
    },
    steps: [
      pod({
        readinessProbe: { httpGet, periodSeconds: 1, failureThreshold: 1 },
        livenessProbe: { httpGet, periodSeconds: 1, failureThreshold: 100 }
      }),
      { at: "6s", delete: { kind: "Pod", name: "p" } }
    ],
    until: "40s"
  })
  const unhealthy = lines(facts, "Unhealthy")

  it("K-170: is not asked any more whether it is alive, but whether it is ready", () => {
    expect(unhealthy.filter((line) => line.includes("Readiness")).length).toBeGreaterThan(3)
    expect(unhealthy.filter((line) => line.includes("Liveness"))).toEqual([])
  })

  it("K-171, S-210: shows that it is not ready any more while it runs", () => {
    const late = podMoments(facts).filter(({ seconds }) => seconds >= 8 && seconds < 20)
    const ready = late.map(({ pod: { status } }) => [
      status.containerStatuses?.[0]?.ready,
      Object.keys(status.containerStatuses?.[0]?.state ?? {})[0]
    ])
    expect(ready).toContainEqual([false, "running"])
  })
})

describe("what users are told of probes", () => {
  const run = (exitCode: number) =>
    simulate({
      nodes: zero,
      runs: { main: [{ onTerm: exitCode === 137 ? "ignore" : { exitAfter: "1s", exitCode }, execs: [fails] }] },
      steps: [
        {
          at: "0s",
          apply: {
            ...podManifest("p", []),
            spec: {
              terminationGracePeriodSeconds: 4,
              containers: [{ name: "main", image: "busybox:1", livenessProbe: check({ periodSeconds: 5 }) }]
            }
          }
        }
      ],
      until: "28s"
    })
  const lastExit = (exitCode: number) =>
    podMoments(run(exitCode)).at(-1)?.pod.status.containerStatuses?.[0]?.lastState?.terminated?.["exitCode"]

  it("S-207, S-217, S-218: three failures in a row, then it is killed and started again", () => {
    const facts = run(0)
    const reasons = timedEvents(facts).map((line) => line.split(" ")[1])
    expect(reasons.slice(4, 11)).toEqual([
      "Unhealthy",
      "Unhealthy",
      "Unhealthy",
      "Killing",
      "Pulled",
      "Created",
      "Started"
    ])
    expect(lines(facts, "Killing")[0]).toMatch(/Container main failed liveness probe, will be restarted$/)
    expect(secondOf(lines(facts, "Killing")[0])).toBe(secondOf(lines(facts, "Unhealthy")[2]))
  })

  it("S-086, S-220: gracefully: exit code 0 says that it has heard TERM, 137 that it has not", () => {
    expect(lastExit(0)).toBe(0)
    expect(lastExit(137)).toBe(137)
  })

  it("S-104: what never passes its probe is restarted without end", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 }, execs: [fails] }] },
      steps: [pod({ livenessProbe: check({ periodSeconds: 1, failureThreshold: 1 }) })],
      until: "600s"
    })
    const counts = podMoments(facts).map(({ pod: { status } }) => status.containerStatuses?.[0]?.restartCount ?? 0)
    expect(Math.max(...counts)).toBeGreaterThan(5)
    expect(podMoments(facts).at(-1)?.pod.status.phase).toBe("Running")
  })

  it("S-219: fewer failures than the threshold restart nothing", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ execs: [{ ...fails, until: "9s" }] }] },
      steps: [pod({ livenessProbe: check({ periodSeconds: 5 }) })],
      until: "60s"
    })
    expect(lines(facts, "Unhealthy").length).toBeLessThan(3)
    expect(lines(facts, "Unhealthy").length).toBeGreaterThan(0)
    expect(lines(facts, "Killing")).toEqual([])
  })

  it("S-237: a readiness probe never restarts a container", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ execs: [fails] }] },
      steps: [pod({ readinessProbe: check({ periodSeconds: 1 }) })],
      until: "200s"
    })
    expect(lines(facts, "Killing")).toEqual([])
    expect(podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]?.ready).toBe(false)
  })

  it("S-230, S-232, S-233: until the startup probe has succeeded no other is made; it fails like liveness", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ execs: [fails, { command: ["up"], exitCode: 1 }] }] },
      steps: [
        pod({
          startupProbe: { exec: { command: ["up"] }, periodSeconds: 2, failureThreshold: 5 },
          livenessProbe: check({ periodSeconds: 1, failureThreshold: 1 })
        })
      ],
      until: "20s"
    })
    expect(lines(facts, "Unhealthy").filter((line) => line.includes("Liveness"))).toEqual([])
    expect(lines(facts, "Killing")[0]).toMatch(/failed startup probe, will be restarted$/)
    expect(secondOf(lines(facts, "Killing")[0])).toBeGreaterThanOrEqual(8)
  })
})
