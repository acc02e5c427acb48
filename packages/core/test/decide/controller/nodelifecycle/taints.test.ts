/** Taints by conditions. */
import { describe, expect, it } from "vitest"
import {
  isOutOfService,
  noScheduleSwap,
  withoutTaints,
  withTaints
} from "../../../../src/decide/controller/nodelifecycle/taints.ts"
import type { NodeObject, Taint } from "../../../../src/decide/scheduler/NodeInfo.ts"
import { at } from "../../apiserver/pods.ts"

const node = (conditions: { readonly [type: string]: string }, spec: object = {}): NodeObject =>
  ({
    metadata: { name: "n" },
    spec,
    status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) }
  }) as unknown as NodeObject
const keys = (taints: ReadonlyArray<Taint>) => taints.map(({ effect, key }) => `${key}:${effect}`)

describe("the taints of a node that keep new pods away", () => {
  it.each([
    ["Ready", "False", "not-ready"],
    ["Ready", "Unknown", "unreachable"],
    ["MemoryPressure", "True", "memory-pressure"],
    ["DiskPressure", "True", "disk-pressure"],
    ["PIDPressure", "True", "pid-pressure"],
    ["NetworkUnavailable", "True", "network-unavailable"]
  ])("C-325, C-326: %s %s is %s", (type, status, key) => {
    expect(keys(noScheduleSwap(node({ [type]: status })).add)).toEqual([`node.kubernetes.io/${key}:NoSchedule`])
  })

  it("C-326: a cordoned node is unschedulable", () => {
    expect(keys(noScheduleSwap(node({ Ready: "True" }, { unschedulable: true })).add)).toEqual([
      "node.kubernetes.io/unschedulable:NoSchedule"
    ])
  })

  it("go with what they were for; other people's stay", () => {
    const taints = [
      { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
      { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
      { key: "mine", effect: "NoSchedule" }
    ]
    const { add, remove } = noScheduleSwap(node({ Ready: "True" }, { taints }))
    expect([keys(add), keys(remove)]).toEqual([[], ["node.kubernetes.io/not-ready:NoSchedule"]])
    expect(keys(withoutTaints(taints, remove))).toEqual(["node.kubernetes.io/not-ready:NoExecute", "mine:NoSchedule"])
  })

  it("C-325: have the time at which they were added", () => {
    const mine = { key: "mine", effect: "NoSchedule" }
    expect(withTaints([mine], [{ key: "k", effect: "NoExecute" }], at("00:00:07"))).toEqual([
      mine,
      { key: "k", effect: "NoExecute", timeAdded: "2026-01-01T00:00:07Z" }
    ])
    expect(withTaints([mine], [mine], at("00:00:07"))).toEqual([{ ...mine, timeAdded: "2026-01-01T00:00:07Z" }])
  })

  it("one of them says that the machine is off for good, whatever its effect", () => {
    const taints = [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }]
    expect([isOutOfService(node({}, { taints })), isOutOfService(node({}))]).toEqual([true, false])
  })
})
