/** A cordoned node takes only pods that tolerate it (`pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go`). */
import type { FilterPlugin } from "./Plugin.ts"
import { tolerationsTolerateTaint } from "./taintToleration.ts"

const CORDONED = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }

export const nodeUnschedulable: FilterPlugin = {
  name: "NodeUnschedulable",
  filter: ({ pod }, { node }) =>
    node.spec.unschedulable !== true || tolerationsTolerateTaint(pod.spec.tolerations, CORDONED)
      ? undefined
      : { plugin: "NodeUnschedulable", reasons: ["node(s) were unschedulable"], resolvable: false },
  hint: (_, change) => {
    switch (change._tag) {
      case "NodeAdded":
        return change.node.spec.unschedulable !== true
      case "NodeUpdated":
        return change.before.spec.unschedulable === true && change.node.spec.unschedulable !== true
      case "TolerationAdded":
        return tolerationsTolerateTaint(change.pod.pod.spec.tolerations, CORDONED)
      case "AssignedPodDeleted":
        return false
    }
  }
}
