/** What a pod's status says of its resources: its spec's before it runs, its cgroup's then. */
import { describe, expect, it } from "vitest"
import { allocatedPodResources, podResources } from "../../../src/decide/kubelet/podResources.ts"
import type { PodSpec, ResourceRequirements } from "../../../src/event/KubernetesObject.ts"
import { container, pod } from "./given.ts"

const sized = (resources: ResourceRequirements, spec: Partial<PodSpec> = {}) =>
  pod({ containers: [container("a", { resources })], ...spec }, { status: { phase: "Running" } })

describe("the resources of a running pod", () => {
  it.each([
    ["100m", "79m"],
    ["250m", "232m"],
    ["500m", "489m"],
    ["1", "975m"],
    ["2", "1999m"],
    ["10m", undefined]
  ])("K-376: on cgroup v2 a request of %s comes back as %s, on v1 as it was", (cpu, shown) => {
    const requests = shown === undefined ? undefined : { cpu: shown }
    expect(podResources(sized({ requests: { cpu } }), "v2").requests).toEqual(requests)
    expect(podResources(sized({ requests: { cpu } }), "v1").requests).toEqual({ cpu })
  })

  it("K-377: no memory limit is one on cgroup v1, none on v2", () => {
    expect(podResources(sized({}), "v1")).toEqual({ limits: { memory: "9007199254740988Ki" } })
    expect(podResources(sized({}), "v2")).toEqual({})
  })

  it("K-192: limits that every container has are the cgroup's: whole pages of memory; CPU too little for it is left out", () => {
    const limits = { cpu: "5m", memory: "100M" }
    expect(podResources(sized({ limits, requests: limits }), "v2")).toEqual({
      limits: { memory: "97656Ki" },
      requests: { memory: "100M" }
    })
    const two = [container("a", { resources: { limits: { cpu: "1" } } }), container("b")]
    expect(podResources(sized({}, { containers: two }), "v2").limits).toBeUndefined()
  })

  it("where the cgroup says nothing, the last status stays", () => {
    const before = { ...sized({}), resources: { limits: { cpu: "7" }, requests: { memory: "9Mi" } } }
    expect(podResources(sized({ requests: { memory: "1Mi" } }), "v2", before)).toEqual({
      limits: { cpu: "7" },
      requests: { memory: "9Mi" }
    })
  })

  it("K-370: what the pod says itself counts for all its containers", () => {
    const whole = sized({ requests: { cpu: "1" } }, { resources: { requests: { cpu: "2" }, limits: { cpu: "3" } } })
    expect(podResources(whole, "v1")).toMatchObject({ limits: { cpu: "3" }, requests: { cpu: "2" } })
    expect(allocatedPodResources(whole)).toEqual({ cpu: "2" })
  })
})
