/** Probes as users of Kubernetes are told of them: what they find out, when, and what that leads to. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podMoments, simulate, timedEvents, when } from "../../given.ts"
import { answer, exec, http, observe, podOf, restarts, secondsOf, statusesOf, stops, zero } from "./probed.ts"

describe("attempts", () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed)

  it("S-201, S-202, S-206: without settings the first comes within ten seconds of the start, then one every ten", () => {
    for (const seed of seeds) {
      const seconds = secondsOf(
        observe(
          podOf({ livenessProbe: exec("check", { failureThreshold: 99 }) }),
          [{ execs: [answer("check", 1)] }],
          "45s",
          seed
        ),
        "Unhealthy"
      )
      const [first = -1] = seconds
      expect(first).toBeGreaterThanOrEqual(0)
      expect(first).toBeLessThanOrEqual(11)
      expect(seconds.slice(1, 4)).toEqual([first + 10, first + 20, first + 30].filter((second) => second < 45))
    }
  })

  it("S-206: a readiness probe does not wait for its first period: it is made as soon as the container runs", () => {
    const unready = podOf({ readinessProbe: exec("check", { periodSeconds: 60 }) })
    for (const seed of seeds) {
      const facts = observe(unready, [{ execs: [answer("check", 1)] }], "30s", seed)
      const [started = 0] = secondsOf(facts, "Started")
      expect((secondsOf(facts, "Unhealthy")[0] ?? 30) - started).toBeLessThanOrEqual(2)
    }
  })

  it("S-201: initialDelaySeconds count from the container's start, whether a startup probe is there or not", () => {
    const first = (more: object) =>
      secondsOf(
        observe(
          podOf({ livenessProbe: exec("check", { periodSeconds: 1, initialDelaySeconds: 12 }), ...more }),
          [{ execs: [answer("check", 1), answer("up", 1, { until: "8s" })] }],
          "20s"
        ),
        "Liveness"
      )[0]
    expect(first({})).toBeGreaterThanOrEqual(12)
    expect(first({})).toBeLessThanOrEqual(13)
    expect(first({ startupProbe: exec("up", { periodSeconds: 1, failureThreshold: 30 }) })).toBe(first({}))
  })

  it("S-203: one that takes a second has failed unless it may take longer", () => {
    const slow = [{ execs: [answer("check", 0, { takes: "1500ms" })] }]
    const failures = (more: object) =>
      timedEvents(observe(podOf({ livenessProbe: exec("check", more) }), slow, "25s")).filter((line) =>
        line.includes("Unhealthy")
      )
    expect(failures({})[0]).toContain('Liveness probe failed: command timed out: "check" timed out after 1s')
    expect(failures({ timeoutSeconds: 2 })).toEqual([])
  })

  it("S-204, S-205: three failures in a row are enough; one success and it counts from the beginning", () => {
    const windows = (...times: ReadonlyArray<readonly [string, string?]>) => [
      {
        ...stops,
        execs: times.map(([from, until]) => answer("check", 1, until === undefined ? { from } : { from, until }))
      },
      {}
    ]
    const killed = (runs: ReadonlyArray<object>) =>
      secondsOf(observe(podOf({ livenessProbe: exec("check", { periodSeconds: 4 }) }), runs, "40s"), "Killing")
    const inARow = killed(windows(["0s"]))
    expect(inARow).toHaveLength(1)
    expect(inARow[0]).toBeGreaterThanOrEqual(8)
    // Two fail, one succeeds, two fail: never three in a row.
    expect(killed(windows(["0s", "9s"], ["13s", "21s"]))).toEqual([])
    expect(killed(windows(["0s", "9s"], ["13s"]))[0]).toBeGreaterThanOrEqual(20)
  })

  it("S-208, S-216, S-107: one that hangs is found after about period times threshold; without a probe never", () => {
    const hangs = [
      { ...stops, http: [{ port: 80, path: "/", status: 200, until: "30s" }], tcp: [{ port: 80, from: "30s" }] },
      {}
    ]
    const probed = observe(podOf({ livenessProbe: http("/", { periodSeconds: 5, failureThreshold: 4 }) }), hangs, "90s")
    const [killed = 0] = secondsOf(probed, "Killing")
    expect(killed - 30).toBeGreaterThanOrEqual(15)
    expect(killed - 30).toBeLessThanOrEqual(5 * 4 + 2)
    const unwatched = observe(podOf({}), hangs, "3600s")
    expect(secondsOf(unwatched, "Killing")).toEqual([])
    expect(podMoments(unwatched).at(-1)?.pod.status).toMatchObject({ phase: "Running" })
    expect(restarts(unwatched)).toBe(0)
  })

  it("S-209: they begin with every start and go on for the container's whole life; a startup probe until it succeeds", () => {
    const facts = observe(
      podOf({
        startupProbe: exec("up", { periodSeconds: 2, failureThreshold: 30 }),
        livenessProbe: exec("check", { periodSeconds: 10, failureThreshold: 999 })
      }),
      [
        // Once it has succeeded nobody asks "up" again: that it fails from then on does not show.
        {
          exitAfter: "100s",
          execs: [answer("check", 1), answer("up", 1, { until: "5s" }), answer("up", 1, { from: "9s" })]
        }
      ],
      "180s"
    )
    const starts = secondsOf(facts, "Started")
    expect(starts).toHaveLength(2)
    const [again = 0] = starts.slice(1)
    const [startup, liveness] = [secondsOf(facts, "Startup probe"), secondsOf(facts, "Liveness probe")]
    expect(startup.filter((second) => second < again).every((second) => second <= 6)).toBe(true)
    expect(startup.filter((second) => second >= again && second <= again + 6).length).toBeGreaterThan(0)
    expect(startup.filter((second) => second > again + 6)).toEqual([])
    expect(liveness.filter((second) => second < again).length).toBeGreaterThanOrEqual(9)
    expect(liveness.filter((second) => second > again).length).toBeGreaterThanOrEqual(6)
  })

  it("S-213: that succeed leave no trace, neither in Events nor in the status", () => {
    const up = { http: [{ port: 80, path: "/", status: 200 }] }
    const facts = observe(podOf({ livenessProbe: http("/", { periodSeconds: 1 }) }), [up], "600s")
    expect(timedEvents(facts).map((line) => line.split(" ")[1])).toEqual(["Scheduled", "Pulled", "Created", "Started"])
    const versions = (seen: ReadonlyArray<ClusterEvent>) => podMoments(seen).map(({ pod }) => pod.status)
    expect(versions(facts)).toEqual(versions(observe(podOf({}), [up], "600s")))
  })
})

describe("each container has its own", () => {
  it("S-214: one fails, its neighbour with the same probe does not", () => {
    const probe = { livenessProbe: exec("check", { periodSeconds: 2, failureThreshold: 2 }) }
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ ...stops, execs: [answer("check", 1)] }], other: [{ execs: [answer("check", 0)] }] },
      steps: [podOf(probe, { name: "other", ...probe })],
      until: "30s"
    })
    const counts = podMoments(facts)
      .at(-1)
      ?.pod.status.containerStatuses?.map(({ name, restartCount }) => [name, restartCount > 0])
    expect(counts).toEqual([
      ["main", true],
      ["other", false]
    ])
  })

  it("S-215: of three kinds, each with what it is for", () => {
    const first = (kind: string, restartPolicy: string) => {
      const manifest = podOf({ [kind]: exec("check", { periodSeconds: 1, failureThreshold: 1 }) })
      const facts = simulate({
        nodes: zero,
        runs: { main: [{ ...stops, execs: [answer("check", 1)] }] },
        steps: [{ ...manifest, apply: { ...manifest.apply, spec: { ...manifest.apply.spec, restartPolicy } } }],
        until: "20s"
      })
      const { containerStatuses: [status] = [] } = podMoments(facts).at(-1)?.pod.status ?? {}
      return [secondsOf(facts, "Killing").length > 0, status?.ready, status?.started]
    }
    // Killed, ready, started at the end.
    expect(first("livenessProbe", "Never")).toEqual([true, false, false])
    expect(first("startupProbe", "Never")).toEqual([true, false, false])
    expect(first("readinessProbe", "Never")).toEqual([false, false, true])
  })
})

describe("startup", () => {
  const startupProbe = exec("up", { periodSeconds: 2, failureThreshold: 10 })

  it("S-231: a failure means not yet started: no kill, no restart", () => {
    const facts = observe(podOf({ startupProbe }), [{ execs: [answer("up", 1, { until: "7s" })] }], "30s")
    expect(secondsOf(facts, "Startup probe failed").length).toBeGreaterThanOrEqual(2)
    expect(secondsOf(facts, "Killing")).toEqual([])
    const seen = statusesOf(facts).filter(({ status }) => status.state?.running !== undefined)
    expect([seen[0]?.status.started, seen.at(-1)?.status.started, seen.at(-1)?.status.restartCount]).toEqual([
      false,
      true,
      0
    ])
  })

  it("S-234: it may ask in another way than liveness", () => {
    const facts = observe(
      podOf({
        startupProbe: { periodSeconds: 2, failureThreshold: 10, tcpSocket: { port: 81 } },
        livenessProbe: http("/", { periodSeconds: 1 })
      }),
      [{ ...stops, tcp: [{ port: 81, from: "5s" }], http: [{ port: 80, status: 500 }] }],
      "10s"
    )
    const messages = timedEvents(facts).filter((line) => line.includes("Unhealthy"))
    expect(messages[0]).toMatch(/Startup probe failed: dial tcp 10\.88\.0\.1:81: connect: connection refused$/)
    expect(messages.at(-1)).toMatch(/Liveness probe failed: HTTP probe failed with statuscode: 500$/)
    expect(secondsOf(facts, "Liveness")[0]).toBeGreaterThanOrEqual(5)
  })

  it("S-236: it waits for the postStart hook, for only then the container is reported as running", () => {
    const first = (more: object) =>
      secondsOf(
        observe(
          podOf({ startupProbe: exec("up", { periodSeconds: 1, failureThreshold: 99 }), ...more }),
          [{ execs: [answer("up", 1)] }],
          "25s"
        ),
        "Startup probe"
      )[0]
    expect(first({})).toBeLessThanOrEqual(2)
    expect(first({ lifecycle: { postStart: { sleep: { seconds: 9 } } } })).toBeGreaterThanOrEqual(9)
  })
})

it("S-238: readiness of all containers and all gates make ContainersReady and Ready", () => {
  const manifest = podOf({ readinessProbe: exec("check", { periodSeconds: 1, failureThreshold: 1 }) })
  const gated = {
    ...manifest,
    apply: {
      ...manifest.apply,
      spec: { ...manifest.apply.spec, readinessGates: [{ conditionType: "example.com/gate" }] }
    }
  }
  const patch = { status: { conditions: [{ type: "example.com/gate", status: "True" }] } }
  const facts = simulate({
    nodes: zero,
    runs: { main: [{ execs: [answer("check", 1, { until: "5s" }), answer("check", 1, { from: "20s" })] }] },
    steps: [gated, { at: "10s", patch: { kind: "Pod", name: "p", type: "strategic", patch, subresource: "status" } }],
    until: "30s"
  })
  const seen = podMoments(facts).map(({ pod }) =>
    ["ContainersReady", "Ready"].map((name) => pod.status.conditions?.find(({ type }) => type === name)?.status)
  )
  const changes = seen.filter((one, i) => one[0] !== undefined && one.join() !== seen[i - 1]?.join())
  expect(changes).toEqual([
    ["False", "False"],
    ["True", "False"],
    ["True", "True"],
    ["False", "False"]
  ])
  expect(
    when(
      podMoments(facts),
      (pod) => pod.status.conditions?.some(({ status, type }) => type === "Ready" && status === "True") === true
    ).seconds
  ).toBeGreaterThanOrEqual(10)
})
