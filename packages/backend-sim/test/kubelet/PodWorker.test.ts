import { describe, expect, it } from "vitest"
import { containerState, podEvents, podManifest, podMoments, simulate, when } from "../given.ts"
import { syncs, workerStates } from "../podFacts.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const patch = (at: string, body: object, more: object = {}) => ({
  at,
  patch: { kind: "Pod", name: "p", type: "merge", patch: body, ...more }
})
const stopsAtOnce = { onTerm: { exitAfter: "0s", exitCode: 0 } }

describe("a pod that is deleted", () => {
  const plain = simulate({
    runs: { main: [stopsAtOnce] },
    steps: [apply(podManifest("p", ["main"])), deletePod("6s")],
    until: "20s"
  })

  it("K-004, K-011: a deletion is an update with a deletionTimestamp; from there the worker never goes back", () => {
    expect(workerStates(plain)).toEqual(["SyncPod", "SyncTerminatingPod", "SyncTerminatedPod"])
    const later = simulate({
      runs: { main: [{ onTerm: { exitAfter: "5s", exitCode: 0 } }] },
      steps: [
        apply(podManifest("p", ["main"])),
        deletePod("6s"),
        patch("8s", { metadata: { labels: { a: "b" } } }),
        patch("9s", { metadata: { annotations: { a: "b" } } })
      ],
      until: "30s"
    })
    expect(workerStates(later)).toEqual(["SyncPod", "SyncTerminatingPod", "SyncTerminatedPod"])
  })

  it("T-22: shows its new generation, in the status and in each condition, before anything stops", () => {
    const seen = podMoments(plain).filter(({ seconds }) => seconds >= 6)
    const observed = when(seen, ({ status }) => status.observedGeneration === 2).pod
    expect(containerState(observed)).toBe("running")
    expect(observed.status.conditions?.map((one) => one.observedGeneration)).toEqual([2, 2, 2, 2, 2])
  })

  it("K-253: stays ready until its container has ended", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "5s", exitCode: 0 } }] },
      steps: [apply(podManifest("p", ["main"])), deletePod("6s")],
      until: "20s"
    })
    const ready = podMoments(facts)
      .filter(({ seconds }) => seconds >= 6)
      .map(({ pod: { status } }) => [
        status.conditions?.find(({ type }) => type === "Ready")?.status,
        Object.keys(status.containerStatuses?.[0]?.state ?? {})[0]
      ])
    expect(ready[0]).toEqual(["True", "running"])
    expect(ready.filter(([status, state]) => (status === "True") !== (state === "running"))).toEqual([])
  })

  it("K-265, T-19: is gone some second after the request, most of which is the wait for the next relist", () => {
    const seconds = Array.from({ length: 20 }, (_, seed) => {
      const facts = simulate(
        {
          runs: { main: [stopsAtOnce] },
          steps: [apply(podManifest("p", ["main"])), deletePod("6s")],
          until: "20s"
        },
        seed
      )
      return (podMoments(facts).find(({ change }) => change === "DELETED")?.seconds ?? 0) - 6
    }).toSorted((a, b) => a - b)
    const [median = 0, most = 0] = [seconds[10], seconds[17]]
    expect(seconds[0]).toBeGreaterThan(0.3)
    expect(median).toBeGreaterThan(0.7)
    expect(median).toBeLessThan(1.3)
    expect(most).toBeLessThan(1.5)
  })

  it("T-19: on a node that takes no time the last step still waits for a relist", () => {
    const facts = simulate({
      nodes: zero,
      runs: { main: [stopsAtOnce] },
      steps: [apply(podManifest("p", ["main"])), deletePod("6s")],
      until: "20s"
    })
    const [ending] = syncs(facts).filter(({ sync }) => sync === "SyncTerminatingPod")
    const [ended] = syncs(facts).filter(({ sync }) => sync === "SyncTerminatedPod")
    expect((ended?.seconds ?? 0) - (ending?.seconds ?? 0)).toBeGreaterThan(0)
    expect((ended?.seconds ?? 0) - (ending?.seconds ?? 0)).toBeLessThanOrEqual(1)
  })

  it("K-010: does not begin its end with a sync that waited for news of the runtime when the end was told", () => {
    const phases = Array.from({ length: 10 }, (_, seed) => {
      const facts = simulate(
        {
          runs: { main: [{ exitAfter: "1s" }] },
          // In its back-off: the second label's sync waits for a look at the runtime after the first one's.
          steps: [
            apply(podManifest("p", ["main"])),
            patch("7s", { metadata: { labels: { a: "b" } } }),
            patch("7.1s", { metadata: { labels: { a: "c" } } }),
            deletePod("7.25s")
          ],
          until: "20s"
        },
        seed
      )
      return podMoments(facts).flatMap(({ pod: { status } }) =>
        status.phase === "Running" || status.phase === "Pending" ? [] : `${status.phase} ${status.observedGeneration}`
      )
    })
    expect(new Set(phases.flat())).toEqual(new Set(["Succeeded 2"]))
  })

  it("K-231, S-248, S-249: the kubelet deletes the object for good only when the phase is terminal and its worker is done", () => {
    const moments = podMoments(plain)
    const zeroGrace = when(moments, (pod) => pod.metadata.deletionGracePeriodSeconds === 0)
    expect(zeroGrace.pod.status.phase).toBe("Succeeded")
    const done = syncs(plain).find(({ sync }) => sync === "SyncTerminatedPod")?.seconds ?? Number.POSITIVE_INFINITY
    expect(zeroGrace.seconds).toBeGreaterThanOrEqual(done)
    expect(moments.at(-1)?.change).toBe("DELETED")
  })

  it("K-231: a pod that ended by itself stays", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "1s" }] },
      steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" }))],
      until: "60s"
    })
    expect(podMoments(facts).at(-1)?.change).toBe("MODIFIED")
    expect(workerStates(facts).at(-1)).toBe("SyncTerminatedPod")
  })

  it("K-012: interrupts the wait for volumes that goes on, and nothing else", () => {
    const volumes = [{ name: "v", configMap: { name: "gone" } }]
    const manifest = podManifest("p", ["main"], { volumes })
    const mounted = {
      ...manifest,
      spec: {
        ...manifest.spec,
        containers: [{ name: "main", image: "busybox:1", volumeMounts: [{ name: "v", mountPath: "/v" }] }]
      }
    }
    const facts = simulate({ steps: [apply(mounted), deletePod("20s")], until: "60s" })
    const gone = podMoments(facts).find(({ change }) => change === "DELETED")
    expect(gone?.seconds).toBeLessThan(22)
    expect(podEvents(facts).filter((event) => event.startsWith("Created"))).toEqual([])
  })

  it("T-28: never started: its container is of unknown status, 137; while it initializes it stays waiting", () => {
    const of = (init: object) =>
      podMoments(simulate({ steps: [apply(podManifest("p", ["main"], init)), deletePod("0.2s")], until: "20s" })).at(-1)
        ?.pod.status
    expect(of({})?.phase).toBe("Failed")
    expect(of({})?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: "ContainerStatusUnknown"
    })
    const initializing = of({ initContainers: [{ name: "i", image: "busybox:1" }] })
    expect(initializing?.phase).toBe("Failed")
    expect(initializing?.containerStatuses?.[0]?.state?.waiting).toEqual({ reason: "PodInitializing" })
  })
})

