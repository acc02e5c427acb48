/** Machines that announce their shutdown to a simulated kubelet. No recording shows one: the words and times are those of the source. */
import type { ClusterEvent, KubernetesObject, NodeObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { type Given, podManifest, podMessages, podMoments, scenario, simulate, when } from "../given.ts"

const start = scenario({ steps: [], until: "1s" }).start
const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const power = (at: string, what: string) => ({ at, node: { name: "n-1", power: what } })
const onNode = (kubelet: object): ReadonlyArray<object> => [
  { name: "n-1", cpu: 2, memory: "4Gi", profile: "rig", kubelet }
]
const graceful = onNode({ shutdownGracePeriod: "30s", shutdownGracePeriodCriticalPods: "10s" })
const withPriority = (name: string, priority: number, spec: object = {}) =>
  podManifest(name, ["main"], { priority, terminationGracePeriodSeconds: 20, ...spec })
const critical = (name: string) => podManifest(name, ["main"], { priorityClassName: "system-node-critical" })
const exitsAtOnce: Given["runs"] = { main: [{ onTerm: { exitAfter: "1s", exitCode: 143 } }] }
const ignores: Given["runs"] = { main: [{ onTerm: "ignore" }] }

const seen = (facts: ReadonlyArray<ClusterEvent>, kind: string) =>
  facts.flatMap((fact) =>
    fact._tag === "ObjectChanged" && fact.object.kind === kind
      ? [{ seconds: ((fact.observed ?? 0) - start) / 1_000_000, object: fact.object as unknown as KubernetesObject }]
      : []
  )
const ready = (facts: ReadonlyArray<ClusterEvent>) =>
  seen(facts, "Node").map(({ object, seconds }) => {
    const conditions = (object as NodeObject).status["conditions"] as ReadonlyArray<Record<string, string>>
    const { message, reason, status } = conditions.find(({ type }) => type === "Ready") ?? {}
    return { seconds, status, reason, message }
  })
const ofNode = (facts: ReadonlyArray<ClusterEvent>) =>
  seen(facts, "Event")
    .filter(({ object }) => (object["involvedObject"] as { readonly kind?: string }).kind === "Node")
    .map(({ object }) => `${object["type"]} ${object["reason"]}: ${object["message"]}`)
const ends = (facts: ReadonlyArray<ClusterEvent>) =>
  facts.flatMap((fact) =>
    fact._tag === "PodFact" && fact.event._tag === "ProcessExited"
      ? [{ pod: fact.pod.name, seconds: ((fact.observed ?? 0) - start) / 1_000_000 }]
      : []
  )
const endOf = (facts: ReadonlyArray<ClusterEvent>, name: string) =>
  ends(facts).find(({ pod }) => pod === name)?.seconds ?? Number.NaN
const last = (facts: ReadonlyArray<ClusterEvent>, name: string) => podMoments(facts, name).at(-1)?.pod.status

describe("a machine whose kubelet is not configured for shutdowns", () => {
  it("K-295: is off at once, and nobody is told", () => {
    const steps = (what: string): Given => ({
      steps: [apply(podManifest("p", ["main"])), power("20s", what)],
      until: "60s"
    })
    expect(simulate(steps("shutdown"))).toEqual(simulate(steps("off")))
  })

  it("K-295: the same if its kubelet does not run", () => {
    const stop = { at: "19s", node: { name: "n-1", kubelet: "stop" } }
    const given = (what: string): Given => ({
      nodes: graceful,
      steps: [apply(podManifest("p", ["main"])), stop, power("20s", what)],
      until: "60s"
    })
    expect(simulate(given("shutdown"))).toEqual(simulate(given("off")))
  })
})

describe("a machine whose kubelet holds its shutdown up", () => {
  const facts = simulate({
    nodes: graceful,
    runs: exitsAtOnce,
    steps: [apply(podManifest("p", ["main"])), apply(critical("c")), power("20s", "shutdown"), power("80s", "on")],
    until: "200s"
  })

  it("K-296: its pods fail with the words of the source", () => {
    const message = "Pod was terminated in response to imminent node shutdown."
    for (const name of ["p", "c"]) {
      const { pod } = when(podMoments(facts, name), ({ status }) => status.phase === "Failed")
      expect(pod.status).toMatchObject({ phase: "Failed", reason: "Terminated", message })
      expect(pod.status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
        status: "True",
        observedGeneration: 1,
        reason: "TerminationByKubelet",
        message
      })
      // A pod that has failed stays so when the machine is back.
      expect(last(facts, name)).toMatchObject({ phase: "Failed", reason: "Terminated" })
    }
    expect(podMessages(facts).some((line) => line.startsWith("Killing x1: Stopping container main"))).toBe(true)
  })

  it("K-296: critical pods end after the others", () => {
    expect(endOf(facts, "p")).toBeGreaterThan(21)
    expect(endOf(facts, "p")).toBeLessThan(21.5)
    const failed = when(podMoments(facts, "p"), ({ status }) => status.phase === "Failed").seconds
    expect(endOf(facts, "c")).toBeGreaterThan(failed + 1)
    expect(endOf(facts, "c")).toBeLessThan(failed + 3)
  })

  it("K-296: the node says so at once in an Event and in its condition, and is ready again when it has booted", () => {
    expect(ofNode(facts)[0]).toBe("Normal Shutdown: Shutdown manager detected shutdown event")
    const conditions = ready(facts)
    expect(conditions.find(({ status }) => status === "False")).toEqual({
      seconds: 20,
      status: "False",
      reason: "KubeletNotReady",
      message: "node is shutting down"
    })
    expect(ofNode(facts)).toContain("Normal NodeNotReady: Node n-1 status is now: NodeNotReady")
    expect(conditions.at(-1)).toMatchObject({ status: "True", reason: "KubeletReady" })
  })

  it("K-296: a pod whose processes all end well on their signal has succeeded all the same, and says no reason", () => {
    const well = simulate({
      nodes: graceful,
      runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] },
      steps: [apply(podManifest("p", ["main"])), power("20s", "shutdown")],
      until: "60s"
    })
    const status = last(well, "p")
    expect(status?.phase).toBe("Succeeded")
    expect(status?.reason).toBeUndefined()
    expect(status?.conditions?.find(({ type }) => type === "DisruptionTarget")?.status).toBe("True")
  })

  it("K-296: on a node that takes no time at all, too, a pod has ended once and in one way", () => {
    const settings = { shutdownGracePeriod: "2s" }
    const instant = simulate({
      nodes: [{ name: "n-1", profile: "zero", kubelet: settings }],
      runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
      steps: [apply(podManifest("p", ["main"])), power("20s", "shutdown")],
      until: "60s"
    })
    const phases = podMoments(instant).map(({ pod }) => pod.status.phase)
    expect(new Set(phases)).toEqual(new Set(["Pending", "Running", "Succeeded"]))
  })

  it("K-296: a pod that has succeeded stays so", () => {
    const once = simulate({
      nodes: graceful,
      runs: { main: [{ exitAfter: "3s" }] },
      steps: [apply(podManifest("p", ["main"], { restartPolicy: "Never" })), power("20s", "shutdown")],
      until: "40s"
    })
    expect(last(once, "p")).toMatchObject({ phase: "Succeeded" })
    expect(last(once, "p")?.reason).toBeUndefined()
  })
})

