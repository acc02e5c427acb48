/** Hooks as users of Kubernetes are told of them: when they run, how often, and what becomes of their output. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, timedEvents } from "../given.ts"
import { signals } from "../podFacts.ts"

const nodes = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const podOf = (container: object, spec: object = {}) => ({
  at: "0s",
  apply: {
    ...podManifest("p", []),
    spec: { ...spec, containers: [{ name: "main", image: "busybox:1", ...container }] }
  }
})
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const exec = (...command: ReadonlyArray<string>) => ({ exec: { command } })
const stops = { onTerm: { exitAfter: "0s", exitCode: 0 } }
const observe = (runs: ReadonlyArray<object>, steps: ReadonlyArray<object>, until = "40s") =>
  simulate({ nodes, runs: { main: runs }, steps, until })
const secondsOf = (facts: ReadonlyArray<ClusterEvent>, ...parts: ReadonlyArray<string>): ReadonlyArray<number> =>
  timedEvents(facts)
    .filter((line) => parts.every((part) => line.includes(part)))
    .map((line) => Number(line.split(" ")[0]))

describe("hooks", () => {
  it("S-151: one is delivered at least once: a kubelet that restarts in the middle of a preStop hook runs it again", () => {
    const steps = [
      podOf({ lifecycle: { preStop: exec("bye") } }, { terminationGracePeriodSeconds: 60 }),
      deletePod("10s")
    ]
    const run = [{ ...stops, execs: [{ command: ["bye"], takes: "8s" }] }]
    const termed = (more: ReadonlyArray<object>) => signals(observe(run, [...steps, ...more], "60s"))[0]?.seconds ?? 0
    expect(Math.round(termed([]))).toBe(18)
    // Begun anew when the new kubelet has found the pod: a second or more after its own start.
    const again = termed([{ at: "14s", node: { name: "n-1", kubelet: "restart" } }])
    expect(again).toBeGreaterThanOrEqual(14 + 1 + 8)
    expect(again).toBeLessThan(14 + 4 + 8)
  })

  it("S-152: a handler is a command as it stands: no shell, no variables of the container", () => {
    const container = {
      env: [{ name: "A", value: "1" }],
      lifecycle: { postStart: exec("check", "$(A)", "&&", "true") }
    }
    const facts = observe(
      [{ ...stops, execs: [{ command: ["check", "$(A)", "&&", "true"], exitCode: 2 }] }],
      [podOf(container)]
    )
    const messages = podMoments(facts).flatMap(
      ({ pod }) => pod.status.containerStatuses?.[0]?.state?.waiting?.["message"] ?? []
    )
    expect(messages[0]).toContain("command 'check $(A) && true' exited with 2")
    expect(messages[0]).toMatch(/^Exec lifecycle hook \(\[check \$\(A\) && true\]\) /)
  })

  it("S-152: one that does not return holds its container back for as long", () => {
    const facts = observe(
      [{ execs: [{ command: ["wait"], takes: "1h" }] }],
      [podOf({ lifecycle: { postStart: exec("wait") } })],
      "3000s"
    )
    expect(podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]?.state).toEqual({
      waiting: { reason: "ContainerCreating" }
    })
  })

  it("S-158: when one fails its container is killed; of preStop it is only told, for its container ends anyway", () => {
    const failing = [{ ...stops, execs: [{ command: ["hook"], exitCode: 1 }] }]
    const started = observe(failing, [podOf({ lifecycle: { postStart: exec("hook") } }, { restartPolicy: "Never" })])
    expect(secondsOf(started, "Killing main FailedPostStartHook")).toHaveLength(1)
    expect(signals(started).map(({ signal }) => signal)).toEqual([15])
    const stopped = (exitCode: number) =>
      signals(
        observe(
          [{ ...stops, execs: [{ command: ["hook"], exitCode }] }],
          [podOf({ lifecycle: { preStop: exec("hook") } }), deletePod("10s")]
        )
      )
    expect(stopped(1)).toEqual(stopped(0))
    expect(stopped(1)).toHaveLength(1)
  })
})

describe("postStart", () => {
  const warmUp = { lifecycle: { postStart: { httpGet: { port: 80, path: "/" } } } }

  it("S-162: nothing says whether the main process is ready for it, not yet, or gone already", () => {
    const failures = (run: object) =>
      secondsOf(observe([{ ...stops, ...run }, {}], [podOf(warmUp)], "4s"), "FailedPostStartHook").length
    expect(failures({ http: [{ port: 80, status: 200 }] })).toBe(0)
    expect(failures({ http: [{ port: 80, status: 200, from: "1s" }] })).toBeGreaterThan(0)
    expect(failures({ exitAfter: "0s", http: [{ port: 80, status: 200 }] })).toBeGreaterThan(0)
  })

  it("S-173: what one that succeeds prints is shown nowhere", () => {
    const print = { command: ["hook"], output: "printed by the hook\n" }
    const shown = (exitCode: number) =>
      JSON.stringify(
        observe(
          [
            {
              ...stops,
              exitAfter: "5s",
              exitCode: 1,
              log: [{ at: "1s", line: "printed by main" }],
              execs: [{ ...print, exitCode }]
            }
          ],
          [podOf({ terminationMessagePolicy: "FallbackToLogsOnError", lifecycle: { postStart: exec("hook") } })]
        )
      )
    expect(shown(0)).not.toContain("printed by the hook")
    expect(shown(0)).toContain("printed by main")
    expect(shown(1)).toContain("printed by the hook")
  })

  it("S-177: it runs at every start, so one that finds its own file from the last time must not mind it", () => {
    const container = {
      volumeMounts: [{ name: "content", mountPath: "/content" }],
      lifecycle: { postStart: exec("mkdir", "/content/new") }
    }
    const mkdir = { command: ["mkdir", "/content/new"] }
    const facts = observe(
      [
        { ...stops, exitAfter: "5s", execs: [mkdir] },
        { ...stops, execs: [{ ...mkdir, exitCode: 1 }] }
      ],
      [podOf(container, { volumes: [{ name: "content", emptyDir: {} }] })],
      "60s"
    )
    const [first = 0, ...failed] = secondsOf(facts, "FailedPostStartHook")
    expect(first).toBeGreaterThanOrEqual(5)
    expect(failed.length).toBeGreaterThan(0)
    const reasons = podMoments(facts).map(({ pod }) => pod.status.containerStatuses?.[0]?.state?.waiting?.["reason"])
    expect(reasons).toContain("CrashLoopBackOff")
  })
})

describe("preStop", () => {
  it("S-189: it runs at every end that somebody gives its container, the pod living on", () => {
    const facts = observe(
      [
        {
          ...stops,
          execs: [
            { command: ["check"], exitCode: 1 },
            { command: ["bye"], exitCode: 1 }
          ]
        }
      ],
      [
        podOf({
          lifecycle: { preStop: exec("bye") },
          livenessProbe: { ...exec("check"), periodSeconds: 2, failureThreshold: 1 }
        })
      ],
      "60s"
    )
    expect(secondsOf(facts, "FailedPreStopHook").length).toBe(secondsOf(facts, "Killing").length)
    expect(secondsOf(facts, "FailedPreStopHook").length).toBeGreaterThan(2)
    expect(podMoments(facts).at(-1)?.pod.metadata.deletionTimestamp).toBeUndefined()
  })

  it("S-190: one that asks the process to finish its work lets it; TERM alone ends it at once", () => {
    const quit = { command: ["nginx", "-s", "quit"], takes: "6s" }
    const ends = (lifecycle: object) => {
      // Its requests last until the sixteenth second; then it ends as it was asked to.
      const facts = observe([{ ...stops, exitAfter: "16s", execs: [quit] }], [podOf({ lifecycle }), deletePod("10s")])
      return [signals(facts).map(({ signal }) => signal), Math.round(podMoments(facts).at(-1)?.seconds ?? 0)]
    }
    const [term, at] = ends({})
    expect([term, at]).toEqual([[15], 10])
    const [quietly, later] = ends({ preStop: { exec: { command: ["nginx", "-s", "quit"] } } })
    expect(quietly).toEqual([])
    expect(later).toBe(16)
  })
})
