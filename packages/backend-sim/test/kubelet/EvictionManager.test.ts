/** Pods that a simulated kubelet ends because its node, or their own limit, has not enough. */
import type { ClusterEvent, KubernetesObject, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { type Given, podManifest, podMoments, simulate, when } from "../given.ts"

const Mi = 1024 * 1024
const withContainer = (name: string, container: object, spec: object = {}) => {
  const manifest = podManifest(name, [name], { terminationGracePeriodSeconds: 30, ...spec })
  return { ...manifest, spec: { ...manifest.spec, containers: [{ ...manifest.spec.containers[0], ...container }] } }
}
const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const press = (at: string, pressure: unknown) => ({ at, node: { name: "n-1", pressure } })
const objectsOf = (facts: ReadonlyArray<ClusterEvent>, kind: string): ReadonlyArray<KubernetesObject> =>
  facts.flatMap((fact) =>
    fact._tag === "ObjectChanged" && fact.object.kind === kind ? [fact.object as unknown as KubernetesObject] : []
  )
const messages = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  objectsOf(facts, "Event").filter((event) => event["reason"] === reason)
const isEvicted = ({ status }: PodObject) => status.reason === "Evicted"
const evictedAt = (facts: ReadonlyArray<ClusterEvent>, name: string) => when(podMoments(facts, name), isEvicted).seconds
const phaseOf = (facts: ReadonlyArray<ClusterEvent>, name: string) => podMoments(facts, name).at(-1)?.pod.status.phase

describe("a node runs short of memory", () => {
  const given: Given = {
    runs: {
      greedy: [{ onTerm: "ignore", memory: [{ at: "0s", usage: "600Mi" }] }],
      modest: [{ onTerm: "ignore", memory: [{ at: "0s", usage: "300Mi" }] }],
      frugal: [{ onTerm: "ignore", memory: [{ at: "0s", usage: "100Mi" }] }]
    },
    steps: [
      apply(withContainer("greedy", { resources: { requests: { memory: "100Mi" } } })),
      apply(withContainer("modest", {})),
      apply(withContainer("frugal", { resources: { requests: { memory: "200Mi" } } })),
      press("30s", true),
      apply(withContainer("late", {}, { nodeName: "n-1" }), "70s"),
      apply(withContainer("asks", { resources: { requests: { memory: "10Mi" } } }, { nodeName: "n-1" }), "70s")
    ],
    until: "500s"
  }
  const facts = simulate(given)

  it("K-280: the one that exceeds its request most goes, alone, because that is enough", () => {
    const seconds = evictedAt(facts, "greedy")
    expect(seconds).toBeGreaterThan(30)
    expect(seconds).toBeLessThan(45)
    expect(phaseOf(facts, "modest")).toBe("Running")
    expect(phaseOf(facts, "frugal")).toBe("Running")
  })

  it("X-06, X-09, K-281, K-282, K-284: in words: the pod's Event, its status and its condition say the same", () => {
    const message =
      "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. " +
      "Container greedy was using 600Mi, request is 100Mi, has larger consumption of memory. "
    expect(messages(facts, "Evicted")[0]).toMatchObject({
      type: "Warning",
      message,
      metadata: {
        annotations: { offending_containers: "greedy", offending_containers_usage: "600Mi", starved_resource: "memory" }
      }
    })
    const pod = when(podMoments(facts, "greedy"), isEvicted).pod
    expect(pod.status).toMatchObject({ phase: "Failed", reason: "Evicted", message })
    expect(pod.status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      observedGeneration: 1,
      reason: "TerminationByKubelet",
      message
    })
    expect(pod.status.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: "Error" })
  })

  it("section 6.6: a hard threshold gives one second, so two at the runtime", () => {
    const [event] = messages(facts, "Evicted")
    const began = Date.parse(String(event?.["firstTimestamp"])) / 1_000
    const pod = when(podMoments(facts, "greedy"), isEvicted).pod
    const ended = Date.parse(String(pod.status.containerStatuses?.[0]?.state?.terminated?.["finishedAt"])) / 1_000
    expect(ended - began).toBeGreaterThanOrEqual(1)
    expect(ended - began).toBeLessThanOrEqual(3)
  })

  it("K-280: the node says what it reclaims", () => {
    expect(messages(facts, "EvictionThresholdMet")[0]).toMatchObject({
      type: "Warning",
      message: "Attempting to reclaim memory",
      metadata: { namespace: "default" },
      involvedObject: { kind: "Node", name: "n-1", apiVersion: "v1" }
    })
  })

  it("X-06, section 8: MemoryPressure is reported within ten seconds and for five minutes after", () => {
    const statuses = objectsOf(facts, "Node").map((node) => {
      const conditions = (node["status"] as { conditions: ReadonlyArray<Record<string, string>> }).conditions
      return conditions.find(({ type }) => type === "MemoryPressure")?.["status"]
    })
    expect(statuses.filter((status, index) => status !== statuses[index - 1])).toEqual(["False", "True", "False"])
    const names = objectsOf(facts, "Event").map((event) => event["reason"])
    expect(names).toContain("NodeHasInsufficientMemory")
    expect(names).toContain("NodeHasSufficientMemory")
  })

  it("K-302: meanwhile it refuses pods that ask for nothing, and takes those that ask", () => {
    expect(podMoments(facts, "late").at(-1)?.pod.status).toMatchObject({
      phase: "Failed",
      reason: "Evicted",
      message: "Pod was rejected: The node had condition: [MemoryPressure]. "
    })
    expect(phaseOf(facts, "asks")).toBe("Running")
  })
})

