/** The worked examples about hooks and the ends of pods, told by what the world sees of them. */
import { describe, expect, it } from "vitest"
import { containerState, podMoments, simulate, timedEvents, waitingReasons, when } from "../given.ts"

const nodes = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const sh = (script: string) => ["sh", "-c", script]
const exec = (script: string) => ({ exec: { command: sh(script) } })
const pod = (containers: ReadonlyArray<object>, spec: object = {}) => ({
  at: "0s",
  apply: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { ...spec, containers } }
})
const nginx = (lifecycle: object) => ({ name: "nginx", image: "nginx:alpine", lifecycle })
const gracefully = { onTerm: { exitAfter: "0s", exitCode: 0 } }
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
type Facts = ReturnType<typeof simulate>
const named = (facts: Facts, ...reasons: ReadonlyArray<string>) =>
  timedEvents(facts).filter((line) =>
    reasons.some((reason) => line.includes(` ${reason} `) || line.endsWith(` ${reason}`))
  )
/** `container exit code` at its moment. */
const exits = (facts: Facts) =>
  facts.flatMap((fact) =>
    fact._tag === "PodFact" && fact.event._tag === "ProcessExited"
      ? [`${Math.round((Number(fact.observed) / 1_000_000) % 60)}s ${fact.event.container} ${fact.event.exitCode}`]
      : []
  )

describe("W-31…W-36: postStart", () => {
  const script = "apk add fortune && fortune > /usr/share/nginx/html/quote"
  const started = (lifecycle: object, run: object, spec: object = {}, until = "50s") =>
    simulate({ nodes, runs: { nginx: [run] }, steps: [pod([nginx(lifecycle)], spec)], until })

  it("W-31, S-161, S-159: the hook runs beside the main process, at every start", () => {
    const run = { exitAfter: "10s", execs: [{ command: sh(script), takes: "3s" }] }
    const facts = started({ postStart: exec(script) }, run, {}, "15s")
    // The second start's hook holds the container back again: it is reported three seconds later.
    const running = podMoments(facts).filter(({ pod: shown }) => containerState(shown, "nginx") === "running")
    expect(named(facts, "Started").map((line) => line.slice(0, 2).trim())).toEqual(["0", "10"])
    expect(running[0]?.seconds).toBeGreaterThanOrEqual(3)
    expect(
      running.find(({ pod: shown }) => shown.status.containerStatuses?.[0]?.restartCount === 1)?.seconds
    ).toBeGreaterThan(13)
  })

  it("W-32, S-163, S-164: a hook of a minute: ContainerCreating and Pending until it is over, exec works", () => {
    const facts = started({ postStart: exec("sleep 60") }, { execs: [{ command: sh("sleep 60"), takes: "60s" }] })
    const end = podMoments(facts).at(-1)?.pod
    expect([end?.status.phase, end?.status.containerStatuses?.[0]?.state?.waiting?.["reason"]]).toEqual([
      "Pending",
      "ContainerCreating"
    ])
    expect(end?.status.containerStatuses?.map(({ ready, started: up }) => [ready, up])).toEqual([[false, false]])
  })

  const failing = "echo 'Emulating a post-start hook failure'; exit 1"
  const output = "Emulating a post-start hook failure\n"
  const fails = { ...gracefully, execs: [{ command: sh(failing), exitCode: 1, output }] }

  it("W-33, S-168, S-169, S-170, S-171: a failing hook: killed and restarted, then CrashLoopBackOff", () => {
    const facts = started({ postStart: exec(failing) }, fails)
    expect(named(facts, "FailedPostStartHook")[0]).toBe("0 FailedPostStartHook nginx PostStartHook failed")
    expect(waitingReasons(podMoments(facts), "nginx").slice(0, 4)).toEqual([
      "ContainerCreating",
      "PostStartHookError",
      "CrashLoopBackOff",
      "PostStartHookError"
    ])
    const { pod: shown } = when(
      podMoments(facts),
      (one) => one.status.containerStatuses?.[0]?.state?.waiting?.["reason"] === "PostStartHookError"
    )
    const { name, namespace, uid } = shown.metadata
    expect(shown.status.containerStatuses?.[0]?.state?.waiting?.["message"]).toBe(
      `Exec lifecycle hook ([sh -c ${failing}]) for Container "nginx" in Pod "${name}_${namespace}(${uid})" failed - error: ` +
        `command 'sh -c ${failing}' exited with 1: , message: "Emulating a post-start hook failure\\n"`
    )
  })

  it("W-34, S-172: with restartPolicy Never the pod succeeds, for its process ended with 0", () => {
    const facts = started({ postStart: exec(failing) }, fails, { restartPolicy: "Never" })
    const end = podMoments(facts).at(-1)?.pod
    expect([end?.status.phase, end?.status.containerStatuses?.[0]?.state?.terminated?.["exitCode"]]).toEqual([
      "Succeeded",
      0
    ])
  })

  const warmUp = { postStart: { httpGet: { port: 80, path: "/warmup" } } }

  it("W-35, S-174, S-175: whatever status the request is answered with, the hook has not failed", () => {
    const facts = started(warmUp, { http: [{ port: 80, path: "/warmup", status: 404, takes: "2s" }] })
    expect(named(facts, "FailedPostStartHook")).toEqual([])
    expect(when(podMoments(facts), (one) => containerState(one, "nginx") === "running").seconds).toBeGreaterThanOrEqual(
      2
    )
  })

  it("W-36, S-176: nobody listens yet: refused, killed, and so again at every start", () => {
    const facts = started(warmUp, { ...gracefully, http: [{ port: 80, from: "5s" }] })
    expect(named(facts, "FailedPostStartHook").length).toBeGreaterThan(2)
    const { pod: shown } = when(
      podMoments(facts),
      (one) => one.status.containerStatuses?.[0]?.state?.waiting?.["reason"] === "PostStartHookError"
    )
    expect(shown.status.containerStatuses?.[0]?.state?.waiting?.["message"]).toMatch(
      /^HTTP lifecycle hook \(\/warmup\) for Container "nginx" in Pod ".*" failed - error: Get "http:\/\/10\.88\.0\.1:80\/warmup": dial tcp 10\.88\.0\.1:80: connect: connection refused$/
    )
  })

  it("W-17, S-150: each container has hooks of its own; the next one starts when the first one's is over", () => {
    const containers = [nginx({ postStart: { sleep: { seconds: 5 } } }), { name: "second", image: "busybox:1" }]
    const facts = simulate({ nodes, steps: [pod(containers)], until: "20s" })
    expect(named(facts, "Started")).toEqual(["0 Started nginx", "5 Started second"])
  })
})

