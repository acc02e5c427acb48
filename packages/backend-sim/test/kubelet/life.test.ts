/** A pod's life as users of Kubernetes are told it: phases, conditions, containers, stages. */
import type { ClusterEvent, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMoments, simulate, when } from "../given.ts"

const apply = (spec: object) => ({ at: "0s", apply: { ...podManifest("p", []), spec } })
const list = (...names: ReadonlyArray<string>) => names.map((name) => ({ name, image: "busybox:1" }))
const deletePod = (at: string) => ({ at, delete: { kind: "Pod", name: "p" } })
const phases = (facts: ReadonlyArray<ClusterEvent>) =>
  podMoments(facts)
    .map(({ pod }) => pod.status.phase)
    .filter((phase, i, all) => phase !== all[i - 1])
const condition = (pod: PodObject, type: string) => pod.status.conditions?.find((one) => one.type === type)
const conditionsOf = (facts: ReadonlyArray<ClusterEvent>, type: string) =>
  podMoments(facts)
    .flatMap(({ pod }) => condition(pod, type)?.status ?? [])
    .filter((status, i, all) => status !== all[i - 1])
const ended = (pod: PodObject, index = 0) => pod.status.containerStatuses?.[index]?.state?.terminated

describe("phases", () => {
  it("S-030, S-031: Pending from the start, then Running, then how it ended; one at a time", () => {
    const of = (exitCode: number) =>
      phases(
        simulate({
          runs: { main: [{ exitAfter: "3s", exitCode }] },
          steps: [apply({ restartPolicy: "Never", containers: list("main") })],
          until: "20s"
        })
      )
    expect(of(0)).toEqual(["Pending", "Running", "Succeeded"])
    expect(of(1)).toEqual(["Pending", "Running", "Failed"])
  })

  it("S-032: an init container that runs does not make it Running", () => {
    const facts = simulate({
      runs: { i: [{ exitAfter: "5s" }] },
      steps: [apply({ initContainers: list("i"), containers: list("main") })],
      until: "20s"
    })
    const during = podMoments(facts).filter(
      ({ pod }) => pod.status.initContainerStatuses?.[0]?.state?.running !== undefined
    )
    expect(during.map(({ pod }) => pod.status.phase)).toContain("Pending")
    expect(during.map(({ pod }) => pod.status.phase)).not.toContain("Running")
    expect(phases(facts)).toEqual(["Pending", "Running"])
  })

  it("S-037, S-082: a Running pod may have a container that waits", () => {
    const facts = simulate({
      runs: { a: [{ exitAfter: "1s", exitCode: 1 }] },
      steps: [apply({ containers: list("a", "b") })],
      until: "60s"
    })
    const waiting = when(podMoments(facts).slice(5), (pod) => containerState(pod, "a") === "waiting").pod
    expect(waiting.status.phase).toBe("Running")
    expect(condition(waiting, "Ready")?.status).toBe("False")
    expect(containerState(waiting, "b")).toBe("running")
  })
})

describe("conditions", () => {
  const facts = simulate({
    runs: { i: [{ exitAfter: "2s" }], main: [{ exitAfter: "4s", exitCode: 1 }] },
    steps: [apply({ initContainers: list("i"), containers: list("main") })],
    until: "60s"
  })

  it("S-039, S-048: a healthy pod has five, all True", () => {
    const running = when(podMoments(facts), ({ status }) => status.phase === "Running").pod
    expect(running.status.conditions?.map(({ status, type }) => `${type} ${status}`)).toEqual([
      "PodReadyToStartContainers True",
      "Initialized True",
      "Ready True",
      "ContainersReady True",
      "PodScheduled True"
    ])
  })

  it("S-040, S-047: each says what, since when, and why if it is not so", () => {
    const all = podMoments(facts).flatMap(({ pod }) => pod.status.conditions ?? [])
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(["True", "False"]))
    expect(all.filter(({ lastProbeTime }) => lastProbeTime !== null)).toEqual([])
    expect(all.filter(({ lastTransitionTime }) => typeof lastTransitionTime !== "string")).toEqual([])
    const why = all.find(({ status, type }) => type === "Initialized" && status === "False")
    expect([why?.reason, why?.message]).toEqual(["ContainersNotInitialized", "containers with incomplete status: [i]"])
  })

  it("S-042, S-045: PodScheduled and Initialized come true once and stay", () => {
    expect(conditionsOf(facts, "PodScheduled")).toEqual(["True"])
    expect(conditionsOf(facts, "Initialized")).toEqual(["False", "True"])
    const plain = simulate({ steps: [apply({ containers: list("main") })], until: "9s" })
    expect(conditionsOf(plain, "Initialized")).toEqual(["True"])
  })

  it("S-046: Ready and ContainersReady change as often as the containers do", () => {
    expect(conditionsOf(facts, "Ready").slice(0, 5)).toEqual(["False", "True", "False", "True", "False"])
    expect(conditionsOf(facts, "ContainersReady")).toEqual(conditionsOf(facts, "Ready"))
  })
})

