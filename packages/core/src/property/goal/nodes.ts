/** What becomes of a node. */

import { hasTaint, isOutOfService, unreachableTaint } from "../../decide/controller/nodelifecycle/taints.ts"
import { isNode } from "../../decide/scheduler/NodeInfo.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { type NodeSeen, node } from "../slice/node.ts"
import { nodeConditionOf } from "../vocabulary/node.ts"
import { type Edge, goalsOf } from "./Edge.ts"

const turns: ReadonlyArray<readonly [string, string, string]> = [
  ["False", "True", "A node that was not ready is"],
  ["True", "False", "A node says that it is not ready any more"],
  ["True", "Unknown", "A node that was ready is not heard of any more"],
  ["Unknown", "True", "A node is heard of again, and ready"],
  ["Unknown", "False", "A node is heard of again, and not ready"]
]
const words: { readonly [status: string]: string } = { True: "ready", False: "not-ready", Unknown: "unknown" }

const turn = ([from, to, says]: readonly [string, string, string]): Edge<NodeSeen> => ({
  id: `${words[from] ?? from}-to-${words[to] ?? to}`,
  says,
  taken: ({ before, node: is }) =>
    before !== undefined && nodeConditionOf(before.node, "Ready") === from && nodeConditionOf(is, "Ready") === to
})

const becomes = (id: string, says: string, holds: (node: KubernetesObject) => boolean): Edge<NodeSeen> => ({
  id,
  says,
  taken: ({ before, node: is }) => before !== undefined && !holds(before.node) && holds(is)
})

const isCordoned = (one: KubernetesObject): boolean => isNode(one) && one.spec?.unschedulable === true

export const nodeGoals = goalsOf({
  name: "node",
  source: "kubernetes.io/docs/concepts/architecture/nodes/",
  each: node,
  edges: [
    ...turns.map(turn),
    { id: "deleted", says: "A node is taken away", taken: ({ isDeleted }) => isDeleted },
    becomes("out-of-service", "A node is said to be out of service", (one) => isNode(one) && isOutOfService(one)),
    becomes(
      "evicts",
      "A node that is not heard of sends its pods away",
      (one) => isNode(one) && hasTaint(one, unreachableTaint)
    ),
    becomes("cordoned", "A node takes no more pods", isCordoned),
    becomes("uncordoned", "A node takes pods again", (one) => !isCordoned(one))
  ]
})
