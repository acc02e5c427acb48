/** RuntimeClasses as rows (`printRuntimeClass`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [nameColumn, column("Handler", ""), ageColumn]

export const printRuntimeClass = printer(columns, (runtimeClass, now) => [
  nameOf(runtimeClass),
  textAt(runtimeClass, "handler"),
  age(runtimeClass, now)
])
