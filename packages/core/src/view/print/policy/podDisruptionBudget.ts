/** PodDisruptionBudgets as rows (`printPodDisruptionBudget`, pkg/printers/internalversion/printers.go). */
import type { Json } from "../../../event/Json.ts"
import { age, nameOf, numberAt, specOf, statusOf } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Min Available", "The minimum number of pods that must be available."),
  column("Max Unavailable", "The maximum number of pods that may be unavailable."),
  column("Allowed Disruptions", "Calculated number of pods that may be disrupted at this time.", "integer"),
  ageColumn
]

export const printPodDisruptionBudget = printer(columns, (budget, now) => {
  const spec = specOf(budget)
  return [
    nameOf(budget),
    numberOrShare(spec["minAvailable"]),
    numberOrShare(spec["maxUnavailable"]),
    numberAt(statusOf(budget), "disruptionsAllowed"),
    age(budget, now)
  ]
})

const numberOrShare = (value: Json | undefined): string =>
  typeof value === "number" || typeof value === "string" ? String(value) : "N/A"
