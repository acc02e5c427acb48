/** Resizes in place, as the world sees them. */
import type { KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, when } from "../given.ts"

const sized = (name: string, resources: object, more: object = {}) => {
  const manifest = podManifest(name, ["main"])
  return { ...manifest, spec: { containers: manifest.spec.containers.map((one) => ({ ...one, resources, ...more })) } }
}

const resize = (at: string, resources: object, name = "p") => ({
  at,
  patch: {
    kind: "Pod",
    name,
    subresource: "resize",
    patch: { spec: { containers: [{ name: "main", resources }] } }
  }
})

const cpu = (amount: string) => ({ requests: { cpu: amount } })
const memory = (limit: string) => ({ requests: { memory: limit }, limits: { memory: limit } })

type Facts = ReturnType<typeof simulate>
const events = (facts: Facts, reason: string) =>
  facts.flatMap((fact) => {
    const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
    return object?.kind === "Event" && object["reason"] === reason ? [String(object["message"])] : []
  })

describe("a resize that fits", () => {
  const facts = simulate({
    steps: [{ at: "0s", apply: sized("p", cpu("100m")) }, resize("8s", cpu("200m"))],
    until: "20s"
  })
  const moments = podMoments(facts)

  it("X-09, X-17, K-360, K-361, K-366: is granted at once, carried out, and told at its begin and end", () => {
    const conditions = moments.map(({ pod }) =>
      pod.status.conditions?.some(({ type }) => type === "PodResizeInProgress")
    )
    expect(conditions.filter((shown) => shown === true).length).toBe(1)
    const text = '{"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}],"generation":2}'
    expect(events(facts, "ResizeStarted")).toEqual([`Pod resize started: ${text}`])
    expect(events(facts, "ResizeCompleted")).toEqual([`Pod resize completed: ${text}`])
  })

  it("shows what was allocated before what the container has", () => {
    const statuses = moments.filter(({ seconds }) => seconds > 8).map(({ pod }) => pod.status.containerStatuses?.[0])
    expect(
      statuses.map((status) => [status?.allocatedResources?.["cpu"], status?.resources?.requests?.["cpu"]])
    ).toEqual([
      ["200m", "100m"],
      ["200m", "200m"]
    ])
    expect(statuses.at(-1)?.restartCount).toBe(0)
  })
})

describe("a resize that does not fit", () => {
  const facts = simulate({
    steps: [
      { at: "0s", apply: sized("p", cpu("500m")) },
      { at: "1s", apply: sized("other", cpu("1200m")) },
      resize("8s", cpu("900m")),
      { at: "20s", delete: { kind: "Pod", name: "other", gracePeriodSeconds: 1 } }
    ],
    until: "40s"
  })
  const moments = podMoments(facts)

  it("X-09, X-17, K-362, K-368: waits, and says for what", () => {
    const waiting = when(moments, (pod) => pod.status.conditions?.[0]?.type === "PodResizePending")
    expect(waiting.pod.status.conditions?.[0]).toMatchObject({
      reason: "Deferred",
      message: "Node didn't have enough resource: cpu, requested: 900, used: 1200, capacity: 2000"
    })
    expect(waiting.pod.status.containerStatuses?.[0]?.allocatedResources).toEqual({ cpu: "500m" })
    expect(events(facts, "ResizeDeferred")).toEqual([
      'Pod resize OutOfcpu: {"containers":[{"name":"main","resources":{"requests":{"cpu":"900m"}}}],"generation":2,"error":"Node didn\'t have enough resource: cpu, requested: 900, used: 1200, capacity: 2000"}'
    ])
  })

  it("K-363: is carried out when another pod makes room", () => {
    const last = moments.at(-1)?.pod.status
    expect(last?.containerStatuses?.[0]?.resources).toEqual(cpu("900m"))
    expect(last?.conditions?.map(({ type }) => type)).not.toContain("PodResizePending")
    expect(moments.at(-1)?.seconds).toBeGreaterThan(20)
  })
})

describe("a resize by restart", () => {
  it("K-364: kills the container for it and counts a restart", () => {
    const resizePolicy = [{ resourceName: "cpu", restartPolicy: "RestartContainer" }]
    const steps = [{ at: "0s", apply: sized("p", cpu("100m"), { resizePolicy }) }, resize("8s", cpu("200m"))]
    const facts = simulate({ runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] }, steps, until: "40s" })
    const last = podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]
    expect(last).toMatchObject({ restartCount: 1, resources: cpu("200m") })
    expect(events(facts, "Killing")).toEqual(["Container main resize requires restart"])
  })
})

describe("a memory limit below what is used", () => {
  it("K-365: is refused with an error that is told once and tried again", () => {
    const steps = [{ at: "0s", apply: sized("p", memory("64Mi")) }, resize("8s", memory("512Ki"))]
    const facts = simulate({ steps, until: "60s" })
    expect(events(facts, "ResizeError").length).toBe(1)
    expect(events(facts, "ResizeError")[0]).toContain("cannot decrease memory limits: ")
    const last = podMoments(facts).at(-1)?.pod.status
    expect(last?.conditions?.[0]).toMatchObject({ type: "PodResizeInProgress", reason: "Error" })
    expect(last?.containerStatuses?.[0]?.resources).toEqual(memory("64Mi"))
  })
})

describe("a resize beyond the node", () => {
  it("is refused by the API server: the pod stays as it is", () => {
    const steps = [{ at: "0s", apply: sized("p", cpu("100m")) }, resize("8s", cpu("3"))]
    expect(podMoments(simulate({ steps, until: "20s" })).filter(({ seconds }) => seconds > 8)).toEqual([])
  })
})
