/** A container that dies again and again: when it is started, and what is said of it meanwhile. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podEvents, podManifest, podMoments, simulate, timedEvents, when } from "../given.ts"

const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const crashing = { main: [{ exitAfter: "1s", exitCode: 1 }] }
const lines = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  timedEvents(facts).filter((line) => line.split(" ")[1] === reason)

describe("crash loops", () => {
  const facts = (seed: number) =>
    simulate({ runs: crashing, steps: [apply(podManifest("p", ["main"]))], until: "120s" }, seed)

  it("K-103, S-099: exit code 0 is no better", () => {
    const ends = (exitCode: number) =>
      podEvents(
        simulate({
          runs: { main: [{ exitAfter: "1s", exitCode }] },
          steps: [apply(podManifest("p", ["main"]))],
          until: "120s"
        })
      )
    expect(ends(0)).toEqual(ends(1))
    expect(ends(0).some((event) => event.startsWith("BackOff"))).toBe(true)
  })

  it("K-105, S-098, S-350: what it waits for, for how long, of which container of which pod", () => {
    const messages = podMoments(facts(0)).flatMap(({ pod }) => {
      const waiting = pod.status.containerStatuses?.[0]?.state?.waiting
      return waiting?.["reason"] === "CrashLoopBackOff" ? [[String(waiting["message"]), pod.metadata.uid ?? ""]] : []
    })
    const uid = messages[0]?.[1]
    expect([...new Set(messages.map(([message]) => message))]).toEqual(
      ["10s", "20s", "40s"].map((wait) => `back-off ${wait} restarting failed container=main pod=p_test(${uid})`)
    )
  })

  it("K-111, S-069: while it waits, the IDs and images are those of the dead instance", () => {
    const moments = podMoments(facts(0)).map(({ pod }) => pod.status.containerStatuses?.[0])
    const waiting = moments.find((status) => status?.state?.waiting?.["reason"] === "CrashLoopBackOff")
    const dead = String((waiting?.lastState?.terminated as { containerID?: string } | undefined)?.containerID)
    expect(dead).toMatch(/^containerd:\/\//)
    expect(waiting?.containerID).toBe(dead)
    expect(waiting?.imageID).not.toBe("")
  })

  it("T-02, S-093: the first crash is not waited for; ten seconds belong to the second", () => {
    const starts = lines(facts(0), "Started").map((line) => Number(line.split(" ")[0]))
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeLessThanOrEqual(3)
    expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(10)
  })

  it("T-04: the wait is told without jitter; when it is over is chance, up to half of it and a tick later", () => {
    const late = Array.from({ length: 10 }, (_, seed) => {
      const status = when(podMoments(facts(seed)), (pod) => {
        const { restartCount, state } = pod.status.containerStatuses?.[0] ?? {}
        return restartCount === 2 && state?.running !== undefined
      }).pod.status.containerStatuses?.[0]
      const ended = Date.parse(String(status?.lastState?.terminated?.["finishedAt"]))
      return (Date.parse(String(status?.state?.running?.["startedAt"])) - ended) / 1_000 - 10
    })
    expect(Math.min(...late)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...late)).toBeLessThanOrEqual(7)
    expect(Math.max(...late) - Math.min(...late)).toBeGreaterThan(1)
  })

  it("K-109: a kubelet that restarts has forgotten them", () => {
    const restarted = simulate({
      runs: crashing,
      steps: [apply(podManifest("p", ["main"])), { at: "60s", node: { name: "n-1", kubelet: "restart" } }],
      until: "90s"
    })
    const last = podMoments(restarted).flatMap(
      ({ pod }) => pod.status.containerStatuses?.[0]?.state?.waiting?.["message"] ?? []
    )
    expect(last.filter((message) => String(message).includes("back-off")).at(-1)).toContain("back-off 10s")
  })

  it("T-01: a status shows the world before its sync: the reason to wait comes one sync late", () => {
    const missing = simulate({
      images: [{ image: "busybox:1", error: "NotFound" }],
      steps: [apply(podManifest("p", ["main"]))],
      until: "5s"
    })
    const failed = Number(lines(missing, "Failed")[0]?.split(" ")[0])
    const shown = podMoments(missing).map(({ pod }) => pod.status.containerStatuses?.[0]?.state?.waiting?.["reason"])
    expect(failed).toBeLessThan(3)
    expect(shown.filter((reason) => reason !== undefined).slice(0, 2)).toEqual([
      "ContainerCreating",
      "ContainerCreating"
    ])
    expect(shown).toContain("ErrImagePull")
  })

  it("K-031: a sandbox alone is an event: a sync that failed after it was made is followed by another within a second", () => {
    for (let seed = 0; seed < 5; seed++) {
      const missing = simulate(
        {
          images: [{ image: "busybox:1", error: "NotFound" }],
          steps: [apply(podManifest("p", ["main"]))],
          until: "9s"
        },
        seed
      )
      const moments = podMoments(missing)
      const sandbox = when(
        moments,
        ({ status }) =>
          status.conditions?.some(({ status: is, type }) => type === "PodReadyToStartContainers" && is === "True") ===
          true
      )
      const next = when(
        moments,
        (pod) => pod.status.containerStatuses?.[0]?.state?.waiting?.["reason"] === "ErrImagePull"
      )
      expect(next.seconds - sandbox.seconds).toBeLessThan(3)
    }
  })
})
