/** The rules of a resize in place: what is granted, what is done for it, and how it is told. */
import { describe, expect, it } from "vitest"
import { computePodActions } from "../../../src/decide/kubelet/computePodActions.ts"
import { allocationFromPod, podFromAllocation } from "../../../src/decide/kubelet/resize/Allocation.ts"
import { isPodResizeInProgress } from "../../../src/decide/kubelet/resize/computePodResizeAction.ts"
import { containerResources } from "../../../src/decide/kubelet/resize/containerResources.ts"
import { memoryResizeError } from "../../../src/decide/kubelet/resize/memoryResizeError.ts"
import { listResize, noResize, setInProgress, setPending } from "../../../src/decide/kubelet/resize/ResizeConditions.ts"
import { podResizeMessage } from "../../../src/decide/kubelet/resize/resizeMessage.ts"
import { sortPendingResizes } from "../../../src/decide/kubelet/resize/sortPendingResizes.ts"
import type { ContainerSpec, PodSpec, ResourceRequirements } from "../../../src/event/KubernetesObject.ts"
import { at, container, pod, podObject, running, runtime } from "./given.ts"

const cpu = (request: string, limit?: string): ResourceRequirements => ({
  requests: { cpu: request },
  ...(limit === undefined ? {} : { limits: { cpu: limit } })
})
const memory = (limit: string): ResourceRequirements => ({ requests: { memory: limit }, limits: { memory: limit } })
const sized = (resources: ResourceRequirements, more: Partial<ContainerSpec> = {}): PodSpec =>
  podObject({ containers: [container("main", { resources, ...more })] }).spec
const given = (resources: ResourceRequirements) => runtime([{ ...running("main"), resources }])

describe("an allocation", () => {
  it("K-362: the pod runs with what it was granted, whatever its spec says by now", () => {
    const granted = allocationFromPod(sized(cpu("1")))
    const grown = podObject({ containers: [container("main", { resources: cpu("9") })], resources: cpu("9") })
    const allocated = podFromAllocation(grown, granted)
    expect(allocated.spec.containers[0]?.resources).toEqual(cpu("1"))
    expect(allocated.spec.resources).toBeUndefined()
    expect(podFromAllocation(allocated, granted)).toBe(allocated)
    expect(podFromAllocation(grown, undefined)).toBe(grown)
  })
})

describe("what a sync does for a resize", () => {
  const actions = (spec: PodSpec, actual: ResourceRequirements) =>
    computePodActions(pod({ containers: spec.containers }), given(actual))

  it("nothing when what runs is what was granted", () => {
    expect(actions(sized(cpu("1")), cpu("1000m"))).toMatchObject({ containersToUpdate: [], updatePodResources: false })
  })

  it("K-364: other resources for the process as it runs", () => {
    expect(actions(sized(cpu("2")), cpu("1"))).toMatchObject({
      containersToUpdate: [{ name: "main", resources: cpu("2"), memory: false }],
      containersToStart: [],
      containersToKill: []
    })
  })

  it("K-364: a restart where the policy of that resource asks for one", () => {
    const policy = { resizePolicy: [{ resourceName: "memory", restartPolicy: "RestartContainer" }] }
    expect(actions(sized(memory("2Mi"), policy), memory("1Mi"))).toMatchObject({
      containersToUpdate: [],
      containersToStart: [0],
      containersToKill: [{ name: "main", message: "Container main resize requires restart" }],
      updatePodResources: true,
      killPod: false
    })
    expect(actions(sized(cpu("2"), policy), cpu("1")).containersToKill).toEqual([])
  })

  it("K-364: the same for a sidecar beside its pod's containers", () => {
    const policy = [{ resourceName: "cpu", restartPolicy: "RestartContainer" }]
    const sidecar = container("side", { restartPolicy: "Always", resources: cpu("2"), resizePolicy: policy })
    const both = runtime([running("main"), { ...running("side"), resources: cpu("1") }])
    expect(computePodActions(pod({ initContainers: [sidecar] }), both)).toMatchObject({
      initContainersToStart: [0],
      containersToKill: [{ name: "side" }]
    })
  })

  it("K-366: it is under way while something that runs has other resources", () => {
    expect(isPodResizeInProgress(sized(cpu("2")), given(cpu("1")))).toBe(true)
    expect(isPodResizeInProgress(sized(cpu("2")), given(cpu("2")))).toBe(false)
    expect(isPodResizeInProgress(sized(cpu("2")), runtime([]))).toBe(false)
    const whole = { ...sized(cpu("1")), resources: cpu("2") }
    expect(isPodResizeInProgress(whole, { ...given(cpu("1")), cgroup: { ...whole, resources: cpu("1") } })).toBe(true)
  })
})

