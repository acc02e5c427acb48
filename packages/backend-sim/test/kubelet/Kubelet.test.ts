/** What a simulated kubelet lets the world see, against the rules of the real one; times within what a real node takes. */
import { describe, expect, it } from "vitest"
import { containerState, podEvents, podManifest, podMoments, simulate, when } from "../given.ts"

const seeds = [0, 1, 2, 3, 4, 5, 6, 7]
const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })

describe("a pod starts", () => {
  const facts = simulate({ steps: [apply(podManifest("p", ["main"]))], until: "5s" })
  const moments = podMoments(facts)

  it("X-09, 12.1 A: Pending, scheduled, creating, sandbox ready, running: five versions and no more", () => {
    const shown = moments.map(({ pod }) => [
      pod.status.phase,
      pod.status.conditions?.map((condition) => `${condition.type}=${condition.status[0]}`).join(" ") ?? "",
      containerState(pod)
    ])
    const creating = "Initialized=T Ready=F ContainersReady=F PodScheduled=T"
    expect(shown).toEqual([
      ["Pending", "", "none"],
      ["Pending", "PodScheduled=T", "none"],
      ["Pending", `PodReadyToStartContainers=F ${creating}`, "waiting"],
      ["Pending", `PodReadyToStartContainers=T ${creating}`, "waiting"],
      ["Running", "PodReadyToStartContainers=T Initialized=T Ready=T ContainersReady=T PodScheduled=T", "running"]
    ])
  })

  it("K-130, T-10: Events in order, worded as in 1.36", () => {
    expect(podEvents(facts)).toEqual(["Scheduled x1", "Pulled x1", "Created x1", "Started x1"])
  })

  it("K-055: the condition of the sandbox comes before any container, without an address", () => {
    const ready = when(
      moments,
      (pod) => pod.status.conditions?.[0]?.status === "True" && pod.status.containerStatuses !== undefined
    )
    expect(ready.pod.status.podIP).toBeUndefined()
    expect(when(moments, (pod) => pod.status.phase === "Running").pod.status.podIP).toMatch(/^10\.88\./)
  })

  it("K-375: the first Running status has the spec's resources, a later one what the cgroup says", () => {
    const long = podMoments(simulate({ steps: [apply(podManifest("p", ["main"]))], until: "100s" }))
    const limits = long
      .filter(({ pod }) => pod.status.phase === "Running")
      .map(({ pod }) => pod.status.resources?.limits?.memory)
    expect(limits).toEqual([undefined, "9007199254740988Ki"])
  })
})

