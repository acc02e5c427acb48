/** The stages of a pod's life and its restarts, as users of Kubernetes are told them. */
import type { ClusterEvent, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMoments, simulate, timedEvents } from "../given.ts"
import { signals } from "../podFacts.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const apply = (spec: object) => ({ at: "0s", apply: { ...podManifest("p", []), spec } })
const list = (...names: ReadonlyArray<string>) => names.map((name) => ({ name, image: "busybox:1" }))
const deletePod = (at: string) => ({ at, delete: { kind: "Pod", name: "p" } })
const lines = (facts: ReadonlyArray<ClusterEvent>, ...reasons: ReadonlyArray<string>) =>
  timedEvents(facts)
    .map((line) => line.split(" "))
    .filter(([, reason = ""]) => reasons.includes(reason))
    .map(([second, reason, container]) => `${second} ${reason} ${container}`)
const phases = (facts: ReadonlyArray<ClusterEvent>) =>
  podMoments(facts)
    .map(({ pod }) => pod.status.phase)
    .filter((phase, i, all) => phase !== all[i - 1])

const stops = { onTerm: { exitAfter: "0s", exitCode: 0 } }

describe("restarts", () => {
  it("S-092, S-100, S-140, S-141: on the same node, of that container alone", () => {
    const facts = simulate({
      nodes: [...zero, { ...zero[0], name: "n-2" }],
      runs: { a: [{ exitAfter: "1s", exitCode: 1 }] },
      steps: [apply({ containers: list("a", "b") })],
      until: "200s"
    })
    const last = podMoments(facts).at(-1)?.pod
    expect(last?.status.containerStatuses?.map(({ restartCount }) => restartCount > 0)).toEqual([true, false])
    const placed = podMoments(facts).flatMap(({ pod }) => pod.spec.nodeName ?? [])
    expect(new Set(placed).size).toBe(1)
    expect(lines(facts, "Started").filter((line) => line.endsWith(" b"))).toHaveLength(1)
  })

  it("S-101: where the policy forbids it the container stays ended, and the others go on", () => {
    const facts = simulate({
      runs: { a: [{ exitAfter: "2s", exitCode: 1 }] },
      steps: [apply({ restartPolicy: "Never", containers: list("a", "b") })],
      until: "100s"
    })
    const last = podMoments(facts).at(-1)?.pod
    expect(last?.status.phase).toBe("Running")
    expect(last?.status.containerStatuses?.map(({ state }) => Object.keys(state ?? {})[0])).toEqual([
      "terminated",
      "running"
    ])
  })

  describe("S-102: after an end for whatever reason the policy decides", () => {
    const hook = { lifecycle: { postStart: { exec: { command: ["warm-up"] } } } }
    const kill = { at: "5s", kill: { pod: "p", container: "main", signal: 9 } }
    const starts = (restartPolicy: string, run: object, steps: ReadonlyArray<object> = [], more: object = {}) =>
      lines(
        simulate({
          nodes: zero,
          runs: { main: [{ ...stops, ...run }, {}] },
          steps: [apply({ restartPolicy, containers: [{ name: "main", image: "busybox:1", ...more }] }), ...steps],
          until: "60s"
        }),
        "Started"
      ).length

    it.each([
      ["its own exit", { exitAfter: "5s", exitCode: 1 }, [], {}],
      ["somebody's signal", {}, [kill], {}],
      ["a failed hook", { execs: [{ command: ["warm-up"], exitCode: 1 }] }, [], hook]
    ])("%s", (_, run, steps, more) => {
      expect(starts("Always", run, steps, more)).toBe(2)
      expect(starts("Never", run, steps, more)).toBe(1)
    })

    it("S-255: after a deletion nothing is started again", () => {
      expect(starts("Always", {}, [deletePod("5s")])).toBe(1)
    })
  })

  it("S-103, S-260: with policy Always the image is pulled before every one of them, with IfNotPresent once", () => {
    const pulls = (imagePullPolicy: string) =>
      lines(
        simulate({
          images: [{ image: "busybox:1", pull: "1s" }],
          runs: { main: [{ exitAfter: "1s", exitCode: 1 }, { exitAfter: "1s", exitCode: 1 }, {}] },
          steps: [apply({ containers: [{ name: "main", image: "busybox:1", imagePullPolicy }] })],
          until: "60s"
        }),
        "Pulling"
      ).length
    expect(pulls("Always")).toBe(3)
    expect(pulls("IfNotPresent")).toBe(1)
  })

  it("S-264: with policy Always a registry that cannot be reached keeps out an image that is there", () => {
    const facts = simulate({
      images: [{ image: "busybox:1", present: true, error: "Unavailable" }],
      steps: [apply({ containers: [{ name: "main", image: "busybox:1", imagePullPolicy: "Always" }] })],
      until: "30s"
    })
    expect(lines(facts, "Started")).toEqual([])
    expect(podMoments(facts).at(-1)?.pod.status.phase).toBe("Pending")
  })
})

