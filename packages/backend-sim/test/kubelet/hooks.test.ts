/** postStart and preStop on a node that takes no time: what is left is what the rules say. */
import { describe, expect, it } from "vitest"
import { containerState, podMoments, simulate, timedEvents, when } from "../given.ts"

const nodes = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]

const pod = (lifecycle: object, spec: object = {}, others: ReadonlyArray<string> = []) => ({
  at: "0s",
  apply: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: {
      terminationGracePeriodSeconds: 10,
      ...spec,
      containers: [
        { name: "main", image: "busybox:1", lifecycle },
        ...others.map((name) => ({ name, image: "busybox:1" }))
      ]
    }
  }
})
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })

const exec = (command: string) => ({ exec: { command: [command] } })
const answer = (command: string, takes: string, exitCode = 0) => ({ command: [command], takes, exitCode })
const stopsAtOnce = { onTerm: { exitAfter: "0s", exitCode: 0 } }

/** `seconds reason message` of the Events about hooks and kills. */
const hookEvents = (facts: ReturnType<typeof simulate>) =>
  timedEvents(facts).filter((line) => /Hook|Killing/.test(line))

describe("hooks over HTTP", () => {
  const asked = (http: object, httpGet: object) =>
    hookEvents(
      simulate({
        nodes,
        runs: { main: [{ ...stopsAtOnce, http: [{ port: 80, path: "/up", ...http }] }] },
        steps: [pod({ preStop: { httpGet: { port: 80, path: "/up", ...httpGet } } }), deletePod("5s")],
        until: "20s"
      })
    )

  it("K-092, K-256: a server without TLS that is asked with is asked again without, and nothing is said of it", () => {
    expect(asked({ scheme: "HTTP" }, { scheme: "HTTPS" })).toEqual(["5 Killing main Stopping container main"])
    expect(asked({ scheme: "HTTP", status: 500 }, { scheme: "HTTPS" })).toHaveLength(1)
  })

  it("K-092: a redirect to a port where nobody is fails the hook, one to another host does not", () => {
    const to = (location: string) => asked({ status: 302, location }, {})
    expect(to("/elsewhere")).toHaveLength(1)
    expect(to("/up")).toContain("5 FailedPreStopHook main PreStopHook failed")
    expect(to("http://example.com/")).toHaveLength(1)
  })
})

