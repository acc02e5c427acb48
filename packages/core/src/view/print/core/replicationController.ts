/** ReplicationControllers as rows (`printReplicationController`, pkg/printers/internalversion/printers.go). */
import { age, at, containerCells, formatLabels, nameOf, numberAt, specOf, statusOf, templateSpec } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Desired",
    "Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller",
    "integer"
  ),
  column(
    "Current",
    "Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller",
    "integer"
  ),
  column("Ready", "The number of ready replicas for this replication controller.", "integer"),
  ageColumn,
  wide("Containers", "Names of each container in the template."),
  wide("Images", "Images referenced by each container in the template."),
  wide(
    "Selector",
    "Selector is a label query over pods that should match the Replicas count. If Selector is empty, it is defaulted to the labels present on the Pod template. Label keys and values that must match in order to be controlled by this replication controller, if empty defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"
  )
]

export const printReplicationController = printer(columns, (controller, now) => {
  const [spec, status] = [specOf(controller), statusOf(controller)]
  return [
    nameOf(controller),
    numberAt(spec, "replicas"),
    numberAt(status, "replicas"),
    numberAt(status, "readyReplicas"),
    age(controller, now),
    ...containerCells(templateSpec(controller)),
    formatLabels(at(spec, "selector"))
  ]
})
