/** Statuses, the API server's answers that are no objects, as rows (`printStatus`, pkg/printers/internalversion/printers.go). */
import { textAt } from "../cells.ts"
import { column, printer } from "../TablePrinter.ts"

const columns = [
  column(
    "Status",
    'Status of the operation. One of: "Success" or "Failure". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status'
  ),
  column(
    "Reason",
    'A machine-readable description of why this operation is in the "Failure" status. If this value is empty there is no information available. A Reason clarifies an HTTP status code but does not override it.'
  ),
  column("Message", "")
]

export const printStatus = printer(columns, (status) => [
  textAt(status, "status"),
  textAt(status, "reason"),
  textAt(status, "message")
])
