/** How long a pod may stay on a node with taints that evict (`pkg/controller/tainteviction/taint_eviction.go`, getMinTolerationTime; C-330). */
import { type Micros, SECOND } from "../../../event/Instant.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import type { NodeObject, Taint } from "../../scheduler/NodeInfo.ts"
import { toleratesTaint } from "../../scheduler/taintToleration.ts"
import { taintsOf } from "../nodelifecycle/taints.ts"

export const noExecuteTaints = (node: NodeObject): ReadonlyArray<Taint> =>
  taintsOf(node).filter(({ effect }) => effect === "NoExecute")

/**
 * 0: not at all; `undefined`: for ever. For each taint the first toleration that tolerates it counts, and of these the shortest;
 * those without a time count only when none of them has one.
 */
export const evictionDelay = (pod: PodObject, taints: ReadonlyArray<Taint>): Micros | undefined => {
  const used = taints.map((taint) => pod.spec.tolerations?.find((toleration) => toleratesTaint(toleration, taint)))
  if (used.some((toleration) => toleration === undefined)) return 0
  const seconds = used.flatMap((toleration) => toleration?.tolerationSeconds ?? [])
  return seconds.length === 0 ? undefined : Math.max(Math.min(...seconds), 0) * SECOND
}
