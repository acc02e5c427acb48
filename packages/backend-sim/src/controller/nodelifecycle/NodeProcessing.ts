/** What follows at once from a node's object: taints by its conditions, and labels of old (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, doNodeProcessingPassWorker; C-325, C-326). */
import { isNode, labelsToReconcile, type NodeObject, noScheduleSwap } from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { swapTaints } from "./swapTaints.ts"

const WORKERS = 8

export class NodeProcessing {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    this.#tools = tools
    const entity = `${tools.entity}/nodes`
    this.#queue = new WorkQueue({ engine: tools.engine, entity, workers: WORKERS, sync: (name) => this.#sync(name) })
  }

  hear(node: NodeObject): void {
    const { add, remove } = noScheduleSwap(node)
    if (add.length > 0 || remove.length > 0 || labelsToReconcile(node) !== undefined)
      this.#queue.add(node.metadata.name)
  }

  *#sync(name: string): Course<Synced> {
    const node = this.#tools.informers.get("Node", undefined, name)
    if (node === undefined || !isNode(node)) return undefined
    yield* swapTaints(this.#tools, node, noScheduleSwap(node))
    const labels = labelsToReconcile(node)
    const patch = { type: "strategic" as const, body: { metadata: { labels: labels ?? {} } } }
    if (labels !== undefined) yield* this.#tools.client.patch({ kind: "Node", namespace: "", name }, patch)
    return undefined
  }
}
