/** PodGroups as rows (`printPodGroup`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import { age, at, itemsAt, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column(
    "Policy",
    "SchedulingPolicy defines the scheduling policy for this instance of the PodGroup. Controllers are expected to fill this field by copying it from a PodGroupTemplate. This field is immutable."
  ),
  column("Workload", "Name of the referenced Workload object"),
  column("Status", "Status of the PodGroup"),
  ageColumn
]

export const printPodGroup = printer(columns, (group, now) => {
  const spec = specOf(group)
  const template = spec["podGroupTemplateRef"]
  return [
    nameOf(group),
    isJsonObject(at(spec, "schedulingPolicy")["gang"]) ? "Gang" : "Basic",
    isJsonObject(template) ? textAt(at(template, "workload"), "workloadName") : "<none>",
    stateOf(itemsAt(statusOf(group), "conditions")),
    age(group, now)
  ]
})

/** A disruption has the last word; the last condition of a type counts. */
const stateOf = (conditions: ReadonlyArray<JsonObject>): string => {
  const last = (wanted: string) => conditions.findLast(({ type }) => type === wanted)
  const disrupted = last("DisruptionTarget")
  if (disrupted !== undefined) return textAt(disrupted, "reason")
  const scheduled = last("PodGroupScheduled")
  return scheduled === undefined ? "Pending" : scheduled["status"] === "True" ? "Scheduled" : "Unschedulable"
}
