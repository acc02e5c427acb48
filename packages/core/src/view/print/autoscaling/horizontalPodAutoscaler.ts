/** HorizontalPodAutoscalers as rows (`printHorizontalPodAutoscaler`, pkg/printers/internalversion/printers.go). */
import { age, at, itemsAt, nameOf, numberAt, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, type TablePrinter } from "../TablePrinter.ts"
import { formatMetrics } from "./formatMetrics.ts"
import { fromV1 } from "./fromV1.ts"

const columns = [
  nameColumn,
  column(
    "Reference",
    "scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be collected, as well as to actually change the replica count."
  ),
  column(
    "Targets",
    "metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and vice-versa.  See the individual metric source types for more information about how each type of metric must respond. If not set, the default metric will be set to 80% average CPU utilization."
  ),
  column(
    "MinPods",
    "minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod.  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric is configured.  Scaling is active as long as at least one metric value is available."
  ),
  column(
    "MaxPods",
    "maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. It cannot be less that minReplicas."
  ),
  column(
    "Replicas",
    "currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the autoscaler."
  ),
  ageColumn
]

export const printHorizontalPodAutoscaler = printer(columns, (autoscaler, now) => {
  const [spec, status] = [specOf(autoscaler), statusOf(autoscaler)]
  const target = at(spec, "scaleTargetRef")
  return [
    nameOf(autoscaler),
    `${textAt(target, "kind")}/${textAt(target, "name")}`,
    formatMetrics(itemsAt(spec, "metrics"), itemsAt(status, "currentMetrics")),
    typeof spec["minReplicas"] === "number" ? `${spec["minReplicas"]}` : "<unset>",
    numberAt(spec, "maxReplicas"),
    numberAt(status, "currentReplicas"),
    age(autoscaler, now)
  ]
})

/** Of `autoscaling/v1`. */
export const printOldHorizontalPodAutoscaler: TablePrinter = {
  columns,
  row: (autoscaler, now) => printHorizontalPodAutoscaler.row(fromV1(autoscaler), now)
}