it("section 6.6: while the pressure lasts one pod goes after the other, critical ones stay", () => {
  const facts = simulate({
    runs: { "*": [{ onTerm: "ignore" }] },
    steps: [
      apply(withContainer("a", {})),
      apply(withContainer("b", {})),
      apply(withContainer("critical", {}, { priority: 2_000_000_000, priorityClassName: "system-cluster-critical" })),
      press("20s", ["memory"])
    ],
    until: "100s"
  })
  const [first, second] = [evictedAt(facts, "a"), evictedAt(facts, "b")].sort((x, y) => x - y)
  expect(Number(second) - Number(first)).toBeGreaterThan(2)
  expect(Number(second) - Number(first)).toBeLessThan(12)
  expect(phaseOf(facts, "critical")).toBe("Running")
})

it("section 6.6: nothing is evicted once the pressure is over", () => {
  const facts = simulate({
    steps: [apply(withContainer("a", {})), press("15s", ["disk"]), press("15.1s", false)],
    until: "60s"
  })
  expect(phaseOf(facts, "a")).toBe("Running")
})

it("section 6.6: a soft threshold waits for its grace period, then gives no more than its own longest grace", () => {
  const kubelet = {
    evictionSoft: { "memory.available": "1Gi" },
    evictionSoftGracePeriod: { "memory.available": "30s" },
    evictionMaxPodGracePeriod: 10
  }
  const facts = simulate({
    runs: { "*": [{ onTerm: "ignore" }] },
    nodes: [{ name: "n-1", cpu: 2, memory: "4Gi", kubelet }],
    steps: [apply(withContainer("a", {})), press("20s", { memory: "500Mi" })],
    until: "120s"
  })
  expect(messages(facts, "Evicted")[0]).toMatchObject({
    message: expect.stringContaining("Threshold quantity: 1Gi, available: 500Mi. ")
  })
  const seconds = evictedAt(facts, "a")
  expect(seconds).toBeGreaterThan(60)
  expect(seconds).toBeLessThan(75)
})

