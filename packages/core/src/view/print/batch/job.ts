/** Jobs as rows (`printJob`, pkg/printers/internalversion/printers.go). */
import { type Instant, parseInstant } from "../../../event/Instant.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { humanDuration } from "../../humanDuration.ts"
import {
  age,
  containerCells,
  formatSelector,
  isTrue,
  itemsAt,
  nameOf,
  numberAt,
  specOf,
  statusOf,
  templateSpec,
  textAt
} from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Status", "Status of the job."),
  column(
    "Completions",
    "The number of pods which reached phase Succeeded. The value increases monotonically for a given spec. However, it may decrease in reaction to scale down of elastic indexed jobs."
  ),
  column("Duration", "Time required to complete the job."),
  ageColumn,
  wide("Containers", "Names of each container in the template."),
  wide("Images", "Images referenced by each container in the template."),
  wide(
    "Selector",
    "A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"
  )
]

export const printJob = printer(columns, (job, now) => [
  nameOf(job),
  statusCell(job),
  completionsCell(job),
  durationCell(job, now),
  age(job, now),
  ...containerCells(templateSpec(job)),
  formatSelector(specOf(job)["selector"])
])

const statusCell = (job: KubernetesObject): string => {
  const conditions = itemsAt(statusOf(job), "conditions")
  if (isTrue(conditions, "Complete")) return "Complete"
  if (isTrue(conditions, "Failed")) return "Failed"
  if (textAt(job.metadata, "deletionTimestamp") !== "") return "Terminating"
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find((type) => isTrue(conditions, type)) ?? "Running"
}

const completionsCell = (job: KubernetesObject): string => {
  const spec = specOf(job)
  const succeeded = numberAt(statusOf(job), "succeeded")
  if (typeof spec["completions"] === "number") return `${succeeded}/${spec["completions"]}`
  const parallelism = numberAt(spec, "parallelism")
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

/** Until it was complete; one that has failed was never complete, and goes on. */
const durationCell = (job: KubernetesObject, now: Instant): string => {
  const status = statusOf(job)
  const start = parseInstant(textAt(status, "startTime"))
  if (start === undefined) return ""
  return humanDuration((parseInstant(textAt(status, "completionTime")) ?? now) - start)
}