describe("how much time the pods of a machine that goes down have", () => {
  it("K-296: their own grace, but no more than their group's", () => {
    const facts = simulate({
      nodes: graceful,
      runs: ignores,
      steps: [
        apply(withPriority("short", 0, { terminationGracePeriodSeconds: 5 })),
        apply(withPriority("long", 0, { terminationGracePeriodSeconds: 600 })),
        power("20s", "shutdown")
      ],
      until: "100s"
    })
    expect(endOf(facts, "short") - 20).toBeCloseTo(5, 0)
    expect(endOf(facts, "long") - 20).toBeCloseTo(20, 0)
  })

  it("K-296: the next group does not wait longer than that", () => {
    const facts = simulate({
      nodes: graceful,
      runs: { main: [{ onTerm: "ignore" }] },
      steps: [
        apply(withPriority("p", 0, { terminationGracePeriodSeconds: 600 })),
        apply(critical("c")),
        power("20s", "shutdown")
      ],
      until: "100s"
    })
    const began = seen(facts, "Event").flatMap(({ object, seconds }) =>
      object["reason"] === "Killing" && object.metadata.name.startsWith("c.") ? [seconds] : []
    )
    expect((began[0] ?? 0) - 40).toBeLessThan(1)
    expect(endOf(facts, "c") - 50).toBeLessThan(1)
  })

  it("K-296: groups by priority: the lowest first, none waits for a group without pods", () => {
    const facts = simulate({
      nodes: onNode({
        shutdownGracePeriodByPodPriority: [
          { priority: 1000, shutdownGracePeriodSeconds: 20 },
          { priority: 0, shutdownGracePeriodSeconds: 60 },
          { priority: 500, shutdownGracePeriodSeconds: 300 }
        ]
      }),
      runs: exitsAtOnce,
      steps: [
        apply(withPriority("important", 2000001000, { priorityClassName: "system-node-critical" })),
        apply(podManifest("usual", ["main"])),
        power("20s", "shutdown")
      ],
      until: "400s"
    })
    expect(endOf(facts, "usual")).toBeGreaterThan(21)
    expect(endOf(facts, "important")).toBeGreaterThan(endOf(facts, "usual") + 1)
    expect(endOf(facts, "important")).toBeLessThan(endOf(facts, "usual") + 4)
  })

  it("K-296: the machine does not wait longer than the last group's time: what nobody could report is not known after the boot", () => {
    const facts = simulate({
      nodes: onNode({ shutdownGracePeriod: "1s" }),
      runs: ignores,
      steps: [apply(podManifest("p", ["main"])), power("20s", "shutdown"), power("60s", "on")],
      until: "200s"
    })
    expect(ends(facts)).toEqual([])
    expect(podMoments(facts).some(({ pod }) => pod.status.reason === "Terminated")).toBe(false)
    expect(last(facts, "p")?.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 255, reason: "Unknown" } }
    })
  })
})