describe("postStart", () => {
  const slow = (run: object, lifecycle: object = { postStart: exec("warm-up") }) =>
    simulate({ nodes, runs: { main: [run] }, steps: [pod(lifecycle, {}, ["second"])], until: "30s" })

  it("X-29, K-090: until it is over the container is reported as not running and the next one does not start", () => {
    const facts = slow({ execs: [answer("warm-up", "4s")] })
    expect(timedEvents(facts).filter((line) => /Started/.test(line))).toEqual(["0 Started main", "4 Started second"])
    const states = podMoments(facts).map(({ pod: shown, seconds }) => [Math.floor(seconds), containerState(shown)])
    expect(states.filter(([seconds]) => seconds === 0).map(([, state]) => state)).not.toContain("running")
    expect(states.at(-1)).toEqual([4, "running"])
  })

  it("K-092: a sleep holds it up likewise", () => {
    const facts = slow({}, { postStart: { sleep: { seconds: 7 } } })
    expect(timedEvents(facts).filter((line) => /Started/.test(line))).toEqual(["0 Started main", "7 Started second"])
  })

  it("K-092: a sleep goes on when its container dies, and has not failed", () => {
    const facts = slow({ exitAfter: "2s" }, { postStart: { sleep: { seconds: 5 } } })
    expect(hookEvents(facts)).toEqual([])
    expect(timedEvents(facts).filter((line) => / Started second/.test(line))).toEqual(["5 Started second"])
  })

  it("X-27, K-091, T-12: the container of a failed hook is killed with the pod's grace, and the message says why", () => {
    const facts = slow({ onTerm: "ignore", execs: [answer("warm-up", "1s", 3)] })
    expect(hookEvents(facts).slice(0, 2)).toEqual([
      "1 FailedPostStartHook main PostStartHook failed",
      "1 Killing main FailedPostStartHook"
    ])
    const failed = when(
      podMoments(facts),
      (shown) => containerState(shown) === "waiting" && shown.status.phase === "Running"
    )
    const { waiting } = failed.pod.status.containerStatuses?.[0]?.state ?? {}
    expect(waiting?.["reason"]).toBe("PostStartHookError")
    expect(waiting?.["message"]).toContain("failed - error: command 'warm-up' exited with 3: , message: \"\"")
    const ended = failed.pod.status.containerStatuses?.[0]?.lastState?.terminated
    expect([ended?.["exitCode"], ended?.["finishedAt"]]).toEqual([137, "2026-01-01T00:00:11Z"])
    expect(timedEvents(facts)).toContain("11 Started second")
  })

  it("K-091: the kill of a failed hook runs the preStop hook too", () => {
    const run = { onTerm: "ignore", execs: [answer("warm-up", "1s", 1), answer("bye", "3s", 1)] }
    const facts = slow(run, { postStart: exec("warm-up"), preStop: exec("bye") })
    expect(hookEvents(facts).slice(0, 3)).toEqual([
      "1 FailedPostStartHook main PostStartHook failed",
      "1 Killing main FailedPostStartHook",
      "4 FailedPreStopHook main PreStopHook failed"
    ])
  })

  it("S-155: tcpSocket fails at once", () => {
    const facts = slow(stopsAtOnce, { postStart: { tcpSocket: { port: 80 } } })
    expect(hookEvents(facts).slice(0, 1)).toEqual(["0 FailedPostStartHook main PostStartHook failed"])
  })

  it("S-077, S-168: a command dies with its container, which fails the hook", () => {
    const facts = slow({ exitAfter: "2s", execs: [answer("warm-up", "9s")] })
    expect(hookEvents(facts)[0]).toBe("2 FailedPostStartHook main PostStartHook failed")
  })

  it("K-256: HTTPS to a port that speaks HTTP succeeds over HTTP, and no Event tells of it", () => {
    const httpGet = { port: 80, scheme: "HTTPS" }
    const facts = slow({ http: [{ port: 80, path: "/", status: 200 }] }, { postStart: { httpGet } })
    expect(timedEvents(facts).filter((line) => /Hook|HTTPFallback/.test(line))).toEqual([])
    expect(timedEvents(facts).filter((line) => /Started/.test(line))).toHaveLength(2)
  })

  it("K-254, K-013: a deletion waits until it is over", () => {
    const facts = simulate({
      nodes,
      runs: { main: [{ ...stopsAtOnce, execs: [answer("warm-up", "8s")] }] },
      steps: [pod({ postStart: exec("warm-up") }), deletePod("2s")],
      until: "30s"
    })
    expect(hookEvents(facts)).toEqual(["8 Killing main Stopping container main"])
  })
})