it("section 6.6: pods that take too much of the disk go; only with a threshold do processes count", () => {
  const disk = simulate({ steps: [apply(withContainer("a", {})), press("15s", ["disk"])], until: "60s" })
  expect(messages(disk, "EvictionThresholdMet")[0]?.["message"]).toBe("Attempting to reclaim ephemeral-storage")
  expect(phaseOf(disk, "a")).toBe("Failed")
  const pids = (kubelet: object) =>
    simulate({
      nodes: [{ name: "n-1", cpu: 2, memory: "4Gi", kubelet }],
      steps: [apply(withContainer("a", {})), press("15s", ["pids"])],
      until: "60s"
    })
  expect(phaseOf(pids({}), "a")).toBe("Running")
  expect(podMoments(pids({ evictionHard: { "pid.available": "1k" } }), "a").at(-1)?.pod.status.message).toBe(
    "The node was low on resource: pids. Threshold quantity: 1k, available: 500. "
  )
})

describe("K-283: a pod fills more of the disk than it may", () => {
  const writing = (volume: string, size: string) => [
    { onTerm: "ignore" as const, writes: [{ at: "5s", volume, size }] }
  ]

  it("its volume: noticed when volumes are measured, within some minutes; no disruption", () => {
    const volumes = [{ name: "cache", emptyDir: { sizeLimit: "10Mi" } }]
    const mounts = { volumeMounts: [{ name: "cache", mountPath: "/cache" }] }
    const facts = simulate({
      runs: { a: writing("cache", "11Mi"), b: writing("cache", "9Mi") },
      steps: [apply(withContainer("a", mounts, { volumes })), apply(withContainer("b", mounts, { volumes }))],
      until: "300s"
    })
    const { pod, seconds } = when(podMoments(facts, "a"), isEvicted)
    expect(pod.status.message).toBe('Usage of EmptyDir volume "cache" exceeds the limit "10Mi". ')
    expect(pod.status.conditions?.some(({ type }) => type === "DisruptionTarget")).toBe(false)
    expect(seconds).toBeGreaterThan(5)
    expect(seconds).toBeLessThan(200)
    expect(phaseOf(facts, "b")).toBe("Running")
    expect(messages(facts, "EvictionThresholdMet")).toEqual([])
  })

  it("its containers' own files: within a round of measuring and one of looking", () => {
    const resources = { limits: { "ephemeral-storage": "1Mi" } }
    const facts = simulate({
      runs: { a: writing("(rootfs)", String(2 * Mi)) },
      steps: [apply(withContainer("a", { resources }))],
      until: "60s"
    })
    const { pod, seconds } = when(podMoments(facts, "a"), isEvicted)
    expect(pod.status.message).toBe("Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ")
    expect(seconds).toBeLessThan(30)
  })
})

describe("a container uses more memory than its limit", () => {
  it("3.5: the kernel kills it: 137, OOMKilled, and it restarts", () => {
    const facts = simulate({
      runs: {
        a: [
          {
            memory: [
              { at: "0s", usage: "10Mi" },
              { at: "3s", usage: "65Mi" }
            ]
          }
        ]
      },
      steps: [apply(withContainer("a", { resources: { limits: { memory: "64Mi" } } }))],
      until: "20s"
    })
    const { pod, seconds } = when(
      podMoments(facts, "a"),
      ({ status }) => status.containerStatuses?.[0]?.lastState?.terminated !== undefined
    )
    expect(pod.status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: "OOMKilled"
    })
    expect(seconds).toBeGreaterThan(3)
    expect(seconds).toBeLessThan(6)
  })

  it("within its limit nothing happens", () => {
    const facts = simulate({
      runs: { a: [{ memory: [{ at: "0s", usage: "64Mi" }] }] },
      steps: [apply(withContainer("a", { resources: { limits: { memory: "64Mi" } } }))],
      until: "20s"
    })
    expect(phaseOf(facts, "a")).toBe("Running")
    expect(podMoments(facts, "a").at(-1)?.pod.status.containerStatuses?.[0]?.restartCount).toBe(0)
  })
})