describe("one worker a pod", () => {
  it("K-010: updates that arrive while it works collapse into one sync", () => {
    const run = (labels: number) =>
      simulate({
        nodes: zero,
        runs: { main: [{ execs: [{ command: ["warm-up"], takes: "10s" }] }] },
        steps: [
          apply({
            ...podManifest("p", []),
            spec: {
              containers: [
                {
                  name: "main",
                  image: "busybox:1",
                  lifecycle: { postStart: { exec: { command: ["warm-up"] } } }
                }
              ]
            }
          }),
          ...Array.from({ length: labels }, (_, i) => patch(`${i + 2}s`, { metadata: { labels: { n: `${i}` } } }))
        ],
        until: "15s"
      })
    expect(syncs(run(1)).length).toBeGreaterThan(1)
    expect(syncs(run(6))).toEqual(syncs(run(1)))
  })

  it("K-023: a pod of the same name begins with nothing of what was before", () => {
    const crash = { main: [{ exitAfter: "0s", exitCode: 1 }] }
    const facts = simulate({
      runs: crash,
      steps: [apply(podManifest("p", ["main"])), deletePod("30s"), { at: "40s", apply: podManifest("p", ["main"]) }],
      until: "43.5s"
    })
    const again = podMoments(facts).filter(({ seconds }) => seconds >= 40)
    const counts = again.map(({ pod }) => pod.status.containerStatuses?.[0]?.restartCount ?? 0)
    expect(counts[0]).toBe(0)
    // The first crash of a pod is never waited for.
    expect(Math.max(...counts)).toBe(1)
  })

  it("K-007: what the kubelet notes on its own copy of a pod is never in the API", () => {
    const facts = simulate({ steps: [apply(podManifest("p", ["main"])), deletePod("6s")], until: "20s" })
    expect(podMoments(facts).length).toBeGreaterThan(5)
    expect(JSON.stringify(podMoments(facts))).not.toContain("kubernetes.io/config.")
  })
})