describe("a container crashes", () => {
  const crash = (seed: number) =>
    simulate(
      { runs: { main: [{ exitAfter: "1s", exitCode: 1 }] }, steps: [apply(podManifest("p", ["main"]))], until: "120s" },
      seed
    )

  it("K-036: the exit shows at the next relist, within a second and a half", () => {
    for (const seed of seeds) {
      const moments = podMoments(crash(seed))
      const started = when(moments, (pod) => containerState(pod) === "running").seconds
      const died = when(moments, (pod) => containerState(pod) === "terminated").seconds
      expect(died - started).toBeGreaterThan(0.9)
      expect(died - started).toBeLessThan(2.5)
    }
  })

  it("K-101, K-102: it restarts at once, then 10 to 16, 20 to 31, 40 to 61 seconds after its exits", () => {
    for (const seed of seeds) {
      const statuses = podMoments(crash(seed)).map(({ pod }) => pod.status.containerStatuses?.[0])
      const waits = [1, 2, 3, 4].flatMap((count) => {
        const status = statuses.find((one) => one?.restartCount === count && one.state?.running !== undefined)
        const ended = Date.parse(String(status?.lastState?.terminated?.finishedAt))
        const began = Date.parse(String(status?.state?.running?.startedAt))
        return status === undefined ? [] : [(began - ended) / 1_000]
      })
      const bounds = [
        [0, 2],
        [9, 17],
        [19, 32],
        [39, 62]
      ]
      waits.forEach((wait, index) => {
        expect(wait).toBeGreaterThanOrEqual(bounds[index]?.[0] ?? 0)
        expect(wait).toBeLessThanOrEqual(bounds[index]?.[1] ?? 0)
      })
      expect(waits.length).toBeGreaterThanOrEqual(3)
    }
  })

  it("K-107: from the second exit on it shows terminated first, CrashLoopBackOff with the next sync", () => {
    const states = podMoments(crash(0)).map(({ pod }) => {
      const status = pod.status.containerStatuses?.[0]
      return `${status?.restartCount ?? "-"} ${containerState(pod)}${status?.state?.waiting ? ` ${status.state.waiting.reason}` : ""}`
    })
    const distinct = states.filter((state, index) => state !== states[index - 1])
    expect(distinct.slice(1, 9)).toEqual([
      "0 waiting ContainerCreating",
      "0 running",
      "0 terminated",
      "1 running",
      "1 terminated",
      "1 waiting CrashLoopBackOff",
      "2 running",
      "2 terminated"
    ])
  })

  it("K-106, K-322: one BackOff Event an in-back-off sync, counted on one object", () => {
    const events = podEvents(crash(0))
    expect(events.filter((event) => event.startsWith("BackOff"))).toHaveLength(1)
    expect(events.find((event) => event.startsWith("Created"))).toBe("Created x5")
  })

  it("K-072, S-083, S-085: a container that somebody kills starts again at once, exit 137", () => {
    const facts = simulate({
      steps: [apply(podManifest("p", ["main"])), { at: "8s", kill: { pod: "p", container: "main", signal: 9 } }],
      until: "20s"
    })
    const restarted = when(podMoments(facts), (pod) => pod.status.containerStatuses?.[0]?.restartCount === 1)
    expect(restarted.pod.status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: "Error"
    })
    expect(restarted.seconds).toBeLessThan(10)
  })

  it("K-051, K-053: a killed sandbox is replaced; its containers, which live on, are stopped and started anew", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] },
      steps: [apply(podManifest("p", ["main"])), { at: "8s", kill: { pod: "p", container: "(sandbox)", signal: 9 } }],
      until: "30s"
    })
    expect(podEvents(facts)).toEqual(expect.arrayContaining(["SandboxChanged x1", "Killing x1", "Started x2"]))
    const last = podMoments(facts).at(-1)?.pod
    expect(last?.status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 0, reason: "Completed" } }
    })
  })
})

describe("a pod ends by itself", () => {
  it("K-226, K-227, K-251: terminated first, the phase 1.05 to 1.9 seconds later, and no Killing Event", () => {
    for (const seed of seeds) {
      const facts = simulate(
        {
          runs: { main: [{ exitAfter: "2s", exitCode: 3 }] },
          steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" }))],
          until: "10s"
        },
        seed
      )
      const moments = podMoments(facts)
      const ended = when(moments, (pod) => containerState(pod) === "terminated")
      const failed = when(moments, (pod) => pod.status.phase === "Failed")
      expect(ended.pod.status.phase).toBe("Running")
      expect(ended.pod.status.conditions?.find((condition) => condition.type === "Ready")?.reason).toBe("PodFailed")
      expect(failed.seconds - ended.seconds).toBeGreaterThan(1)
      expect(failed.seconds - ended.seconds).toBeLessThan(2)
      expect(podEvents(facts)).not.toContain("Killing x1")
    }
  })

  it("K-266: it stays in the API", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "1s" }] },
      steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" }))],
      until: "60s"
    })
    expect(podMoments(facts).at(-1)).toMatchObject({ change: "MODIFIED", pod: { status: { phase: "Succeeded" } } })
  })

  it("K-070, S-034, S-090: OnFailure tries again until it succeeds", () => {
    const runs = {
      main: [
        { exitAfter: "1s", exitCode: 1 },
        { exitAfter: "1s", exitCode: 0 }
      ]
    }
    const facts = simulate({
      runs,
      steps: [apply(podManifest("p", ["main"], { restartPolicy: "OnFailure" }))],
      until: "20s"
    })
    expect(podMoments(facts).at(-1)?.pod.status).toMatchObject({
      phase: "Succeeded",
      containerStatuses: [{ restartCount: 1 }]
    })
  })

  it("K-272: a deadline ends it, with a DeadlineExceeded Event for each of four statuses", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] },
      steps: [apply(podManifest("p", ["main"], { activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 3 }))],
      until: "20s"
    })
    expect(podEvents(facts)).toContain("DeadlineExceeded x4")
    expect(podMoments(facts).at(-1)?.pod.status).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" })
  })
})

