/** What of a scenario the driver of the cluster's nodes says that it cannot do, asked before anything is played. */
import type { Scenario } from "@kubereel/core"
import { Effect } from "effect"
import { type Finding, refused } from "./Finding.ts"
import { fieldOf, needsDriver } from "./findings.ts"
import type { NodeDriver, NodeQuestion } from "./NodeDriver.ts"
import { faultOrder, ordersOf } from "./nodeOrders.ts"

interface Asked {
  readonly field: string
  readonly question: NodeQuestion
}

const ofSteps = ({ namespace, steps }: Scenario): ReadonlyArray<Asked> =>
  steps.flatMap((step): ReadonlyArray<Asked> => {
    const { intention } = step
    if (!needsDriver(intention)) return []
    const field = fieldOf(step)
    switch (intention._tag) {
      case "Fault":
        return [{ field, question: faultOrder(intention) }]
      case "Kill": {
        const { container, pod, signal } = intention
        return [{ field, question: { kill: { namespace, pod, container, signal } } }]
      }
      case "Node": {
        const orders = ordersOf(intention)
        return orders.length === 0
          ? [{ field, question: { node: intention.name } }]
          : orders.map((question) => ({ field, question }))
      }
      case "Patch":
        return [{ field, question: { node: intention.name } }]
      default:
        return []
    }
  })

const ofNodes = ({ nodes }: Scenario, there: ReadonlyArray<string>): ReadonlyArray<Asked> =>
  nodes.flatMap(({ labels, name: node, staticPods, taints }, i): ReadonlyArray<Asked> => {
    const field = `spec.nodes[${i}]`
    const dressed = (Object.keys(labels).length > 0 || taints.length > 0) && there.includes(node)
    return [
      ...(dressed ? [{ field, question: { node } }] : []),
      ...(staticPods.length === 0 ? [] : [{ field: `${field}.staticPods`, question: { node, staticPods } }])
    ]
  })

/** The same question is asked once. `there`: the cluster's nodes. */
export const driverFindings = Effect.fnUntraced(function* (
  scenario: Scenario,
  driver: NodeDriver,
  there: ReadonlyArray<string>
) {
  const answers = new Map<string, string | undefined>()
  const findings: Array<Finding> = []
  for (const { field, question } of [...ofNodes(scenario, there), ...ofSteps(scenario)]) {
    const key = JSON.stringify(question)
    if (!answers.has(key))
      answers.set(
        key,
        yield* driver.check(question).pipe(
          Effect.as(undefined),
          Effect.catch(({ message }) => Effect.succeed(message))
        )
      )
    const problem = answers.get(key)
    if (problem !== undefined) findings.push(refused(field, problem))
  }
  return findings as ReadonlyArray<Finding>
})
