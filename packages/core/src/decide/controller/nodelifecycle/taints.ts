/** Taints that the control plane puts on nodes by their conditions (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, `pkg/util/taints/taints.go`; C-325, C-326). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import type { NodeObject, Taint } from "../../scheduler/NodeInfo.ts"

const NOT_READY = "node.kubernetes.io/not-ready"
const UNREACHABLE = "node.kubernetes.io/unreachable"
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"

/** Which status of which condition is which taint (nodeConditionToTaintKeyStatusMap). */
const ofConditions: { readonly [condition: string]: { readonly [status: string]: string } } = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: "node.kubernetes.io/memory-pressure" },
  DiskPressure: { True: "node.kubernetes.io/disk-pressure" },
  NetworkUnavailable: { True: "node.kubernetes.io/network-unavailable" },
  PIDPressure: { True: "node.kubernetes.io/pid-pressure" }
}
const ours = new Set([...Object.values(ofConditions).flatMap((keys) => Object.values(keys)), UNSCHEDULABLE])

export const notReadyTaint: Taint = { key: NOT_READY, effect: "NoExecute" }
export const unreachableTaint: Taint = { key: UNREACHABLE, effect: "NoExecute" }

export interface TaintSwap {
  readonly add: ReadonlyArray<Taint>
  readonly remove: ReadonlyArray<Taint>
}

/** Two taints are the same one by key and effect. */
const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect

export const taintsOf = (node: NodeObject): ReadonlyArray<Taint> =>
  entries(mapping(node, "spec"), "taints") as ReadonlyArray<Taint>

export const hasTaint = (node: NodeObject, taint: Taint): boolean => taintsOf(node).some((one) => isSame(one, taint))

/** What its conditions say and its taints do not, and the other way round (doNoScheduleTaintingPass). */
export const noScheduleSwap = (node: NodeObject): TaintSwap => {
  const keys = entries(mapping(node, "status"), "conditions").flatMap((condition) => {
    const key = ofConditions[text(condition, "type")]?.[text(condition, "status")]
    return key === undefined ? [] : [key]
  })
  const wanted = (mapping(node, "spec")["unschedulable"] === true ? [...keys, UNSCHEDULABLE] : keys).map((key) => ({
    key,
    effect: "NoSchedule"
  }))
  const there = taintsOf(node).filter(({ effect, key }) => effect === "NoSchedule" && ours.has(key))
  return {
    add: wanted.filter((taint) => !there.some((one) => isSame(one, taint))),
    remove: there.filter((taint) => !wanted.some((one) => isSame(one, taint)))
  }
}

/** AddOrUpdateTaint of each, with the moment at which it was added. */
export const withTaints = (
  taints: ReadonlyArray<Taint>,
  added: ReadonlyArray<Taint>,
  now: Instant
): ReadonlyArray<Taint> => {
  const stamped = added.map((taint) => ({ ...taint, timeAdded: toTime(now) }))
  const stampOf = (taint: Taint) => stamped.find((one) => isSame(one, taint))
  return [
    ...taints.map((taint) => stampOf(taint) ?? taint),
    ...stamped.filter((taint) => !taints.some((one) => isSame(one, taint)))
  ]
}

export const withoutTaints = (taints: ReadonlyArray<Taint>, removed: ReadonlyArray<Taint>): ReadonlyArray<Taint> =>
  taints.filter((taint) => !removed.some((one) => isSame(one, taint)))

/** An administrator says that its machine is off for good: whatever is deleted there needs to wait for nobody. */
export const isOutOfService = (node: NodeObject): boolean => taintsOf(node).some(({ key }) => key === OUT_OF_SERVICE)
