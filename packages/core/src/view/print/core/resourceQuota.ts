/** ResourceQuotas as rows (`printResourceQuota`, pkg/printers/internalversion/printers.go). */
import { age, at, nameOf, statusOf } from "../cells.ts"
import { formatQuantity } from "../formatQuantity.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Request", "Request represents a minimum amount of cpu/memory that a container may consume."),
  column(
    "Limit",
    "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node."
  ),
  ageColumn
]

export const printResourceQuota = printer(columns, (quota, now) => {
  const [hard, used] = [at(statusOf(quota), "hard"), at(statusOf(quota), "used")]
  const resources = Object.keys(hard).sort()
  const told = (wanted: boolean): string =>
    resources
      .filter((resource) => resource.startsWith("limits.") === wanted)
      .map((resource) => `${resource}: ${formatQuantity(used[resource])}/${formatQuantity(hard[resource])}`)
      .join(", ")
  return [nameOf(quota), told(false), told(true), age(quota, now)]
})
