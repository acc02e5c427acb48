/** Pods as rows (`printPod`, pkg/printers/internalversion/printers.go). */
import type { Instant } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { age, isTrue, itemsAt, nameOf, orElse, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, type TablePrinter, wide } from "../TablePrinter.ts"
import { podSummary } from "./podSummary.ts"

const columns = [
  nameColumn,
  column("Ready", "The aggregate readiness state of this pod for accepting traffic."),
  column("Status", "The aggregate status of the containers in this pod."),
  column(
    "Restarts",
    "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted."
  ),
  ageColumn,
  wide("IP", "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated."),
  wide(
    "Node",
    "NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename"
  ),
  wide(
    "Nominated Node",
    "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled."
  ),
  wide(
    "Readiness Gates",
    'If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to "True" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates'
  )
]

const ended = (reason: string, message: string): ReadonlyArray<JsonObject> => [
  { type: "Completed", status: "True", reason, message }
]
const succeeded = ended("Succeeded", "The pod has completed successfully.")
const failed = ended("Failed", "The pod failed.")

/** The nine cells of `kubectl get pods -o wide`. */
export const podCells = (pod: KubernetesObject, now: Instant): ReadonlyArray<string> => {
  const { ready, reason, restarts } = podSummary(pod, now)
  const status = statusOf(pod)
  return [
    nameOf(pod),
    ready,
    reason,
    restarts,
    age(pod, now),
    // `podIP` is the older field, and has the last word (pkg/apis/core/v1/conversion.go, Convert_v1_PodStatus_To_core_PodStatus).
    orElse(orElse(textAt(status, "podIP"), textAt(itemsAt(status, "podIPs")[0] ?? {}, "ip")), "<none>"),
    orElse(textAt(specOf(pod), "nodeName"), "<none>"),
    orElse(textAt(status, "nominatedNodeName"), "<none>"),
    readinessGates(pod, status)
  ]
}

const readinessGates = (pod: KubernetesObject, status: JsonObject): string => {
  const gates = itemsAt(specOf(pod), "readinessGates")
  if (gates.length === 0) return "<none>"
  const conditions = itemsAt(status, "conditions")
  return `${gates.filter((gate) => isTrue(conditions, textAt(gate, "conditionType"))).length}/${gates.length}`
}

export const printPod: TablePrinter = {
  columns,
  row: (pod, now) => {
    const cells = podCells(pod, now)
    const phase = statusOf(pod)["phase"]
    return phase === "Succeeded"
      ? { cells, conditions: succeeded }
      : phase === "Failed"
        ? { cells, conditions: failed }
        : { cells }
  }
}
