/** PriorityClasses as rows (`printPriorityClass`, pkg/printers/internalversion/printers.go). */
import { age, nameOf, numberAt, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Value",
    "value represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec.",
    "integer"
  ),
  column(
    "Global-Default",
    "globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority.",
    "boolean"
  ),
  ageColumn,
  column(
    "PreemptionPolicy",
    "preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset."
  )
]

export const printPriorityClass = printer(columns, (priorityClass, now) => [
  nameOf(priorityClass),
  numberAt(priorityClass, "value"),
  priorityClass["globalDefault"] === true,
  age(priorityClass, now),
  textAt(priorityClass, "preemptionPolicy")
])
