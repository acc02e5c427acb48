/** Namespaces as rows (`printNamespace`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, column("Status", "The status of the namespace"), ageColumn]

export const printNamespace = printer(columns, (namespace, now) => [
  nameOf(namespace),
  textAt(statusOf(namespace), "phase"),
  age(namespace, now)
])
