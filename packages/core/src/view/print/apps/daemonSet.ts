/** DaemonSets as rows (`printDaemonSet`, pkg/printers/internalversion/printers.go). */
import {
  age,
  at,
  containerCells,
  formatLabels,
  formatSelector,
  nameOf,
  numberAt,
  specOf,
  statusOf,
  templateSpec
} from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Desired",
    "The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
    "integer"
  ),
  column(
    "Current",
    "The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
    "integer"
  ),
  column(
    "Ready",
    "numberReady is the number of nodes that should be running the daemon pod and have one or more of the daemon pod running with a Ready Condition.",
    "integer"
  ),
  column("Up-to-date", "The total number of nodes that are running updated daemon pod", "integer"),
  column(
    "Available",
    "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds)",
    "integer"
  ),
  column(
    "Node Selector",
    "NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/"
  ),
  ageColumn,
  wide("Containers", "Names of each container in the template."),
  wide("Images", "Images referenced by each container in the template."),
  wide(
    "Selector",
    "A label query over pods that are managed by the daemon set. Must match in order to be controlled. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"
  )
]

export const printDaemonSet = printer(columns, (set, now) => {
  const status = statusOf(set)
  const podSpec = templateSpec(set)
  return [
    nameOf(set),
    numberAt(status, "desiredNumberScheduled"),
    numberAt(status, "currentNumberScheduled"),
    numberAt(status, "numberReady"),
    numberAt(status, "updatedNumberScheduled"),
    numberAt(status, "numberAvailable"),
    formatLabels(at(podSpec, "nodeSelector")),
    age(set, now),
    ...containerCells(podSpec),
    formatSelector(specOf(set)["selector"])
  ]
})
