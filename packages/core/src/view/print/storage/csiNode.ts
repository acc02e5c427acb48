/** CSINodes as rows (`printCSINode`, pkg/printers/internalversion/printers.go). */
import { age, itemsAt, nameOf, specOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Drivers", "Drivers indicates the number of CSI drivers registered on the node", "integer"),
  ageColumn
]

export const printCSINode = printer(columns, (node, now) => [
  nameOf(node),
  itemsAt(specOf(node), "drivers").length,
  age(node, now)
])
