import { describe, expect, it } from "vitest"
import { manualTriggers } from "../../../../src/decide/kubelet/prober/manualTriggers.ts"
import { setContainerReadiness, setContainerStartup } from "../../../../src/decide/kubelet/prober/setProbeResult.ts"
import { parsePod } from "../../../../src/state/parsePod.ts"

const status = parsePod({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "p", generation: 2 },
  spec: {
    containers: [
      { name: "a", image: "i" },
      { name: "b", image: "i" }
    ]
  },
  status: {
    phase: "Running",
    conditions: ["Initialized", "Ready", "ContainersReady"].map((type) => ({ type, status: "True" })),
    containerStatuses: ["a", "b"].map((name) => ({
      name,
      image: "i",
      imageID: "",
      containerID: `containerd://${name}1`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
      lastState: {}
    }))
  }
})

describe("a published result", () => {
  it("K-230: changes the container's readiness and the pod's conditions at once, by the container's ID", () => {
    const changed = setContainerReadiness(status, status, "b1", false)
    expect(changed?.containers.map(({ name, ready }) => [name, ready])).toEqual([
      ["a", true],
      ["b", false]
    ])
    expect(
      changed?.conditions.map(({ message, reason, status: value, type }) => [type, value, reason, message])
    ).toEqual([
      ["Initialized", "True", undefined, undefined],
      ["Ready", "False", "ContainersNotReady", "containers with unready status: [b]"],
      ["ContainersReady", "False", "ContainersNotReady", "containers with unready status: [b]"]
    ])
    expect(setContainerReadiness(status, status, "b1", true)).toBeUndefined()
    expect(setContainerReadiness(status, status, "b0", false)).toBeUndefined()
  })

  it("K-161: says that the container has started, and nothing else", () => {
    const changed = setContainerStartup(status, "a1", false)
    expect(changed?.containers[0]?.started).toBe(false)
    expect(changed?.conditions).toEqual(status.conditions)
    expect(setContainerStartup(status, "a1", true)).toBeUndefined()
  })
})

it("K-158, T-14: asks at once for readiness that is not known to be there", () => {
  const probes = (ready: string) => ({
    get: (_: string, id: string) => (id === ready ? ("Success" as const) : ("Failure" as const)),
    hasWorker: (_: string, name: string) => name === "a"
  })
  expect(manualTriggers(status.containers, probes("b1"))).toEqual(["a"])
  expect(manualTriggers(status.containers, probes("a1"))).toEqual([])
})
