/** Scales as rows (`printScale`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, numberAt, specOf, statusOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  column("Name", nameColumn.description),
  column("Desired", "replicas is the desired number of instances for the scaled object.", "integer"),
  column("Available", "replicas is the actual number of observed instances of the scaled object.", "integer"),
  ageColumn
]

export const printScale = printer(columns, (scale, now) => [
  nameOf(scale),
  numberAt(specOf(scale), "replicas"),
  numberAt(statusOf(scale), "replicas"),
  age(scale, now)
])
