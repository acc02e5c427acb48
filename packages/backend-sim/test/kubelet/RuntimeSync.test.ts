/** What one sync does to a pod's containers, in which order, and what of it the status shows when. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMoments, simulate, timedEvents, when } from "../given.ts"
import { syncs } from "../podFacts.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const patch = (at: string, body: object) => ({ at, patch: { kind: "Pod", name: "p", patch: body } })
const manifest = (spec: object) => ({ ...podManifest("p", []), spec })
const lines = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  timedEvents(facts).filter((line) => line.split(" ")[1] === reason)

describe("containers that start", () => {
  const list = (...names: ReadonlyArray<string>) => names.map((name) => ({ name, image: "busybox:1" }))

  it("K-076, S-136, S-137, S-140: one after the other in the order of the spec, each with its hook; one that fails stops no other", () => {
    const facts = simulate({
      nodes: zero,
      runs: {
        a: [{ execs: [{ command: ["warm-up"], takes: "3s" }] }],
        b: [{ startError: "no such file or directory" }],
        c: [{}]
      },
      steps: [
        apply(
          manifest({
            containers: [
              { name: "a", image: "busybox:1", lifecycle: { postStart: { exec: { command: ["warm-up"] } } } },
              ...list("b", "c")
            ]
          })
        )
      ],
      until: "5s"
    })
    expect(lines(facts, "Started")).toEqual(["0 Started a", "3 Started c"])
    expect(lines(facts, "Failed")[0]).toMatch(/^3 Failed b /)
  })

  it("K-068: after an init container that does not start nothing else is tried", () => {
    const facts = simulate({
      nodes: zero,
      runs: { i: [{ startError: "no such file or directory" }] },
      steps: [apply(manifest({ initContainers: list("i", "j"), containers: list("c") }))],
      until: "9s"
    })
    expect(lines(facts, "Failed").length).toBeGreaterThan(0)
    expect(new Set(lines(facts, "Created").map((line) => line.split(" ")[2]))).toEqual(new Set(["i"]))
  })

  it("K-068: a sidecar that does not start holds up no other", () => {
    const side = (name: string) => ({ name, image: "busybox:1", restartPolicy: "Always" })
    const facts = simulate({
      nodes: zero,
      runs: {
        a: [{}, { startError: "no such file or directory" }]
      },
      steps: [
        apply(manifest({ initContainers: [side("a"), side("b")], containers: list("c") })),
        ...["a", "b"].map((container) => ({ at: "5s", kill: { pod: "p", container, signal: 9 } }))
      ],
      until: "8s"
    })
    expect(lines(facts, "Failed")[0]).toMatch(/ Failed a /)
    const [failed, again] = [lines(facts, "Failed")[0], lines(facts, "Started").at(-1)]
    expect(again).toBe(`${failed?.split(" ")[0]} Started b`)
    expect(lines(facts, "Started")).toHaveLength(4)
  })

  it("K-069: of an init container only its newest dead instance is kept", () => {
    const facts = simulate({
      nodes: zero,
      runs: {
        i: [{ exitAfter: "1s", exitCode: 1 }, { exitAfter: "1s", exitCode: 2 }, { exitAfter: "1s", exitCode: 3 }, {}]
      },
      steps: [apply(manifest({ initContainers: list("i"), containers: list("c") }))],
      until: "100s"
    })
    const last = podMoments(facts).at(-1)?.pod.status.initContainerStatuses?.[0]
    expect(last).toMatchObject({ restartCount: 3, lastState: { terminated: { exitCode: 3 } } })
  })

  it("K-110, S-080: a new instance counts one more than the newest one before it, also in a new sandbox", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "1s", exitCode: 1 }, {}] },
      steps: [apply(podManifest("p", ["main"])), { at: "10s", kill: { pod: "p", container: "(sandbox)", signal: 9 } }],
      until: "60s"
    })
    const counts = podMoments(facts).map(({ pod }) => pod.status.containerStatuses?.[0]?.restartCount ?? 0)
    expect([...new Set(counts)]).toEqual([0, 1, 2])
  })

  it("K-033: a pod whose sandbox has died keeps its address until it has another one", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "3s", exitCode: 0 } }] },
      steps: [apply(podManifest("p", ["main"])), { at: "10s", kill: { pod: "p", container: "(sandbox)", signal: 9 } }],
      until: "60s"
    })
    const addresses = podMoments(facts)
      .filter(({ seconds }) => seconds > 5)
      .map(({ pod }) => pod.status.podIP)
    expect(addresses).not.toContain(undefined)
    expect(new Set(addresses).size).toBe(2)
  })
})

describe("containers that are killed", () => {
  const two = podManifest("p", ["a", "b"], { terminationGracePeriodSeconds: 4 })
  const slow = { onTerm: "ignore" as const }
  const changed = {
    spec: {
      containers: [
        { name: "a", image: "busybox:2" },
        { name: "b", image: "busybox:2" }
      ]
    }
  }
  const run = (seed: number) =>
    simulate(
      { nodes: zero, runs: { a: [slow, {}], b: [slow, {}] }, steps: [apply(two), patch("8s", changed)], until: "40s" },
      seed
    )

  it("K-077: one after the other, in an order that is chance", () => {
    const orders = Array.from({ length: 12 }, (_, seed) =>
      lines(run(seed), "Killing").map((line) => line.split(" ")[2])
    )
    expect(new Set(orders.map((order) => order.join(" ")))).toEqual(new Set(["a b", "b a"]))
    const seconds = lines(run(0), "Killing").map((line) => Number(line.split(" ")[0]))
    expect((seconds[1] ?? 0) - (seconds[0] ?? 0)).toBe(4)
  })

  it("K-078: the worker waits out their grace and starts them anew in the same sync", () => {
    const facts = run(0)
    const during = syncs(facts).filter(({ seconds }) => seconds > 9 && seconds < 15.9)
    expect(during).toEqual([])
    expect(lines(facts, "Started").slice(2)).toEqual(["16 Started a", "16 Started b"])
  })

  it("T-08: another image is another definition, another environment would not be", () => {
    const facts = simulate({
      nodes: zero,
      steps: [apply(podManifest("p", ["main"])), patch("8s", { spec: { activeDeadlineSeconds: 500 } })],
      until: "20s"
    })
    expect(lines(facts, "Killing")).toEqual([])
    expect(lines(run(0), "Killing")[0]).toContain("definition changed, will be restarted")
  })
})

describe("all containers at once", () => {
  const rule = { action: "RestartAllContainers", exitCodes: { operator: "In", values: [9] } }
  const facts = simulate({
    runs: {
      i: [{ exitAfter: "0s", exitCode: 0 }],
      main: [{ exitAfter: "5s", exitCode: 9 }, {}],
      other: [{ onTerm: "ignore" }]
    },
    steps: [
      apply(
        manifest({
          restartPolicy: "Never",
          initContainers: [{ name: "i", image: "busybox:1" }],
          containers: [
            { name: "main", image: "busybox:1", restartPolicy: "Never", restartPolicyRules: [rule] },
            { name: "other", image: "busybox:1" }
          ]
        })
      )
    ],
    until: "40s"
  })
  const moments = podMoments(facts)
  const restarting = (status: string) =>
    when(
      moments.filter(({ seconds }) => seconds > 4),
      (pod) =>
        pod.status.conditions?.some((one) => one.type === "AllContainersRestarting" && one.status === status) === true
    )

  it("K-080: an exit that its rule names restarts them all", () => {
    expect(restarting("True").seconds).toBeGreaterThan(5)
    const last = moments.at(-1)?.pod.status
    expect(last?.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual([1, 1])
    expect(last?.initContainerStatuses?.[0]?.restartCount).toBe(1)
  })

  it("K-082: then they are shown as removed and begin again from the first init container", () => {
    const removed = when(
      moments,
      (pod) => pod.status.containerStatuses?.[1]?.state?.waiting?.["reason"] === "RestartingAllContainers"
    ).pod.status
    const message = "The container is removed because RestartAllContainers in place"
    expect(removed.containerStatuses?.[1]).toMatchObject({
      restartCount: 1,
      state: { waiting: { message } },
      lastState: { terminated: { exitCode: 137, reason: "RestartingAllContainers", message } }
    })
    expect(lines(facts, "Started").map((line) => line.split(" ")[2])).toEqual([
      "i",
      "main",
      "other",
      "i",
      "main",
      "other"
    ])
  })

  it("K-083: without any back-off", () => {
    expect(lines(facts, "BackOff")).toEqual([])
    const again = lines(facts, "Started").map((line) => Number(line.split(" ")[0]))
    expect((again[3] ?? 0) - (again[2] ?? 0)).toBeLessThan(11)
  })

  it("K-084: only pods with such a rule have the condition", () => {
    expect(moments.at(-1)?.pod.status.conditions?.map(({ type }) => type)).toContain("AllContainersRestarting")
    const plain = podMoments(simulate({ steps: [apply(podManifest("p", ["main"]))], until: "9s" })).at(-1)
    expect(plain?.pod.status.conditions?.map(({ type }) => type)).not.toContain("AllContainersRestarting")
  })

  it("K-207: the pod stays Initialized while its init containers run again", () => {
    const initialized = moments
      .filter(({ seconds }) => seconds > 5)
      .map(({ pod }) => pod.status.conditions?.find(({ type }) => type === "Initialized")?.status)
    expect(new Set(initialized)).toEqual(new Set(["True"]))
    expect(containerState(moments.at(-1)?.pod ?? restarting("True").pod)).toBe("running")
  })
})
