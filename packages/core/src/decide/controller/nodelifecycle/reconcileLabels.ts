/** Labels of nodes that have an old name, too (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, reconcileNodeLabels). */
import type { NodeObject } from "../../scheduler/NodeInfo.ts"

/** The label of today says what the one of old has to say. */
const pairs: ReadonlyArray<readonly [today: string, old: string]> = [
  ["kubernetes.io/os", "beta.kubernetes.io/os"],
  ["kubernetes.io/arch", "beta.kubernetes.io/arch"]
]

/** The labels that have to be written; `undefined`: all is as it should be. */
export const labelsToReconcile = ({ metadata: { labels = {} } }: NodeObject) => {
  const wrong = pairs.flatMap(([today, old]) => {
    const value = labels[today]
    return value === undefined || labels[old] === value ? [] : [[old, value] as const]
  })
  return wrong.length === 0 ? undefined : Object.fromEntries(wrong)
}
