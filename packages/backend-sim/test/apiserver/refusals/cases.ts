/** What users get wrong, in files beside this one: each case is one request, made of an object that is there (`objects.yaml`). */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { isJsonObject, type Json, type JsonObject, mergePatch, type Patch } from "@kubereel/core"
import { parse } from "yaml"

export interface Request {
  readonly title: string
  readonly verb: "create" | "update" | "patch" | "delete"
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly subresource: string
  readonly type: Patch["type"]
  readonly body: JsonObject | ReadonlyArray<Json>
}

/** What the API server said. */
export interface Answered {
  readonly status: number
  readonly body: Json
}

export const groups = ["pods", "workloads", "services", "config", "cluster", "writes", "podSecurity"] as const

const read = (name: string): ReadonlyArray<JsonObject> =>
  parse(readFileSync(join(import.meta.dirname, `${name}.yaml`), "utf8")) as ReadonlyArray<JsonObject>

/** In the order in which they have to be made. */
export const objects = (): ReadonlyArray<JsonObject> => read("objects")

const metadataOf = (object: Json | undefined): JsonObject =>
  isJsonObject(object) && isJsonObject(object["metadata"]) ? object["metadata"] : {}

/** `with` as a merge patch says what is otherwise; a `null` is no field then. New objects are called `new`. */
const requestOf = (given: JsonObject): Request => {
  const verb = (["create", "update", "patch", "delete"] as const).find((one) => given[one] !== undefined) ?? "create"
  const kind = String(given[verb])
  const named = given["name"]
  const ofKind = objects().filter((one) => one["kind"] === kind)
  const base = ofKind.find((one) => metadataOf(one)["name"] === named) ?? ofKind[0]
  if (base === undefined) throw new Error(`objects.yaml has no ${kind}: ${given["title"]}`)
  const renamed = verb === "create" ? mergePatch(base, { metadata: { name: "new" } }) : base
  const merged = mergePatch(renamed, given["with"] ?? {})
  return {
    title: String(given["title"]),
    verb,
    kind,
    namespace: String(given["namespace"] ?? metadataOf(base)["namespace"] ?? ""),
    name: String(named ?? metadataOf(base)["name"]),
    subresource: String(given["subresource"] ?? ""),
    type: (given["type"] ?? "merge") as Patch["type"],
    body: (verb === "create" || verb === "update" ? merged : (given["body"] ?? given["options"] ?? {})) as JsonObject
  }
}

export const requests = (group: string): ReadonlyArray<Request> => read(group).map(requestOf)

export const answersFile = join(import.meta.dirname, "answers.json")

/** What is another one in every cluster has a name instead. */
export const timeless = ({ body, status }: Answered, object: Json | undefined): Answered => {
  const { resourceVersion } = metadataOf(object)
  const text = JSON.stringify(body).replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UID")
  return { status, body: JSON.parse(text.replaceAll(`(${resourceVersion})`, "(VERSION)")) as Json }
}
