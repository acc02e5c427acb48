/** StatefulSets as rows (`printStatefulSet`, pkg/printers/internalversion/printers.go). */
import { age, containerCells, nameOf, numberAt, specOf, statusOf, templateSpec } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Ready", "Number of the pod with ready state"),
  ageColumn,
  wide("Containers", "Names of each container in the template."),
  wide("Images", "Images referenced by each container in the template.")
]

export const printStatefulSet = printer(columns, (set, now) => [
  nameOf(set),
  `${numberAt(statusOf(set), "readyReplicas")}/${numberAt(specOf(set), "replicas")}`,
  age(set, now),
  ...containerCells(templateSpec(set))
])