describe("W-38, W-39: preStop", () => {
  const stopped = (lifecycle: object, run: object, deletion: object = {}) =>
    simulate({
      nodes,
      runs: { nginx: [run] },
      steps: [pod([nginx(lifecycle)], { terminationGracePeriodSeconds: 10 }), deletePod("5s", deletion)],
      until: "50s"
    })

  it("W-38, S-179: the process ends in its own time, then TERM", () => {
    const quit = { preStop: { exec: { command: ["nginx", "-s", "quit"] } } }
    expect(
      exits(stopped(quit, { exitAfter: "7s", execs: [{ command: ["nginx", "-s", "quit"], takes: "3s" }] }))
    ).toEqual(["7s nginx 0"])
  })

  it("W-39 (a), S-182, S-183: a hook that fails shows in an Event only", () => {
    const facts = stopped(
      { preStop: exec("exit 1") },
      { ...gracefully, execs: [{ command: sh("exit 1"), exitCode: 1 }] }
    )
    expect(named(facts, "FailedPreStopHook")).toEqual(["5 FailedPreStopHook nginx PreStopHook failed"])
    expect(exits(facts)).toEqual(["5s nginx 0"])
  })

  it("W-39 (b), S-184, S-185: a hook that hangs: the whole grace and two seconds", () => {
    const facts = stopped(
      { preStop: exec("sleep 600") },
      { onTerm: "ignore", execs: [{ command: sh("sleep 600"), takes: "600s" }] }
    )
    expect(exits(facts)).toEqual(["17s nginx 137"])
  })

  it("S-188: an HTTP hook is like that of postStart; nobody there: it has failed", () => {
    const facts = stopped({ preStop: { httpGet: { port: "web", path: "/bye" } } }, gracefully)
    expect(named(facts, "FailedPreStopHook")).toEqual(["5 FailedPreStopHook nginx PreStopHook failed"])
  })

  it("S-188: nobody answers: until the grace is over, and failed once the container is gone", () => {
    const facts = stopped({ preStop: { httpGet: { port: 80, path: "/bye" } } }, { ...gracefully, tcp: [{ port: 80 }] })
    expect(exits(facts)).toEqual(["15s nginx 0"])
    expect(named(facts, "FailedPreStopHook")).toEqual(["15 FailedPreStopHook nginx PreStopHook failed"])
  })

  it("S-157: a host of its own is not the pod: nobody of it answers", () => {
    const lifecycle = { preStop: { httpGet: { port: 80, path: "/", host: "localhost" } } }
    expect(named(stopped(lifecycle, { ...gracefully, http: [{ port: 80 }] }), "FailedPreStopHook")).toHaveLength(1)
  })

  it("S-191: a sleep makes the deletion so much longer", () => {
    expect(exits(stopped({ preStop: { sleep: { seconds: 8 } } }, gracefully))).toEqual(["13s nginx 0"])
  })
})

