/** What users of Kubernetes are told of liveness probes: good ones, bad ones, and none. */
import { describe, expect, it } from "vitest"
import { podMoments, timedEvents } from "../../given.ts"
import { answer, exec, http, observe, podOf, restarts, secondsOf, stops } from "./probed.ts"

describe("liveness", () => {
  it("S-221: the new container begins with a clean health state", () => {
    const facts = observe(
      podOf({ livenessProbe: exec("check", { periodSeconds: 2, failureThreshold: 3 }) }),
      [
        { ...stops, execs: [answer("check", 1)] },
        // Two more failures would be enough if the old ones still counted.
        { ...stops, execs: [answer("check", 1, { until: "4500ms" })] }
      ],
      "60s"
    )
    expect(secondsOf(facts, "Killing")).toHaveLength(1)
    expect(secondsOf(facts, "Unhealthy")).toHaveLength(3 + 2)
    expect(restarts(facts)).toBe(1)
  })

  it("S-224: what depends on another service is restarted until that is repaired, and restarting does not repair it", () => {
    // The service comes back by itself; a process asks it from its own start on.
    const asks = (until: string) => ({
      ...stops,
      http: [
        { port: 80, path: "/", status: 503, until },
        { port: 80, path: "/", status: 200 }
      ]
    })
    const facts = observe(
      podOf({ livenessProbe: http("/", { periodSeconds: 2, failureThreshold: 2 }) }),
      [asks("1h"), asks("1h"), asks("1h"), asks("0s")],
      "400s"
    )
    expect(restarts(facts)).toBe(3)
    const last = Math.max(...secondsOf(facts, "Unhealthy"))
    expect(Math.max(...secondsOf(facts, "Started"))).toBeGreaterThan(last)
    expect(podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]?.ready).toBe(true)
  })

  it("S-225: an endpoint that wants to know who asks restarts a healthy application without end", () => {
    const facts = observe(
      podOf({ livenessProbe: http("/metrics", { periodSeconds: 1, failureThreshold: 3 }) }),
      [{ ...stops, http: [{ port: 80, path: "/metrics", status: 401 }] }],
      "600s"
    )
    expect(timedEvents(facts).find((line) => line.includes("Unhealthy"))).toMatch(
      /Liveness probe failed: HTTP probe failed with statuscode: 401$/
    )
    expect(restarts(facts)).toBeGreaterThan(5)
  })

  it("S-226: a handler that tries again and again runs out of time; a threshold survives the same outage", () => {
    const outage = { until: "12s" }
    const killed = (probe: object, check: object) =>
      secondsOf(
        observe(
          podOf({ livenessProbe: exec("check", { periodSeconds: 2, ...probe }) }),
          [{ ...stops, execs: [check] }, {}],
          "40s"
        ),
        "Killing"
      ).length
    expect(killed({ failureThreshold: 1 }, answer("check", 0, { takes: "5s", ...outage }))).toBe(1)
    expect(killed({ failureThreshold: 8 }, answer("check", 1, outage))).toBe(0)
  })

  it("S-227: a probe of / finds out that nobody answers, and nothing more; /healthz also what is wrong inside", () => {
    const restarted = (path: string, run: object) =>
      restarts(
        observe(
          podOf({ livenessProbe: http(path, { periodSeconds: 2 }) }),
          [{ ...stops, ...run }, { http: [{ port: 80 }] }],
          "60s"
        )
      )
    const broken = {
      http: [
        { port: 80, path: "/", status: 200 },
        { port: 80, path: "/healthz", status: 500 }
      ]
    }
    const hung = { tcp: [{ port: 80 }] }
    expect([restarted("/", hung), restarted("/", broken), restarted("/healthz", broken)]).toEqual([1, 0, 1])
  })

  it("S-228: a process that ends by itself when it is ill is back sooner than one whose probe must fail", () => {
    const back = (run: object) =>
      secondsOf(observe(podOf({ livenessProbe: exec("check") }), [{ ...stops, ...run }, {}], "90s"), "Started")[1] ?? 0
    const byItself = back({ exitAfter: "20s", exitCode: 1 })
    const byProbe = back({ execs: [answer("check", 1, { from: "20s" })] })
    expect(byItself - 20).toBeLessThanOrEqual(2)
    expect(byProbe - 20).toBeGreaterThanOrEqual(20)
  })

  it("S-229, S-235: patience with a slow start makes liveness slow for ever; a startup probe does not", () => {
    // It takes a minute to start and hangs two minutes later.
    const slow = [{ ...stops, execs: [answer("check", 1, { until: "60s" }), answer("check", 1, { from: "180s" })] }, {}]
    const killed = (probes: object) => secondsOf(observe(podOf(probes), slow, "400s"), "Killing")[0] ?? 0
    const patient = killed({ livenessProbe: exec("check", { periodSeconds: 10, failureThreshold: 10 }) })
    const quick = killed({
      startupProbe: exec("check", { periodSeconds: 10, failureThreshold: 10 }),
      livenessProbe: exec("check", { periodSeconds: 1, failureThreshold: 3 })
    })
    expect(patient - 180).toBeGreaterThanOrEqual(90)
    expect(quick - 180).toBeGreaterThanOrEqual(2)
    expect(quick - 180).toBeLessThanOrEqual(4)
  })
})
