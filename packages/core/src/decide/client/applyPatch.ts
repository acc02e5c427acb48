/** What `kubectl apply` sends for an object that is there (`k8s.io/kubectl/pkg/cmd/apply/patcher.go`, CreateThreeWayMergePatch). */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { isKnownKind } from "../apiserver/apiTypes.ts"
import type { Patch } from "../apiserver/patchObject.ts"
import { mergeKeyOf, typeOf } from "../apiserver/strategicMergePatch.ts"

type List = ReadonlyArray<Json>
type Writable = { [key: string]: Json }

/** One field of both manifests. */
interface Lists {
  readonly name: string
  readonly before: List
  readonly after: List
}

/** Items that are told apart by a field: those of old that are gone are deleted, the others merged, all in the new order. */
const keyedList = ({ after, before, name }: Lists, type: string | undefined, key: string): JsonObject => {
  const keyOf = (item: Json): Json => (isJsonObject(item) ? (item[key] ?? null) : null)
  const old = new Map(before.map((item) => [keyOf(item), item]))
  const kept = new Set(after.map(keyOf))
  const items = after.map((item) => {
    const was = old.get(keyOf(item))
    return isJsonObject(item) && was !== undefined && isJsonObject(was) ? changes(was, item, type) : item
  })
  const gone = [...old.keys()].filter((one) => !kept.has(one)).map((one) => ({ $patch: "delete", [key]: one }))
  return {
    [name]: [...items, ...gone],
    [`$setElementOrder/${name}`]: after.map((item) => ({ [key]: keyOf(item) }))
  }
}

/** Texts and numbers that are merged one by one. */
const plainList = ({ after, before, name }: Lists): JsonObject => {
  const gone = before.filter((item) => !after.includes(item))
  return {
    [name]: after,
    [`$setElementOrder/${name}`]: after,
    ...(gone.length === 0 ? {} : { [`$deleteFromPrimitiveList/${name}`]: gone })
  }
}

/** Everything that `after` says, and the end of what only `before` said. `type`: none for kinds whose lists are replaced. */
const changes = (before: JsonObject, after: JsonObject, type: string | undefined): JsonObject => {
  const patch: Writable = {}
  for (const key of Object.keys(before)) if ((after[key] ?? null) === null) patch[key] = null
  for (const [key, value = null] of Object.entries(after)) {
    const [was, inside] = [before[key], typeOf(type, key)]
    const mergeKey = type === undefined ? undefined : mergeKeyOf(type, key)
    if (isJsonObject(value)) patch[key] = changes(was !== undefined && isJsonObject(was) ? was : {}, value, inside)
    else if (Array.isArray(value) && mergeKey !== undefined) {
      const lists = { name: key, before: Array.isArray(was) ? was : [], after: value }
      Object.assign(patch, mergeKey === "" ? plainList(lists) : keyedList(lists, inside, mergeKey))
    } else if (value !== null) patch[key] = value
  }
  return patch
}

/**
 * `last`: what was applied under this name before, if anything was. What others said of the object stays, and so does what was said when
 * it was made otherwise.
 */
export const applyPatch = (last: KubernetesObject | undefined, next: KubernetesObject): Patch => {
  const known = isKnownKind(next.apiVersion, next.kind)
  const body = changes(last ?? {}, next, known ? next.kind : undefined)
  return { type: known ? "strategic" : "merge", body }
}

/** Is the object of that name there, and to stay? Then applying it is changing it. */
export const isThere = ({ body, status }: { readonly status: number; readonly body: Json }): boolean =>
  status === 409 &&
  isJsonObject(body) &&
  body["reason"] === "AlreadyExists" &&
  !String(body["message"]).startsWith("object is being deleted")