describe("a pod that comes to a machine that goes down", () => {
  const given: Given = {
    nodes: graceful,
    runs: ignores,
    steps: [
      apply(podManifest("p", ["main"])),
      power("20s", "shutdown"),
      apply(podManifest("late", ["main"], { nodeName: "n-1" }), "25s")
    ],
    until: "80s"
  }

  it("K-297: is refused; the status begins twice with the same words", () => {
    const facts = simulate(given)
    expect(last(facts, "late")).toMatchObject({
      phase: "Failed",
      reason: "NodeShutdown",
      message: "Pod was rejected: Pod was rejected as the node is shutting down."
    })
    expect(podMessages(facts)).toContain("NodeShutdown x1: Pod was rejected as the node is shutting down.")
  })

  it("K-297: room is made for a critical one before it is refused", () => {
    const big = (name: string, more: object) => {
      const manifest = podManifest(name, ["main"], { nodeName: "n-1", terminationGracePeriodSeconds: 15, ...more })
      const containers = manifest.spec.containers.map((one) => ({ ...one, resources: { requests: { cpu: "1500m" } } }))
      return { ...manifest, spec: { ...manifest.spec, containers } }
    }
    const facts = simulate({
      nodes: graceful,
      runs: ignores,
      steps: [
        apply(big("p", {})),
        power("20s", "shutdown"),
        apply(big("late", { priorityClassName: "system-node-critical" }), "21s")
      ],
      until: "80s"
    })
    expect(podMessages(facts).some((line) => line.startsWith("Preempting"))).toBe(true)
    expect(last(facts, "late")).toMatchObject({ phase: "Failed", reason: "NodeShutdown" })
  })
})

describe("a shutdown that does not come as announced", () => {
  it("called off, it is told once the pods have ended, and the node is ready with its next look", () => {
    const facts = simulate({
      nodes: graceful,
      runs: ignores,
      steps: [
        apply(withPriority("p", 0, { terminationGracePeriodSeconds: 10 })),
        power("20s", "shutdown"),
        power("22s", "on"),
        apply(podManifest("next", ["main"]), "45s")
      ],
      until: "80s"
    })
    expect(ofNode(facts).filter((line) => line.includes("Shutdown:"))).toEqual([
      "Normal Shutdown: Shutdown manager detected shutdown event",
      "Normal Shutdown: Shutdown manager detected shutdown cancellation"
    ])
    expect(last(facts, "p")).toMatchObject({ phase: "Failed", reason: "Terminated" })
    expect(last(facts, "next")?.phase).toBe("Running")
    const again = ready(facts).find(({ seconds, status }) => seconds > 21 && status === "True")?.seconds ?? 0
    expect(again).toBeGreaterThan(30)
    expect(again).toBeLessThan(42)
  })

  it("a kubelet that is stopped meanwhile holds nothing up any more", () => {
    const facts = simulate({
      nodes: graceful,
      runs: ignores,
      steps: [
        apply(podManifest("p", ["main"])),
        power("20s", "shutdown"),
        { at: "22s", node: { name: "n-1", kubelet: "restart" } },
        apply(podManifest("late", ["main"]), "23s")
      ],
      until: "80s"
    })
    expect(last(facts, "p")?.phase).toBe("Running")
    expect(last(facts, "late")?.phase).toBe("Pending")
    expect(ends(facts)).toEqual([])
  })
})
