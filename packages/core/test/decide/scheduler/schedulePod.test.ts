import { describe, expect, it } from "vitest"
import { fitError, truncateMessage } from "../../../src/decide/scheduler/fitError.ts"
import { type NodeInfo, type PodInfo, podInfoOf, withChanges } from "../../../src/decide/scheduler/NodeInfo.ts"
import { orderNodes } from "../../../src/decide/scheduler/orderNodes.ts"
import { schedulingFailed } from "../../../src/decide/scheduler/podScheduled.ts"
import { type ObjectLookup, SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import { type CycleOptions, schedulePod as cycle } from "../../../src/decide/scheduler/schedulePod.ts"
import { selectHost } from "../../../src/decide/scheduler/selectHost.ts"
import type { Instant } from "../../../src/event/Instant.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { nodeInfo, pod, podInfo } from "./objects.ts"

const schedulePod = (
  info: PodInfo,
  nodes: ReadonlyArray<NodeInfo>,
  { objects, ...options }: CycleOptions & { readonly objects?: ObjectLookup }
) => cycle(info, SchedulerCache.of(nodes, objects), options)

const first = { start: 0, tieBreak: 0 }
const NOT_HELPFUL = "Preemption is not helpful for scheduling"
const message = (...args: Parameters<typeof schedulePod>): string => {
  const result = schedulePod(...args)
  return result._tag === "Unschedulable" ? result.message : `on ${result.node}`
}

describe("a cycle", () => {
  it("takes the node with the most room", () => {
    const nodes = [
      nodeInfo("a", [podInfo({}, { cpu: "1" })]),
      nodeInfo("b"),
      nodeInfo("c", [podInfo({}, { cpu: "1" })])
    ]
    for (const tieBreak of [0, 0.4, 0.99]) expect(message(podInfo(), nodes, { start: 0, tieBreak })).toBe("on b")
  })

  it("lets the draw decide between equals", () => {
    const nodes = ["a", "b", "c", "d"].map((name) => nodeInfo(name))
    const chosen = [0, 0.25, 0.5, 0.75].map((tieBreak) => message(podInfo(), nodes, { start: 0, tieBreak }))
    expect(chosen).toEqual(["on a", "on b", "on c", "on d"])
  })

  it("C-243, C-244, C-245: counts the reasons of all nodes, sorted as text", () => {
    const nodes = [
      ...Array.from({ length: 10 }, (_, i) =>
        nodeInfo(`a${i}`, [], { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } })
      ),
      nodeInfo("b", [podInfo({}, { cpu: "2", memory: "4Gi" })]),
      nodeInfo("c", [], { allocatable: { cpu: "500m" } })
    ]
    expect(message(podInfo({}, { cpu: "1", memory: "1Gi" }), nodes, first)).toBe(
      "0/12 nodes are available: 1 Insufficient memory, 10 node(s) had untolerated taint(s), 2 Insufficient cpu. " +
        `no new claims to deallocate, preemption: 0/12 nodes are available: 1 No preemption victims found for incoming pod, 11 ${NOT_HELPFUL}.`
    )
  })

  it("says what stays in the way when pods of lower priority are gone, and nothing when nothing does", () => {
    const low = podInfo({ priority: 1 }, { cpu: "1" })
    const high = podInfo({ priority: 9 }, { cpu: "1" })
    const wants = podInfo({ priority: 5 }, { cpu: "2" })
    expect(message(wants, [nodeInfo("a", [low, high])], first)).toBe(
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Insufficient cpu."
    )
    expect(schedulePod(wants, [nodeInfo("a", [low])], first)).toMatchObject({
      message: "0/1 nodes are available: 1 Insufficient cpu.",
      nomination: { _tag: "Nominated", candidate: { node: "a", victims: [{ uid: low.uid }] } }
    })
    expect(
      message(podInfo({ priority: 5, preemptionPolicy: "Never" }, { cpu: "2" }), [nodeInfo("a", [low])], first)
    ).toBe(
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never."
    )
  })

  const named = (...terms: ReadonlyArray<ReadonlyArray<string>>) =>
    podInfo({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: terms.map(
              (names): JsonObject => ({
                matchFields: names.map((name) => ({ key: "metadata.name", operator: "In", values: [name] }))
              })
            )
          }
        }
      }
    })

  it("C-246: looks only at nodes that the pod names", () => {
    const nodes = ["a", "b", "c"].map((name) => nodeInfo(name))
    expect(message(named(["b"]), nodes, first)).toBe("on b")
    expect(message(named(["x"]), nodes, first)).toBe(
      "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
        `no new claims to deallocate, preemption: 0/3 nodes are available: 3 ${NOT_HELPFUL}.`
    )
    expect(message(named(["a", "b"]), nodes, first)).toBe(
      "0/3 nodes are available: pod affinity terms conflict. not found"
    )
    expect(message(named(["a", "b"], ["c"]), nodes, first)).toBe("on c")
  })

  it("has its own words for a cluster without nodes, and names no rule", () => {
    expect(schedulePod(podInfo(), [], first)).toMatchObject({
      message: "no nodes available to schedule pods",
      rejectors: new Set()
    })
  })

  it("names the rules that turned the pod down", () => {
    const nodes = [
      nodeInfo("a", [], { spec: { unschedulable: true } }),
      nodeInfo("b", [], { allocatable: { pods: "0" } })
    ]
    expect(schedulePod(podInfo(), nodes, first)).toMatchObject({
      rejectors: new Set(["NodeUnschedulable", "NodeResourcesFit"])
    })
  })

  it("says of a pod's claims that they are missing, going, or not bound, before any node is asked", () => {
    const claimed = podInfo()
    const volumes = (volume: JsonObject) =>
      podInfoOf({ ...claimed.pod, spec: { ...claimed.pod.spec, volumes: [volume] } })
    const claim = (more: object = {}) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c", ...more },
      spec: {}
    })
    const said = (volume: JsonObject, claims: (name: string) => ReturnType<typeof claim> | undefined) =>
      schedulePod(volumes(volume), [nodeInfo("a")], {
        ...first,
        objects: {
          get: (kind, _, name) => (kind === "PersistentVolumeClaim" ? claims(name) : undefined),
          list: () => []
        }
      })
    const mine = { name: "v", persistentVolumeClaim: { claimName: "c" } }
    expect(said(mine, () => undefined)).toMatchObject({
      message: '0/1 nodes are available: persistentvolumeclaim "c" not found. not found',
      rejectors: new Set(["VolumeRestrictions"])
    })
    expect(said(mine, () => claim())).toMatchObject({
      message: "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
      rejectors: new Set(["VolumeBinding"])
    })
    expect(said(mine, () => claim({ deletionTimestamp: "2026-01-01T00:00:00Z" }))).toMatchObject({
      message: '0/1 nodes are available: persistentvolumeclaim "c" is being deleted. not found'
    })
    expect(said({ name: "v", ephemeral: {} }, () => undefined)).toMatchObject({
      message: `0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimed.pod.metadata.name}-v". not found`,
      rejectors: new Set(["VolumeBinding"])
    })
    const bound = claim({ annotations: { "pv.kubernetes.io/bind-completed": "yes" } })
    expect(said(mine, () => ({ ...bound, spec: { volumeName: "pv" } }))).toMatchObject({
      message: expect.stringContaining("1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)")
    })
  })

  it("C-235, C-237: stops looking in a large cluster once it has found enough, and goes on from there", () => {
    const nodes = Array.from({ length: 300 }, (_, i) => nodeInfo(`n${i}`))
    const chosen = new Set(
      Array.from({ length: 50 }, (_, i) => message(podInfo(), nodes, { start: 0, tieBreak: i / 50 }))
    )
    // 300 nodes: 48 %, that is 144 of them.
    expect([...chosen].every((text) => Number(text.slice("on n".length)) < 144)).toBe(true)
    expect(schedulePod(podInfo(), nodes, first).next).toBe(144)
    expect(schedulePod(podInfo(), nodes, { start: 288, tieBreak: 0 }).next).toBe(132)
  })
})

