/** ComponentStatuses as rows (`printComponentStatus`, pkg/printers/internalversion/printers.go). */
import { itemsAt, nameOf, textAt } from "../cells.ts"
import { column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Status", "Status of the component conditions"),
  column("Message", "Message of the component conditions"),
  column("Error", "Error of the component conditions")
]

export const printComponentStatus = printer(columns, (component) => {
  const healthy = itemsAt(component, "conditions").find(({ type }) => type === "Healthy")
  if (healthy === undefined) return [nameOf(component), "Unknown", "", ""]
  return [
    nameOf(component),
    healthy["status"] === "True" ? "Healthy" : "Unhealthy",
    textAt(healthy, "message"),
    textAt(healthy, "error")
  ]
})
