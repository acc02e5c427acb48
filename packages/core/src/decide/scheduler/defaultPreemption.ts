/**
 * Would it help to evict somebody? (`pkg/scheduler/framework/preemption/preemption.go`, `plugins/defaultpreemption`).
 *
 * Only the question is answered, because its answer is part of FailedScheduling's message; nobody is evicted and no node is
 * nominated.
 */
import { fitError } from "./fitError.ts"
import { type NodeInfo, type PodInfo, withoutPods } from "./NodeInfo.ts"
import type { Rejection } from "./Plugin.ts"
import { rejectionOf } from "./plugins.ts"

const NOT_HELPFUL = "Preemption is not helpful for scheduling"
const NO_VICTIMS = "No preemption victims found for incoming pod"

export interface Preemption {
  /** Nodes on which the pod would fit without the pods of lower priority. */
  readonly candidates: ReadonlyArray<string>
  /** Empty when there are candidates. */
  readonly message: string
}

/** What stands against the pod on one node once all pods of lower priority are gone. */
const obstacles = (pod: PodInfo, node: NodeInfo): ReadonlyArray<string> => {
  const victims = [...node.pods.values()].filter(({ priority }) => priority < pod.priority)
  if (victims.length === 0) return [NO_VICTIMS]
  return rejectionOf(pod, withoutPods(node, victims))?.reasons ?? []
}

/** `rejections`: what each node said, by its name; a node that is not in there was not asked. */
export const preempt = (
  pod: PodInfo,
  nodes: ReadonlyArray<NodeInfo>,
  rejections: ReadonlyMap<string, Rejection>
): Preemption => {
  if (pod.pod.spec["preemptionPolicy"] === "Never") {
    return { candidates: [], message: "preemption: not eligible due to preemptionPolicy=Never." }
  }
  const candidates: Array<string> = []
  const reasons: Array<string> = []
  for (const node of nodes) {
    if (rejections.get(node.name)?.resolvable !== true) {
      reasons.push(NOT_HELPFUL)
      continue
    }
    const found = obstacles(pod, node)
    if (found.length === 0) candidates.push(node.name)
    reasons.push(...found)
  }
  if (candidates.length > 0) return { candidates, message: "" }
  return { candidates, message: `preemption: ${fitError({ nodes: nodes.length, reasons })}` }
}
