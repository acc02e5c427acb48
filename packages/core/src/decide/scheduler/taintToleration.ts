/** Taints keep pods off (`pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go`). */
import type { PodObject, Toleration } from "../../event/KubernetesObject.ts"
import type { NodeObject, Taint } from "./NodeInfo.ts"
import { defaultNormalize, type FilterPlugin, MAX_NODE_SCORE, type ScorePlugin } from "./Plugin.ts"

/** `api/core/v1/toleration.go`, ToleratesTaint. The operators Lt and Gt are behind a gate that is off. */
export const toleratesTaint = (toleration: Toleration, taint: Taint): boolean => {
  if ((toleration.effect ?? "") !== "" && toleration.effect !== taint.effect) return false
  if ((toleration.key ?? "") !== "" && toleration.key !== taint.key) return false
  switch (toleration.operator ?? "") {
    case "":
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "")
    case "Exists":
      return true
    default:
      return false
  }
}

export const tolerationsTolerateTaint = (tolerations: ReadonlyArray<Toleration> | undefined, taint: Taint): boolean =>
  tolerations?.some((toleration) => toleratesTaint(toleration, taint)) ?? false

/** Is there a taint that forbids scheduling and is not tolerated? */
export const isUntolerated = (node: NodeObject, tolerations: ReadonlyArray<Toleration> | undefined): boolean =>
  (node.spec.taints ?? []).some(
    (taint) =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") && !tolerationsTolerateTaint(tolerations, taint)
  )

/** The taints that the pod would rather not meet (countIntolerableTaintsPreferNoSchedule). */
export const countSoftTaints = ({ spec }: PodObject, node: NodeObject): number => {
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effect === "PreferNoSchedule")
  if (taints.length === 0) return 0
  const soft = spec.tolerations?.filter(({ effect = "" }) => effect === "" || effect === "PreferNoSchedule")
  return taints.filter((taint) => !tolerationsTolerateTaint(soft, taint)).length
}

const fewest = defaultNormalize(true)

export const taintToleration: FilterPlugin & ScorePlugin = {
  name: "TaintToleration",
  weight: 3,
  filter: ({ pod }, { node }) =>
    isUntolerated(node, pod.spec.tolerations)
      ? { plugin: "TaintToleration", reasons: ["node(s) had untolerated taint(s)"], resolvable: false }
      : undefined,
  hint: ({ pod, uid }, change) => {
    switch (change._tag) {
      case "NodeAdded":
        return !isUntolerated(change.node, pod.spec.tolerations)
      case "NodeUpdated":
        return isUntolerated(change.before, pod.spec.tolerations) && !isUntolerated(change.node, pod.spec.tolerations)
      case "TolerationAdded":
        return change.pod.uid === uid
      case "AssignedPodDeleted":
        return false
    }
  },
  prepare: ({ cluster, view }) =>
    cluster.softTainted === 0
      ? { constant: MAX_NODE_SCORE, score: () => MAX_NODE_SCORE }
      : { score: ({ slot }) => view.taints[slot] ?? 0, normalize: fewest }
}
