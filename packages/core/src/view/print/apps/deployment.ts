/** Deployments as rows (`printDeployment`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type Json } from "../../../event/Json.ts"
import { selectorText } from "../../selectorText.ts"
import { age, containerCells, isUsable, nameOf, numberAt, specOf, statusOf, templateSpec } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Ready", "Number of the pod with ready state"),
  column(
    "Up-to-date",
    "Total number of non-terminating pods targeted by this deployment that have the desired template spec."
  ),
  column(
    "Available",
    "Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment."
  ),
  ageColumn,
  wide("Containers", "Names of each container in the template."),
  wide("Images", "Images referenced by each container in the template."),
  wide(
    "Selector",
    "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels."
  )
]

export const printDeployment = printer(columns, (deployment, now) => {
  const [spec, status] = [specOf(deployment), statusOf(deployment)]
  return [
    nameOf(deployment),
    `${numberAt(status, "readyReplicas")}/${numberAt(spec, "replicas")}`,
    numberAt(status, "updatedReplicas"),
    numberAt(status, "availableReplicas"),
    age(deployment, now),
    ...containerCells(templateSpec(deployment)),
    selectorCell(spec["selector"])
  ]
})

/** Here alone one that selects nothing, or everything, is empty. */
const selectorCell = (selector: Json | undefined): string =>
  !isJsonObject(selector) ? "" : isUsable(selector) ? selectorText(selector) : "<invalid>"
