/** The taints that evict, at the rate that each zone allows (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, processTaintBaseEviction, doNoExecuteTaintingPass; C-325, C-327…C-329). */
import {
  hasTaint,
  type Instant,
  isNode,
  MILLISECOND,
  type NodeObject,
  notReadyTaint,
  readyStatus,
  type Taint,
  unreachableTaint,
  zoneOf
} from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { PeriodicPasses } from "../PeriodicPasses.ts"
import { NoExecuteTainter } from "./NoExecuteTainter.ts"
import { removeTaints, swapTaints } from "./swapTaints.ts"

/** How often it looks for nodes whose turn it is (NodeEvictionPeriod). */
const PERIOD = 100 * MILLISECOND

/** The taint for that status of Ready, and the one that it excludes. */
const taintsFor = (ready: string): { readonly add: Taint; readonly remove: Taint } =>
  ready === "False"
    ? { add: notReadyTaint, remove: unreachableTaint }
    : { add: unreachableTaint, remove: notReadyTaint }

export class NoExecuteTainting {
  readonly #tools: ControllerTools
  readonly #tainters = new Map<string, NoExecuteTainter>()
  readonly #passes: PeriodicPasses

  constructor(tools: ControllerTools) {
    const { engine, entity, random } = tools
    this.#tools = tools
    this.#passes = new PeriodicPasses({
      engine,
      entity: `${entity}/tainting`,
      period: PERIOD,
      phase: random.int(PERIOD),
      pass: () => this.#pass(),
      due: () => this.#due()
    })
  }

  /** What the status of Ready means for the node; `false`: it could not be done. */
  *process(node: NodeObject, ready: string): Course<boolean> {
    if (ready === "True") return yield* this.release(node)
    const { add, remove } = taintsFor(ready)
    // One becomes the other at once; the first one waits for its turn.
    if (hasTaint(node, remove)) return yield* swapTaints(this.#tools, node, { add: [add], remove: [remove] })
    const tainter = this.#of(node)
    if (!hasTaint(node, add)) tainter.remove(node.metadata.name)
    tainter.add(node.metadata.name)
    this.#passes.plan()
    return true
  }

  /** markNodeAsReachable. */
  *release(node: NodeObject): Course<boolean> {
    if (!(yield* removeTaints(this.#tools, node, [unreachableTaint, notReadyTaint]))) return false
    this.#of(node).remove(node.metadata.name)
    return true
  }

  limit(zone: string, qps: number): void {
    this.#tainters.get(zone)?.limit(qps, this.#tools.engine.now)
    this.#passes.plan()
  }

  #of(node: NodeObject): NoExecuteTainter {
    const zone = zoneOf(node)
    const known = this.#tainters.get(zone) ?? new NoExecuteTainter()
    this.#tainters.set(zone, known)
    return known
  }

  #due(): Instant | undefined {
    const { now } = this.#tools.engine
    const moments = [...this.#tainters.values()].flatMap((tainter) => tainter.readyAt(now) ?? [])
    return moments.length === 0 ? undefined : (Math.min(...moments) as Instant)
  }

  *#pass(): Course {
    const { engine, informers } = this.#tools
    for (const tainter of this.#tainters.values())
      for (let name = tainter.next(engine.now); name !== undefined; name = tainter.next(engine.now)) {
        const node = informers.get("Node", undefined, name)
        const tainted = node === undefined || !isNode(node) || (yield* this.#taint(node))
        if (tainted) tainter.done(name)
      }
  }

  /** One that is ready again by now needs none. */
  *#taint(node: NodeObject): Course<boolean> {
    const ready = readyStatus(node)
    if (ready !== "False" && ready !== "Unknown") return ready !== undefined
    const { add, remove } = taintsFor(ready)
    return yield* swapTaints(this.#tools, node, { add: [add], remove: [remove] })
  }
}
