/** ReplicaSets as rows (`printReplicaSet`, pkg/printers/internalversion/printers.go). */
import { age, containerCells, formatSelector, nameOf, numberAt, specOf, statusOf, templateSpec } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Desired",
    "Replicas is the number of desired pods. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset",
    "integer"
  ),
  column(
    "Current",
    "Replicas is the most recently observed number of non-terminating pods. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset",
    "integer"
  ),
  column("Ready", "The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition.", "integer"),
  ageColumn,
  wide("Containers", "Names of each container in the template."),
  wide("Images", "Images referenced by each container in the template."),
  wide(
    "Selector",
    "Selector is a label query over pods that should match the replica count. Label keys and values that must match in order to be controlled by this replica set. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"
  )
]

export const printReplicaSet = printer(columns, (set, now) => {
  const [spec, status] = [specOf(set), statusOf(set)]
  return [
    nameOf(set),
    numberAt(spec, "replicas"),
    numberAt(status, "replicas"),
    numberAt(status, "readyReplicas"),
    age(set, now),
    ...containerCells(templateSpec(set)),
    formatSelector(spec["selector"])
  ]
})
