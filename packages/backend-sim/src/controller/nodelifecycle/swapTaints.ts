/** How the control plane changes a node's taints while others do, too (`pkg/controller/controller_utils.go`, AddOrUpdateTaintOnNode, RemoveTaintOffNode). */
import {
  hasTaint,
  isNode,
  MILLISECOND,
  type NodeObject,
  type Taint,
  type TaintSwap,
  taintsOf,
  withoutTaints,
  withTaints
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"

/** UpdateTaintBackoff. */
const STEPS = 5
const PAUSE = 100 * MILLISECOND

type Tools = Pick<ControllerTools, "client" | "random">

/** `false`: it could not be done. */
function* change(
  { client, random }: Tools,
  name: string,
  next: (node: NodeObject) => ReadonlyArray<Taint>
): Course<boolean> {
  for (let step = 0; step < STEPS; step++) {
    const node = yield* client.get({ kind: "Node", namespace: "", name })
    if (node === undefined || !isNode(node)) return false
    const taints = next(node)
    // The patch names the version from which it was made.
    const refusal = refusalOf(yield* client.update({ ...node, spec: { ...node.spec, taints } }))
    if (refusal === undefined) return true
    if (refusal.code !== 409) return false
    yield PAUSE + random.int(PAUSE)
  }
  return false
}

/** Nothing is asked for when the node, as it was known, has none of them. */
export function* removeTaints(tools: Tools, node: NodeObject, taints: ReadonlyArray<Taint>): Course<boolean> {
  if (!taints.some((taint) => hasTaint(node, taint))) return true
  return yield* change(tools, node.metadata.name, (fresh) => withoutTaints(taintsOf(fresh), taints))
}

/** SwapNodeControllerTaint. `node`: as it was known. */
export function* swapTaints(
  tools: Tools & Pick<ControllerTools, "engine">,
  node: NodeObject,
  { add, remove }: TaintSwap
): Course<boolean> {
  const { now } = tools.engine
  if (add.length > 0) {
    const added = yield* change(tools, node.metadata.name, (fresh) => withTaints(taintsOf(fresh), add, now))
    if (!added) return false
  }
  return yield* removeTaints(tools, node, remove)
}
