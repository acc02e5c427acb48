/** Takes back what a run has done to objects that everybody shares. What the server refuses is a failure: somebody must know. */
import { isJsonObject, type JsonObject } from "@kubereel/core"
import { Effect } from "effect"
import type { ApiRequest, ApiWriter } from "../client/ApiWriter.ts"
import type { ApiFailure } from "../client/failures.ts"
import { defaultResources, pathOf, type Resource } from "../record/Resource.ts"
import { refusal } from "./RunNamespace.ts"
import { patchRequest } from "./requests.ts"

export const nodesResource = defaultResources.find(({ name }) => name === "nodes") as Resource

export const nodePath = (name: string): string => `${pathOf(nodesResource, {})}/${encodeURIComponent(name)}`

const record = (value: unknown): JsonObject => (isJsonObject(value as JsonObject) ? (value as JsonObject) : {})

/** A patch that makes a node's labels, taints and readiness for pods what they were. */
const restoringPatch = (before: JsonObject, after: JsonObject): JsonObject => {
  const [labels, added] = [record(record(before["metadata"])["labels"]), record(record(after["metadata"])["labels"])]
  const spec = record(before["spec"])
  const gone = Object.fromEntries(Object.keys(added).map((label) => [label, null]))
  return {
    metadata: { labels: { ...gone, ...labels } },
    spec: { taints: spec["taints"] ?? null, unschedulable: spec["unschedulable"] ?? null }
  }
}

/** As it was before the run; a node that is gone needs nothing. */
export const restoreNode = Effect.fnUntraced(function* (
  writer: ApiWriter,
  name: string,
  before: JsonObject
): Effect.fn.Return<void, ApiFailure> {
  const now = yield* writer.ask({ method: "GET", path: nodePath(name) })
  if (now.status === 404) return
  if (now.status !== 200) return yield* refusal(now, `node ${name} is not read`)
  const patch = restoringPatch(before, now.body)
  const answer = yield* writer.ask(
    patchRequest(nodesResource, "", { name, type: "merge", subresource: undefined, patch })
  )
  if (answer.status !== 200) return yield* refusal(answer, `node ${name} is not as it was`)
})

/** 409: another object has its name by now. */
export const removeObject = Effect.fnUntraced(function* (
  writer: ApiWriter,
  request: ApiRequest
): Effect.fn.Return<void, ApiFailure> {
  const answer = yield* writer.ask(request)
  if (answer.status >= 300 && answer.status !== 404 && answer.status !== 409)
    return yield* refusal(answer, `${request.path} is not deleted`)
})