describe("the conditions of a resize", () => {
  it("K-361: in progress, without a reason, with the generation that it began with", () => {
    const { conditions } = setInProgress(noResize, { generation: 2 }, at(1))
    const again = setInProgress(conditions, { generation: 3 }, at(5))
    expect(again.changed).toBe(false)
    expect(listResize(again.conditions)).toMatchObject([
      {
        type: "PodResizeInProgress",
        status: "True",
        observedGeneration: 2,
        lastProbeTime: "2026-01-01T00:00:05Z",
        lastTransitionTime: "2026-01-01T00:00:01Z"
      }
    ])
  })

  it("K-362: what policy forbids is infeasible, everything else deferred; told when new or of another generation", () => {
    const first = setPending(noResize, { reason: "OutOfcpu", message: "m", generation: 2 }, at(1))
    expect(first).toMatchObject({ told: true, conditions: { pending: { reason: "Deferred", message: "m" } } })
    expect(setPending(first.conditions, { reason: "OutOfcpu", message: "n", generation: 2 }, at(2)).told).toBe(false)
    expect(setPending(first.conditions, { reason: "OutOfcpu", message: "m", generation: 3 }, at(2)).told).toBe(true)
    const never = setPending(first.conditions, { reason: "Infeasible", message: "m", generation: 2 }, at(9))
    expect(never.conditions.pending).toMatchObject({ reason: "Infeasible", lastTransitionTime: "2026-01-01T00:00:09Z" })
  })

  it("K-365: an error is told once, and stays until the resize is another one", () => {
    const { conditions } = setInProgress(noResize, { generation: 2 }, at(1))
    const failed = setInProgress(conditions, { reason: "Error", message: "m", generation: 2 }, at(3))
    expect(failed.changed).toBe(true)
    expect(setInProgress(failed.conditions, { reason: "Error", message: "m", generation: 2 }, at(4)).changed).toBe(
      false
    )
    expect(setInProgress(failed.conditions, { generation: 2 }, at(5)).conditions.inProgress?.reason).toBe("Error")
  })
})

describe("K-367: the words of a resize", () => {
  it("are JSON as Go writes it", () => {
    const spec = podObject({
      initContainers: [container("i")],
      containers: [container("c", { resources: { requests: { memory: "1Mi", cpu: "1" }, limits: { cpu: "2" } } })]
    }).spec
    expect(podResizeMessage("Pod resize error", spec, 4, 'a "b" <c>')).toBe(
      'Pod resize error: {"initContainers":[{"name":"i","resources":{}}],"containers":[{"name":"c","resources":{"limits":{"cpu":"2"},"requests":{"cpu":"1","memory":"1Mi"}}}],"generation":4,"error":"a \\"b\\" \\u003cc\\u003e"}'
    )
  })
})

describe("K-365: memory that is used", () => {
  it("is not taken away", () => {
    const main = { name: "main", limit: 5n, usage: 7n }
    expect(
      memoryResizeError({ podLimit: undefined, podUsage: 9n, containers: [{ ...main, usage: 4n }] })
    ).toBeUndefined()
    expect(memoryResizeError({ podLimit: undefined, podUsage: 9n, containers: [main] })).toBe(
      'cannot decrease memory limits: attempting to set container "main" memory limit (5) below current usage (9)'
    )
    expect(memoryResizeError({ podLimit: 8n, podUsage: 9n, containers: [main] })).toBe(
      'cannot decrease memory limits: [attempting to set pod memory limit (8) below current usage (9), attempting to set container "main" memory limit (5) below current usage (9)]'
    )
  })
})

describe("K-363: of several that wait", () => {
  const waiting = (name: string, before: string, after: string, more: object = {}, since = "2026-01-01T00:00:00Z") => {
    const made = (request: string) => ({
      ...podObject({ containers: [container("main", { resources: cpu(request) })], ...more }),
      metadata: { name }
    })
    return { pod: made(after), allocated: made(before), since }
  }

  it("those that ask for no more are first, then by priority, then by how long they have waited", () => {
    const sorted = sortPendingResizes([
      waiting("late", "1", "2", {}, "2026-01-01T00:00:09Z"),
      waiting("early", "1", "2"),
      waiting("important", "1", "2", { priority: 5 }),
      waiting("smaller", "2", "1")
    ])
    expect(sorted.map(({ pod: { metadata } }) => metadata.name)).toEqual(["smaller", "important", "early", "late"])
  })
})

describe("the resources in a container's status", () => {
  const shown = (spec: ResourceRequirements, actual: ResourceRequirements) =>
    containerResources(container("main", { resources: spec }), { ...running("main"), resources: actual })

  it("K-191: what runs shows what it was last given, what does not run what it was granted", () => {
    expect(shown(cpu("2", "4"), cpu("1", "3"))).toEqual(cpu("1", "3"))
    expect(shown(memory("100M"), memory("64Mi"))).toEqual(memory("64Mi"))
    const dead = { ...running("main"), state: "exited" as const, resources: cpu("1") }
    expect(containerResources(container("main", { resources: cpu("2") }), dead)).toEqual(cpu("2"))
  })

  it("K-192, K-378: requests of shares and limits too small for a quota are the spec's", () => {
    expect(shown(cpu("1m", "5m"), cpu("2m", "7m"))).toEqual(cpu("1m", "5m"))
    expect(shown(cpu("100m", "20m"), cpu("100m", "30m"))).toEqual(cpu("100m", "30m"))
  })
})