describe("parts of it", () => {
  it("C-240, C-406: selects as Go's heap does: [5, 5, 9, 9] gives the fourth", () => {
    expect(selectHost([5, 5, 9, 9], 0)).toBe(3)
    expect(selectHost([9, 9, 5, 5], 0)).toBe(0)
    expect(selectHost([1, 2, 3], 0.5)).toBe(2)
  })

  it("C-236: goes through the zones in turn", () => {
    const zoned = (name: string, zone: string) =>
      nodeInfo(name, [], { labels: { "topology.kubernetes.io/zone": zone } })
    const nodes = [
      zoned("a1", "a"),
      zoned("a2", "a"),
      zoned("a3", "a"),
      zoned("b1", "b"),
      zoned("c1", "c"),
      zoned("c2", "c")
    ]
    expect(orderNodes(nodes).map(({ name }) => name)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"])
    expect(orderNodes([])).toEqual([])
  })

  it("gives back exactly what a pod took", () => {
    const [one, two] = [podInfo({}, { cpu: "1", "x/y": "2" }), podInfo({}, { memory: "1Gi" })]
    const left = withChanges(nodeInfo("a", [one, two]), [[one, -1]])
    expect(left.requested).toEqual({ ...nodeInfo("a", [two]).requested, scalar: { "x/y": 0 } })
    expect([...left.pods.keys()]).toEqual([two.uid])
  })

  it("writes no number without a reason", () => {
    expect(fitError({ nodes: 3, reasons: [] })).toBe("0/3 nodes are available:")
  })

  it("cuts a note at 1,024 bytes", () => {
    expect(truncateMessage("x".repeat(1_024)).length).toBe(1_024)
    expect(truncateMessage("x".repeat(1_025))).toBe(`${"x".repeat(1_020)} ...`)
  })

  it("keeps the time of a condition that stays False, and writes nothing when all of it stays", () => {
    const at = (seconds: number) => (1_767_225_600_000_000 + seconds * 1_000_000) as Instant
    const why = { reason: "Unschedulable", message: "m" } as const
    const failed = schedulingFailed(pod(), at(0), why)
    const again = {
      ...pod(),
      status: { conditions: [{ type: "Other", status: "True" }, ...(failed === undefined ? [] : [failed])] }
    }
    expect(schedulingFailed(again, at(5), why)).toBeUndefined()
    expect(schedulingFailed(again, at(5), { ...why, message: "n" })).toMatchObject({
      type: "PodScheduled",
      message: "n",
      lastTransitionTime: "2026-01-01T00:00:00Z"
    })
  })
})