describe("a pod is deleted", () => {
  const graceful = (seconds: number, run: object, more: object = {}) =>
    simulate({
      runs: { main: [run] },
      steps: [apply(podManifest("p", ["main"], { terminationGracePeriodSeconds: seconds })), deletePod("6s", more)],
      until: "60s"
    })

  it("12.1 D: marked, observed, ended, grace 0, gone", () => {
    const moments = podMoments(graceful(30, { onTerm: { exitAfter: "2s", exitCode: 0 } })).filter(
      ({ seconds }) => seconds >= 6
    )
    expect(
      moments.map(({ change, pod }) => `${change} ${pod.status.phase} ${pod.metadata.deletionGracePeriodSeconds}`)
    ).toEqual(
      expect.arrayContaining([
        "MODIFIED Running 30",
        "MODIFIED Succeeded 30",
        "MODIFIED Succeeded 0",
        "DELETED Succeeded 0"
      ])
    )
    expect(moments[1]?.pod.status.observedGeneration).toBe(2)
    expect(moments.at(-1)?.seconds).toBeGreaterThan(8)
    expect(moments.at(-1)?.seconds).toBeLessThan(10)
  })

  it("K-140: a process that ignores TERM gets the whole grace and dies of KILL", () => {
    const ended = when(podMoments(graceful(5, { onTerm: "ignore" })), (pod) => containerState(pod) === "terminated")
    expect(ended.pod.status.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(137)
    expect(ended.seconds).toBeGreaterThan(11)
    expect(ended.seconds).toBeLessThan(12)
  })

  it("K-241, T-37: force: gone at once, killed after, its containers get two seconds", () => {
    const facts = graceful(30, { onTerm: "ignore" }, { gracePeriodSeconds: 0 })
    const moments = podMoments(facts).filter(({ seconds }) => seconds >= 6)
    expect(moments.map(({ change, pod }) => `${change} ${pod.metadata.deletionGracePeriodSeconds}`)).toEqual([
      "MODIFIED 0",
      "DELETED 0"
    ])
    expect(podEvents(facts)).toContain("Killing x1")
    const exits = facts.flatMap((fact) =>
      fact._tag === "PodFact" && fact.event._tag === "ProcessExited" ? [fact.observed ?? 0] : []
    )
    const kills = facts.flatMap((fact) =>
      fact._tag === "PodFact" && fact.event._tag === "SignalSent" ? [fact.observed ?? 0] : []
    )
    expect(exits).toHaveLength(1)
    expect(((exits[0] ?? 0) - (kills[0] ?? 0)) / 1_000_000).toBeCloseTo(2, 1)
  })

  it("K-014, T-23: a second, shorter delete does not interrupt the stop that runs", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: "ignore" }] },
      steps: [
        apply(podManifest("p", ["main"], { terminationGracePeriodSeconds: 20 })),
        deletePod("6s"),
        deletePod("8s", { gracePeriodSeconds: 3 })
      ],
      until: "60s"
    })
    expect(when(podMoments(facts), (pod) => containerState(pod) === "terminated").seconds).toBeGreaterThan(26)
  })

  it("K-254: a pod that is deleted while it waits for its volumes never starts a container", () => {
    const facts = simulate({ steps: [apply(podManifest("p", ["main"])), deletePod("0.2s")], until: "20s" })
    expect(podEvents(facts)).toEqual(["Scheduled x1"])
    expect(podMoments(facts).at(-1)?.change).toBe("DELETED")
    expect(
      when(podMoments(facts), (pod) => pod.status.phase === "Failed").pod.status.containerStatuses?.[0]?.state
        ?.terminated
    ).toMatchObject({
      reason: "ContainerStatusUnknown",
      exitCode: 137
    })
  })

  it("K-250, S-252: every running container is told at once, each stops at its own pace", () => {
    const facts = simulate({
      runs: {
        fast: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }],
        slow: [{ onTerm: { exitAfter: "4s", exitCode: 0 } }]
      },
      steps: [apply(podManifest("p", ["fast", "slow"])), deletePod("6s")],
      until: "30s"
    })
    expect(podEvents(facts).filter((event) => event === "Killing x1")).toHaveLength(2)
    const ended = when(podMoments(facts), (pod) => pod.status.phase === "Succeeded")
    expect(ended.seconds).toBeGreaterThan(10)
    expect(ended.seconds).toBeLessThan(11.5)
  })
})