describe("containers", () => {
  const crash = podMoments(
    simulate({
      runs: { main: [{ exitAfter: "2s", exitCode: 3 }, { exitAfter: "2s" }, {}] },
      steps: [apply({ containers: list("main") })],
      until: "40s"
    })
  )
  const statuses = crash.flatMap(({ pod }) => pod.status.containerStatuses?.[0] ?? [])

  it("S-068, S-069, S-070, S-071: wait, run or have ended, each with its own particulars", () => {
    const [waiting, running, terminated] = (["waiting", "running", "terminated"] as const).map(
      (state) => statuses.find((status) => status.state?.[state] !== undefined)?.state?.[state]
    )
    expect(waiting).toEqual({ reason: "ContainerCreating" })
    expect(Object.keys(running ?? {})).toEqual(["startedAt"])
    expect(terminated).toMatchObject({ exitCode: 3, reason: "Error" })
    expect(Object.keys(terminated ?? {})).toEqual(expect.arrayContaining(["startedAt", "finishedAt", "containerID"]))
    for (const { state } of statuses) expect(Object.keys(state ?? {})).toHaveLength(1)
  })

  it("S-075, S-080: are not restarted but replaced: another ID, one restart more", () => {
    const running = statuses.filter(({ state }) => state?.running !== undefined)
    const ids = running.map(({ containerID, restartCount }) => `${restartCount} ${containerID}`)
    expect(new Set(ids).size).toBe(3)
    expect(new Set(running.map(({ restartCount }) => restartCount))).toEqual(new Set([0, 1, 2]))
  })

  it("S-079: exit code 0 is called Completed, another one Error", () => {
    const why = statuses.flatMap(({ state }) => (state?.terminated === undefined ? [] : [state.terminated["reason"]]))
    expect([...new Set(why)]).toEqual(["Error", "Completed"])
  })

  it("S-078, S-122: init containers have the same in a list of their own", () => {
    const facts = simulate({
      runs: { i: [{ exitAfter: "1s" }] },
      steps: [apply({ initContainers: list("i"), containers: list("main") })],
      until: "9s"
    })
    const last = podMoments(facts).at(-1)?.pod.status
    expect(Object.keys(last?.initContainerStatuses?.[0] ?? {})).toEqual(
      expect.arrayContaining(["name", "state", "lastState", "ready", "restartCount", "image", "imageID", "containerID"])
    )
    expect(last?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: "Completed" })
  })

  it("S-083, S-084, S-085, S-088: by which signal it ended; a process that ignores TERM ends by KILL", () => {
    const of = (run: object) => {
      const facts = simulate({
        runs: { main: [run] },
        steps: [apply({ terminationGracePeriodSeconds: 3, containers: list("main") }), deletePod("6s")],
        until: "30s"
      })
      return ended(when(podMoments(facts), (pod) => ended(pod) !== undefined).pod)?.exitCode
    }
    expect(of({ onTerm: { exitAfter: "1s", exitCode: 143 } })).toBe(143)
    expect(of({ onTerm: { exitAfter: "1s", exitCode: 0 } })).toBe(0)
    expect(of({ onTerm: "ignore" })).toBe(137)
  })
})
