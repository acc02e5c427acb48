/** Taints by a node's conditions that keep new pods away, as soon as the node is seen to have them (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, doNoScheduleTaintingPass; C-325, C-326). */
import { isNode, type NodeObject, noScheduleSwap } from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { swapTaints } from "./swapTaints.ts"

const WORKERS = 8

export class NoScheduleTainting {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    this.#tools = tools
    const entity = `${tools.entity}/nodes`
    this.#queue = new WorkQueue({ engine: tools.engine, entity, workers: WORKERS, sync: (name) => this.#sync(name) })
  }

  hear(node: NodeObject): void {
    const { add, remove } = noScheduleSwap(node)
    if (add.length > 0 || remove.length > 0) this.#queue.add(node.metadata.name)
  }

  *#sync(name: string): Course<Synced> {
    const node = this.#tools.informers.get("Node", undefined, name)
    if (node !== undefined && isNode(node)) yield* swapTaints(this.#tools, node, noScheduleSwap(node))
    return undefined
  }
}
