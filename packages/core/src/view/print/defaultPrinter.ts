/** Kinds of which nothing more is known (`k8s.io/apiserver/pkg/registry/rest/table.go`). */
import { nameOf, orElse, textAt } from "./cells.ts"
import { column, creationDescription, nameColumn, printer } from "./TablePrinter.ts"

/** `Name` and `Created At`: a date, not an age. */
export const defaultPrinter = printer([nameColumn, column("Created At", creationDescription, "date")], (object) => [
  nameOf(object),
  orElse(textAt(object.metadata, "creationTimestamp"), "0001-01-01T00:00:00Z")
])