describe("W-41…W-45: kubia-ssl is deleted", () => {
  const run = (kubia: object, deletion: object = {}, spec: object = {}) => {
    const containers = [
      { name: "kubia", image: "luksa/kubia:1.0" },
      { name: "envoy", image: "luksa/kubia-ssl-proxy:1.0" }
    ]
    return simulate({
      nodes,
      runs: { kubia: [kubia], envoy: [gracefully] },
      steps: [pod(containers, spec), deletePod("5s", deletion)],
      until: "59s"
    })
  }

  it("W-41, S-242, S-244, S-252, S-088: one ends at once, the other is killed after 30 s; then the object goes", () => {
    const facts = run({ onTerm: "ignore" })
    expect(exits(facts)).toEqual(["5s envoy 0", "35s kubia 137"])
    const end = podMoments(facts).at(-1)
    expect([end?.change, end?.pod.status.phase]).toEqual(["DELETED", "Failed"])
    expect(end?.seconds).toBeGreaterThanOrEqual(35)
    expect(named(facts, "Killing")).toHaveLength(2)
  })

  it("W-42, S-245: with terminationGracePeriodSeconds 5 after five", () => {
    expect(exits(run({ onTerm: "ignore" }, {}, { terminationGracePeriodSeconds: 5 }))).toEqual([
      "5s envoy 0",
      "10s kubia 137"
    ])
  })

  it("W-43, S-246, S-240: with --grace-period 10 after ten, as the object says", () => {
    const facts = run({ onTerm: "ignore" }, { gracePeriodSeconds: 10 })
    expect(exits(facts)).toEqual(["5s envoy 0", "15s kubia 137"])
    const asked = when(podMoments(facts), (shown) => shown.metadata.deletionTimestamp !== undefined).pod.metadata
    expect([asked.deletionGracePeriodSeconds, asked.deletionTimestamp]).toEqual([10, "2026-01-01T00:00:15Z"])
  })

  it("W-44, S-253: an application that handles TERM ends considerably faster, with 0", () => {
    const facts = run({ onTerm: { exitAfter: "1s", exitCode: 0 } })
    expect(exits(facts)).toEqual(["5s envoy 0", "6s kubia 0"])
    expect(podMoments(facts).at(-1)?.pod.status.phase).toBe("Succeeded")
  })

  it("W-45, S-084, S-258: a shell that passes nothing on is killed; one that dies of TERM shows 143", () => {
    expect(exits(run({ onTerm: { exitAfter: "0s", exitCode: 143 } })).sort()).toEqual(["5s envoy 0", "5s kubia 143"])
  })
})