describe("preStop", () => {
  const stopped = (run: object, lifecycle: object, deletion: object = {}) =>
    simulate({ nodes, runs: { main: [run] }, steps: [pod(lifecycle), deletePod("5s", deletion)], until: "60s" })
  const exit = (facts: ReturnType<typeof simulate>) => {
    const { pod: last } = when(podMoments(facts), (shown) => containerState(shown) === "terminated")
    const ended = last.status.containerStatuses?.[0]?.state?.terminated
    return [ended?.["exitCode"], Number(String(ended?.["finishedAt"]).slice(17, 19))]
  }

  it("K-244: TERM comes when it is over, and what it took is taken off the grace", () => {
    const hook = { preStop: exec("bye") }
    const takes4 = { execs: [answer("bye", "4s")] }
    expect(exit(stopped({ ...takes4, ...stopsAtOnce }, hook))).toEqual([0, 9])
    expect(exit(stopped({ ...takes4, onTerm: "ignore" }, hook))).toEqual([137, 15])
    expect(exit(stopped({ onTerm: "ignore" }, { preStop: { sleep: { seconds: 9 } } }))).toEqual([137, 16])
  })

  it("X-30, T-24, S-185: it has the whole grace; then it is abandoned, and TERM still has two seconds", () => {
    const run = { onTerm: "ignore", execs: [answer("bye", "60s")] }
    const facts = stopped(run, { preStop: exec("bye") })
    expect(exit(facts)).toEqual([137, 17])
    // The command dies with the container: only then it has failed.
    expect(hookEvents(facts)).toEqual([
      "5 Killing main Stopping container main",
      "17 FailedPreStopHook main PreStopHook failed"
    ])
  })

  it("K-255: when it fails the kill goes on", () => {
    const facts = stopped({ ...stopsAtOnce, execs: [answer("bye", "1s", 4)] }, { preStop: exec("bye") })
    expect(hookEvents(facts)).toEqual([
      "5 Killing main Stopping container main",
      "6 FailedPreStopHook main PreStopHook failed"
    ])
    expect(exit(facts)).toEqual([0, 6])
  })

  it("S-180: no TERM is sent when the process ends during it", () => {
    const facts = stopped({ exitAfter: "8s", exitCode: 5, execs: [answer("bye", "6s")] }, { preStop: exec("bye") })
    expect(exit(facts)).toEqual([5, 8])
    expect(facts.some((fact) => fact._tag === "PodFact" && fact.event._tag === "SignalSent")).toBe(false)
  })

  it("S-181: it does not run for a container that ended by itself", () => {
    const facts = simulate({
      nodes,
      runs: { main: [{ exitAfter: "2s", execs: [answer("bye", "1s", 1)] }] },
      steps: [pod({ preStop: exec("bye") }, { restartPolicy: "Never" })],
      until: "20s"
    })
    expect(hookEvents(facts)).toEqual([])
  })

  it("S-247: a forced deletion starts it and gives it up after a second", () => {
    const facts = stopped(
      { onTerm: "ignore", execs: [answer("bye", "60s")] },
      { preStop: exec("bye") },
      { gracePeriodSeconds: 0 }
    )
    const exits = facts.filter((fact) => fact._tag === "PodFact" && fact.event._tag === "ProcessExited")
    expect(exits.map(({ observed }) => ((observed ?? 0) % 60_000_000) / 1_000_000)).toEqual([8])
  })

  it("T-23, K-014: a second, shorter deletion does not cut it short", () => {
    const facts = simulate({
      nodes,
      runs: { main: [{ ...stopsAtOnce, execs: [answer("bye", "8s")] }] },
      steps: [pod({ preStop: exec("bye") }), deletePod("5s"), deletePod("6s", { gracePeriodSeconds: 1 })],
      until: "60s"
    })
    expect(exit(facts)).toEqual([0, 13])
  })
})

describe("termination messages", () => {
  const ended = (run: object, container: object) => {
    const manifest = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1", ...container }] }
    }
    const facts = simulate({ nodes, runs: { main: [run] }, steps: [{ at: "0s", apply: manifest }], until: "20s" })
    const { pod: last } = when(podMoments(facts), (shown) => containerState(shown) === "terminated")
    return last.status.containerStatuses?.[0]?.state?.terminated?.["message"]
  }

  it("K-380: from the file", () => {
    expect(ended({ exitAfter: "1s", terminationMessage: "bye" }, {})).toBe("bye")
  })

  it("K-381: from the lines that were logged before the end", () => {
    const run = {
      exitAfter: "2s",
      exitCode: 1,
      log: [
        { at: "1s", line: "one" },
        { at: "3s", line: "never" }
      ]
    }
    expect(ended(run, { terminationMessagePolicy: "FallbackToLogsOnError" })).toBe("one\n")
    expect(ended(run, {})).toBeUndefined()
  })
})
