import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMoments, simulate, when } from "../given.ts"
import { signals, syncs, workerStates } from "../podFacts.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const patch = (at: string, body: object, more: object = {}) => ({
  at,
  patch: { kind: "Pod", name: "p", type: "merge", patch: body, ...more }
})
const stopsAtOnce = { onTerm: { exitAfter: "0s", exitCode: 0 } }

describe("the other ways to end", () => {
  it("K-011: somebody wrote a terminal phase: the pod is ended with its own grace", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ onTerm: "ignore" }] },
      steps: [
        apply(podManifest("p", ["main"], { terminationGracePeriodSeconds: 7 })),
        patch("6s", { status: { phase: "Failed" } }, { subresource: "status" }),
        patch("7s", { metadata: { labels: { a: "b" } } })
      ],
      until: "40s"
    })
    expect(workerStates(facts)).toEqual(["SyncPod", "SyncTerminatingPod", "SyncTerminatedPod"])
    const [term, kill] = signals(facts).map(({ seconds }) => seconds)
    expect((kill ?? 0) - (term ?? 0)).toBeCloseTo(7, 5)
  })

  it("K-008, S-256: the object is gone: the worker gets a kill, and its containers end", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [stopsAtOnce] },
      steps: [apply(podManifest("p", ["main"])), deletePod("6s", { gracePeriodSeconds: 0 })],
      until: "20s"
    })
    expect(podMoments(facts).at(-1)).toMatchObject({ change: "DELETED" })
    expect(workerStates(facts)).toContain("SyncTerminatingPod")
    expect(signals(facts)).toEqual([{ seconds: 6, container: "main", signal: 15 }])
  })

  it("K-008: nothing counts as gone before the first list: a restarted kubelet leaves its pods alone", () => {
    const facts = simulate({
      steps: [apply(podManifest("p", ["main"])), { at: "10s", node: { name: "n-1", kubelet: "restart" } }],
      until: "40s"
    })
    expect(signals(facts)).toEqual([])
  })

  it("K-247, K-273: a deadline gives the pod its own grace, and Failed shows when its containers are gone", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [{ onTerm: "ignore" }] },
      steps: [apply(podManifest("p", ["main"], { activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 7 }))],
      until: "40s"
    })
    const [term, kill] = signals(facts).map(({ seconds }) => seconds)
    expect((kill ?? 0) - (term ?? 0)).toBeCloseTo(7, 5)
    const failed = when(podMoments(facts), ({ status }) => status.phase === "Failed")
    expect(failed.seconds).toBeGreaterThanOrEqual(kill ?? 0)
    expect(containerState(failed.pod)).toBe("terminated")
  })

  it("K-247: of a pod that ended by itself only the sandbox is left to stop", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "1s" }] },
      steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" }))],
      until: "20s"
    })
    expect(signals(facts)).toEqual([])
    expect(facts.filter((fact) => fact._tag === "PodFact" && fact.event._tag === "SandboxStopped")).toHaveLength(1)
  })

  it("K-021: past its deadline it is looked at with the next of the ticks, one second apart", () => {
    const seconds = [0, 1, 2, 3].map((seed) => {
      const facts = simulate(
        {
          nodes: zero,
          runs: { main: [stopsAtOnce] },
          steps: [apply(podManifest("p", ["main"], { activeDeadlineSeconds: 5 }))],
          until: "20s"
        },
        seed
      )
      const start = Number(podMoments(facts).at(-1)?.pod.status.startTime?.slice(17, 19))
      const waits = syncs(facts).map(({ seconds }) => seconds - start)
      return waits.find((wait) => wait >= 5) ?? 0
    })
    for (const late of seconds) {
      expect(late).toBeGreaterThanOrEqual(5)
      expect(late).toBeLessThanOrEqual(6)
    }
  })

  it("T-34: DeadlineExceeded is a Normal Event, and comes more than once", () => {
    const facts = simulate({
      steps: [apply(podManifest("p", ["main"], { activeDeadlineSeconds: 3, terminationGracePeriodSeconds: 1 }))],
      until: "20s"
    })
    const event = facts.flatMap((fact) =>
      fact._tag === "ObjectChanged" && JSON.stringify(fact.object).includes('"reason":"DeadlineExceeded"')
        ? [fact.object as { readonly kind?: string; readonly type?: string; readonly count?: number }]
        : []
    )
    const last = event.filter(({ kind }) => kind === "Event").at(-1)
    expect(last?.type).toBe("Normal")
    expect(last?.count).toBeGreaterThan(1)
  })

  it("T-20: the phase is withheld until the sandbox is gone, the container's end and the conditions are not", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "2s", exitCode: 1 }] },
      steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" }))],
      until: "20s"
    })
    const ended = when(podMoments(facts), (pod) => containerState(pod) === "terminated").pod.status
    expect(ended.phase).toBe("Running")
    expect(ended.conditions?.find(({ type }) => type === "Ready")?.status).toBe("False")
    const failed = when(podMoments(facts), ({ status }) => status.phase === "Failed").pod.status
    expect(failed.conditions?.find(({ type }) => type === "PodReadyToStartContainers")?.status).toBe("False")
  })

  it("S-186, S-243: a hook that takes long holds up its own container only: hook, TERM, and KILL at the end of the grace", () => {
    const preStop = { preStop: { exec: { command: ["bye"] } } }
    const facts = simulate({
      nodes: zero,
      runs: { a: [{ onTerm: "ignore", execs: [{ command: ["bye"], takes: "4s" }] }], b: [stopsAtOnce] },
      steps: [
        apply({
          ...podManifest("p", []),
          spec: {
            terminationGracePeriodSeconds: 10,
            containers: [
              { name: "a", image: "busybox:1", lifecycle: preStop },
              { name: "b", image: "busybox:1" }
            ]
          }
        }),
        deletePod("6s")
      ],
      until: "40s"
    })
    expect(
      signals(facts).map(({ container, seconds, signal }) => `${Math.round(seconds)} ${container} ${signal}`)
    ).toEqual(["6 b 15", "10 a 15", "16 a 9"])
  })
})
