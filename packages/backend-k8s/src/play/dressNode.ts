/** The labels and taints that a scenario's node has from the beginning, put on a real one that has not. */
import { isJsonObject, type JsonObject, type NodeSpec } from "@kubereel/core"
import { Effect } from "effect"
import type { ApiWriter } from "../client/ApiWriter.ts"
import type { ApiFailure } from "../client/failures.ts"
import { refusal } from "./RunNamespace.ts"
import { patchRequest } from "./requests.ts"
import { nodePath, nodesResource } from "./undo.ts"

type Dress = Pick<NodeSpec, "labels" | "taints">
type Taint = NodeSpec["taints"][number]

const record = (value: unknown): JsonObject => (isJsonObject(value as JsonObject) ? (value as JsonObject) : {})

const taintsOf = (node: JsonObject): ReadonlyArray<Taint> => {
  const taints = record(node["spec"])["taints"]
  return Array.isArray(taints) ? (taints as unknown as ReadonlyArray<Taint>) : []
}

/** Two taints are the same one by key and effect. */
const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect

/** What the scenario says of a node and a real one has not; what else that one has is its own. */
export const missingOf = ({ labels, taints }: Dress, node: JsonObject): Dress => {
  const has = record(record(node["metadata"])["labels"])
  const there = taintsOf(node)
  return {
    labels: Object.fromEntries(Object.entries(labels).filter(([label, value]) => has[label] !== value)),
    taints: taints.filter(
      (taint) => !there.some((one) => isSame(one, taint) && (one.value ?? "") === (taint.value ?? ""))
    )
  }
}

const patchOf = (spec: Dress, node: JsonObject): JsonObject | undefined => {
  const { labels, taints } = missingOf(spec, node)
  if (Object.keys(labels).length === 0 && taints.length === 0) return undefined
  const kept = taintsOf(node).filter((one) => !taints.some((taint) => isSame(one, taint)))
  const resourceVersion = record(node["metadata"])["resourceVersion"]
  return {
    // The taints are a list that the control plane writes, too: it must be the one that was read.
    metadata: { labels, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    ...(taints.length === 0 ? {} : { spec: { taints: [...kept, ...taints] as unknown as JsonObject[string] } })
  }
}

/** How often somebody else may have written the node in between. */
const TRIES = 10

/** `remember` hears how the node was, before it is changed. A node that the cluster has not stays what it is: absent. */
export const dressNode = Effect.fnUntraced(function* (
  writer: ApiWriter,
  spec: NodeSpec,
  remember: (before: JsonObject) => void
): Effect.fn.Return<void, ApiFailure> {
  const { name } = spec
  for (let left = TRIES; ; left--) {
    const node = yield* writer.ask({ method: "GET", path: nodePath(name) })
    if (node.status === 404) return
    if (node.status !== 200) return yield* refusal(node, `node ${name} is not read`)
    const patch = patchOf(spec, node.body)
    if (patch === undefined) return
    remember(node.body)
    const answer = yield* writer.ask(
      patchRequest(nodesResource, "", { name, type: "merge", subresource: undefined, patch })
    )
    if (answer.status === 200) return
    if (answer.status !== 409 || left === 1)
      return yield* refusal(answer, `node ${name} does not get the labels and taints that spec.nodes says`)
  }
})
