/** Sidecars end after the containers that they serve, within the same grace. */
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, timedEvents, when } from "../given.ts"
import { signals, syncs } from "../podFacts.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]

const pod = (spec: object = {}, sidecar: object = {}) => ({
  at: "0s",
  apply: {
    ...podManifest("p", []),
    spec: {
      terminationGracePeriodSeconds: 10,
      ...spec,
      initContainers: [{ name: "side", image: "busybox:1", restartPolicy: "Always", ...sidecar }],
      containers: [{ name: "main", image: "busybox:1" }]
    }
  }
})
const deletePod = { at: "6s", delete: { kind: "Pod", name: "p" } }
const told = (facts: ReturnType<typeof simulate>) =>
  signals(facts).map(({ container, seconds, signal }) => `${Math.round(seconds * 10) / 10} ${container} ${signal}`)
const killing = (facts: ReturnType<typeof simulate>) => timedEvents(facts).filter((line) => line.includes(" Killing "))

describe("a pod with a sidecar is deleted", () => {
  it("X-10, T-25, S-242: both are said to be killed at once; the sidecar gets its TERM when the other has ended", () => {
    const facts = simulate({
      nodes: zero,
      runs: {
        main: [{ onTerm: { exitAfter: "4s", exitCode: 0 } }],
        side: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }]
      },
      steps: [pod(), deletePod],
      until: "40s"
    })
    expect(killing(facts).map((line) => line.split(" ")[0])).toEqual(["6", "6"])
    expect(told(facts)).toEqual(["6 main 15", "10 side 15"])
  })

  it("K-245: what it waited is taken off its grace, in whole seconds", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ onTerm: { exitAfter: "4.5s", exitCode: 0 } }], side: [{ onTerm: "ignore" }] },
      steps: [pod(), deletePod],
      until: "40s"
    })
    expect(told(facts)).toEqual(["6 main 15", "10.5 side 15", "16.5 side 9"])
  })

  it("X-10, K-261, T-25, S-187: its preStop hook does not wait", () => {
    const facts = simulate({
      nodes: zero,
      runs: {
        main: [{ onTerm: { exitAfter: "4s", exitCode: 0 } }],
        side: [{ onTerm: { exitAfter: "0s", exitCode: 0 }, execs: [{ command: ["bye"], takes: "1s", exitCode: 3 }] }]
      },
      steps: [pod({}, { lifecycle: { preStop: { exec: { command: ["bye"] } } } }), deletePod],
      until: "40s"
    })
    expect(timedEvents(facts).filter((line) => line.includes("FailedPreStopHook"))).toEqual([
      "7 FailedPreStopHook side PreStopHook failed"
    ])
    expect(told(facts)).toEqual(["6 main 15", "10 side 15"])
  })

  it("K-262: when the grace is over it is stopped all the same, and has two seconds", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ onTerm: "ignore" }], side: [{ onTerm: "ignore" }] },
      steps: [pod(), deletePod],
      until: "40s"
    })
    const [term, ...others] = told(facts)
    expect(term).toBe("6 main 15")
    expect([...others].sort()).toEqual(["16 main 9", "16 side 15", "18 side 9"])
  })
})

it("X-10, T-26, S-142: when the pod has done its work its sidecar is killed by a sync that is not the terminating one", () => {
  const facts = simulate({
    nodes: zero,
    runs: { main: [{ exitAfter: "5s" }], side: [{ onTerm: { exitAfter: "3s", exitCode: 0 } }] },
    steps: [pod({ restartPolicy: "Never" })],
    until: "40s"
  })
  const [term] = signals(facts)
  const terminating = syncs(facts).find(({ sync }) => sync === "SyncTerminatingPod")
  expect(term?.container).toBe("side")
  expect(term?.seconds).toBeLessThan(terminating?.seconds ?? 0)
  expect(killing(facts)).toHaveLength(1)
  expect(when(podMoments(facts), ({ status }) => status.phase === "Succeeded").seconds).toBeGreaterThan(8)
})
