/** Pods that a simulated kubelet refuses or makes room for. */
import { describe, expect, it } from "vitest"
import { podEvents, podManifest, podMoments, simulate, when } from "../given.ts"

const named = (name: string, cpu: string, spec: object = {}) => {
  const manifest = podManifest(name, ["main"], { nodeName: "n-1", terminationGracePeriodSeconds: 2, ...spec })
  const containers = manifest.spec.containers.map((one) => ({ ...one, resources: { requests: { cpu } } }))
  return { ...manifest, spec: { ...manifest.spec, containers } }
}
const apply = (at: string, manifest: object) => ({ at, apply: manifest })

describe("a pod that its node has no room for", () => {
  it("K-301, T-27: is Failed within a moment, has no containers and loses its conditions", () => {
    const facts = simulate({ steps: [apply("0s", named("p", "3"))], until: "5s" })
    const moments = podMoments(facts)
    expect(moments.map(({ pod }) => pod.status.phase)).toEqual(["Pending", "Failed"])
    const { pod, seconds } = when(moments, ({ status }) => status.phase === "Failed")
    expect(seconds).toBeLessThan(0.2)
    expect(pod.status).toEqual({
      observedGeneration: 1,
      phase: "Failed",
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000",
      reason: "OutOfcpu",
      startTime: "2026-01-01T00:00:00Z",
      qosClass: "Burstable"
    })
    expect(podEvents(facts)).toEqual(["OutOfcpu x1"])
  })

  it("K-006: pods are let in one by one, and those that were refused or have ended take nothing", () => {
    const facts = simulate({
      runs: { main: [{ exitAfter: "3s" }] },
      steps: [
        apply("0s", [named("a", "1500m", { restartPolicy: "Never" }), named("b", "1500m"), named("c", "500m")]),
        apply("8s", named("d", "1500m"))
      ],
      until: "20s"
    })
    const phases = (name: string) => podMoments(facts, name).map(({ pod }) => pod.status.phase)
    expect(phases("a").at(-1)).toBe("Succeeded")
    expect(phases("b")).toEqual(["Pending", "Failed"])
    expect(phases("c")).toContain("Running")
    expect(phases("d")).toContain("Running")
  })

  it("K-022: a refused pod that somebody holds is cleaned up once it is deleted", () => {
    const held = named("p", "3")
    const facts = simulate({
      steps: [
        apply("0s", { ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } }),
        { at: "2s", delete: { kind: "Pod", name: "p" } }
      ],
      until: "10s"
    })
    const last = podMoments(facts).at(-1)?.pod
    expect(last?.metadata.deletionTimestamp).toBeDefined()
    expect(last?.status).toMatchObject({ phase: "Failed", reason: "OutOfcpu" })
  })
})

describe("K-291, K-292: a critical pod", () => {
  const facts = simulate({
    runs: { main: [{ onTerm: "ignore" }] },
    steps: [
      apply("0s", named("a", "1")),
      apply("0s", named("b", "500m")),
      apply("5s", named("critical", "1500m", { priority: 2_000_001_000, priorityClassName: "system-node-critical" })),
      apply("5s", named("after", "100m"))
    ],
    until: "20s"
  })

  it("makes room for itself: the victim fails with words and condition of its own", () => {
    const victim = podMoments(facts, "a").at(-1)?.pod
    expect(victim?.status).toMatchObject({
      phase: "Failed",
      reason: "Preempting",
      message: "Preempted in order to admit critical pod"
    })
    expect(victim?.status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "TerminationByKubelet",
      message: "Pod was preempted by Kubelet to accommodate a critical pod."
    })
    expect(podEvents(facts).filter((event) => event.startsWith("Preempting"))).toEqual(["Preempting x1"])
    expect(podMoments(facts, "b").at(-1)?.pod.status.phase).toBe("Running")
  })

  it("K-284: the condition comes with the phase, not before", () => {
    for (const { pod } of podMoments(facts, "a")) {
      const told = pod.status.conditions?.some(({ type }) => type === "DisruptionTarget") ?? false
      expect(told).toBe(pod.status.phase === "Failed")
    }
  })

  it("the sync loop waits until the victim is dead: neither it nor the next pod begins before", () => {
    const killed = when(
      podMoments(facts, "a"),
      ({ status }) => status.containerStatuses?.[0]?.state?.terminated !== undefined
    )
    for (const name of ["critical", "after"]) {
      const begun = when(podMoments(facts, name), ({ status }) => status.startTime !== undefined)
      expect(begun.seconds).toBeGreaterThan(6.9)
      expect(begun.seconds).toBeLessThan(killed.seconds + 1)
    }
  })
})