describe("stages", () => {
  const runs = { i: [{ exitAfter: "3s" }], j: [{ exitAfter: "2s" }], a: [stops], b: [stops] }
  const images = [{ image: "*", pull: "1s" }]
  const spec = {
    initContainers: [
      { name: "i", image: "i:1" },
      { name: "j", image: "j:1" }
    ],
    containers: [
      { name: "a", image: "a:1" },
      { name: "b", image: "b:1" }
    ]
  }
  const facts = simulate({ nodes: zero, images, runs, steps: [apply(spec), deletePod("30s")], until: "60s" })
  const steps = lines(facts, "Pulling", "Started", "Killing").map((line) => line.split(" ").slice(1).join(" "))

  it("S-108, S-110, S-111, S-114, S-115, S-116, S-117: init containers one by one, then the others, then their end", () => {
    expect(steps.slice(0, 8)).toEqual([
      "Pulling i",
      "Started i",
      "Pulling j",
      "Started j",
      "Pulling a",
      "Started a",
      "Pulling b",
      "Started b"
    ])
    expect([...steps.slice(8)].sort()).toEqual(["Killing a", "Killing b"])
  })

  it("S-134, S-130: the next one starts when the one before has ended", () => {
    const second = (name: string) =>
      Number(
        lines(facts, "Started")
          .find((line) => line.endsWith(` ${name}`))
          ?.split(" ")[0]
      )
    expect(second("j") - second("i")).toBeGreaterThanOrEqual(3)
    expect(second("a") - second("j")).toBeGreaterThanOrEqual(2)
  })

  it("S-109: the sandbox is there before the first container is", () => {
    const of = (tag: string) => facts.findIndex((fact) => fact._tag === "PodFact" && fact.event._tag === tag)
    expect(of("SandboxCreated")).toBeGreaterThan(-1)
    expect(of("SandboxCreated")).toBeLessThan(of("ProcessStarted"))
  })

  it("S-112: what is to run on does so until somebody deletes the pod", () => {
    const idle = simulate({ steps: [apply({ containers: list("main") })], until: "3600s" })
    expect(phases(idle)).toEqual(["Pending", "Running"])
  })

  it("S-127: a pod that is deleted while it initializes ends its init container like any other", () => {
    const deleted = simulate({
      nodes: zero,
      runs: { i: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] },
      steps: [apply({ initContainers: list("i"), containers: list("main") }), deletePod("5s")],
      until: "40s"
    })
    expect(signals(deleted).map(({ container, signal }) => `${container} ${signal}`)).toEqual(["i 15"])
    expect(podMoments(deleted).at(-1)?.change).toBe("DELETED")
    expect(lines(deleted, "Started")).toEqual(["0 Started i"])
  })

  it("S-139: an image that cannot be pulled holds up no other container, but the phase", () => {
    const missing = simulate({
      images: [
        { image: "a:1", error: "NotFound" },
        { image: "b:1", present: true }
      ],
      steps: [apply({ containers: spec.containers })],
      until: "30s"
    })
    const last = podMoments(missing).at(-1)?.pod
    expect(last?.status.phase).toBe("Pending")
    expect([containerState(last as PodObject, "a"), containerState(last as PodObject, "b")]).toEqual([
      "waiting",
      "running"
    ])
  })

  it("S-135: containers without dependencies are started in one go", () => {
    const together = simulate({ nodes: zero, steps: [apply({ containers: list("a", "b", "c") })], until: "5s" })
    expect(new Set(lines(together, "Started").map((line) => line.split(" ")[0])).size).toBe(1)
  })

  it("S-270: each node pulls for itself", () => {
    const two = simulate({
      nodes: [...zero, { ...zero[0], name: "n-2" }],
      images,
      steps: ["n-1", "n-2", "n-2"].map((nodeName, i) => ({
        at: `${i * 10}s`,
        apply: { ...podManifest(`p-${i}`, ["main"]), spec: { nodeName, containers: list("main") } }
      })),
      until: "40s"
    })
    expect(lines(two, "Pulling")).toHaveLength(2)
  })
})
