/**
 * Server-side apply: what the object is then, and who owns which field of it, or with whom it conflicts
 * (`k8s.io/apimachinery/pkg/util/managedfields/internal/{structuredmerge,conflict}.go`, `structured-merge-diff/v6/merge/update.go`, Apply).
 */
import { Result } from "effect"
import { toTime } from "../../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { mergePatch } from "../mergePatch.ts"
import type { Status } from "../status.ts"
import { fieldSetOf } from "./compare.ts"
import { difference, type FieldSet, intersection, isEmptySet, LEAF, pathTexts, union } from "./fieldSet.ts"
import { inOrder, isSameIdentity, type ManagedFields, type ManagedFieldsEntry } from "./ManagedFields.ts"
import { merge, removeItems, withNamedFields } from "./merge.ts"
import { reachable } from "./resetFields.ts"
import type { Shape } from "./Shape.ts"
import { comparer, stripped, updateManagedFields, type Writer } from "./updateManagedFields.ts"
import { emptyObject, type VersionedKind, versioned } from "./versions.ts"

export interface Applied {
  readonly object: JsonObject
  readonly entries: ManagedFields
}

type StructShape = Extract<Shape, { readonly kind: "struct" }>

/** Who a conflict is with (printManager). */
const managerText = ({ apiVersion, manager, operation, subresource }: ManagedFieldsEntry): string => {
  const name =
    JSON.stringify(manager) + (subresource === undefined ? "" : ` with subresource ${JSON.stringify(subresource)}`)
  return operation === "Update" ? `${name} using ${apiVersion}` : name
}

interface Conflict {
  readonly manager: string
  readonly path: string
}

const conflictMessage = (conflicts: ReadonlyArray<Conflict>): string => {
  const [first] = conflicts
  if (conflicts.length === 1 && first !== undefined)
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort()
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((one) => one.manager === manager).map(({ path }) => `- ${path}`)
  ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`
}

const conflictStatus = (conflicts: ReadonlyArray<Conflict>): Status => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: conflictMessage(conflicts),
  reason: "Conflict",
  details: {
    causes: conflicts.map(({ manager, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${manager}`,
      field: path
    }))
  },
  code: 409
})

/** What nobody claims any more of what this manager applied the last time goes (prune). */
const pruned = (shape: StructShape, merged: JsonObject, last: FieldSet, owned: FieldSet): JsonObject => {
  if (isEmptySet(last)) return merged
  const named = (set: FieldSet) => withNamedFields(shape, set)
  const setOfObject = (object: JsonObject) => named(fieldSetOf(shape, object))
  const without = (set: FieldSet) => removeItems(shape, merged, set) as JsonObject
  const all = setOfObject(merged)
  const kept = without(difference(all, union(setOfObject(without(named(last))), named(owned))))
  return without(intersection(difference(all, setOfObject(kept)), named(last)))
}

/** `live`: the object as it is, or the empty one of its kind. */
export const applyManagedFields = (
  of: VersionedKind,
  {
    config,
    entries: known,
    live
  }: { readonly config: JsonObject; readonly entries: ManagedFields; readonly live: JsonObject },
  writer: Writer & { readonly force: boolean }
): Result.Result<Applied, Status> => {
  const { apiVersion, force, manager, now, subresource } = writer
  const shape = versioned(of)?.shape
  // Of what no fields are known mappings are merged, and all else is one value (DeducedParseableType).
  if (shape === undefined) return Result.succeed({ object: mergePatch(live, config) as JsonObject, entries: known })
  const isNew = known.length > 0 || live === emptyObject(of)
  // What was there before anybody applied is somebody's.
  const entries = isNew
    ? known
    : updateManagedFields([], { ...of, old: emptyObject(of), next: live }, { ...writer, manager: "before-first-apply" })
  const who = { manager, operation: "Apply", apiVersion, ...(subresource === "" ? {} : { subresource }) } as const
  const before = entries.find((entry) => isSameIdentity(entry, who))
  const others = entries.filter((entry) => entry !== before)
  const set = reachable(of.kind, subresource, fieldSetOf(shape, config))
  const merged = (merge(shape, live, config) ?? {}) as JsonObject
  const owned = others.reduce((all, { fieldsV1 }) => union(all, fieldsV1), set)
  const object = pruned(shape, merged, before?.fieldsV1 ?? LEAF, owned)
  const comparison = comparer({ ...of, old: live, next: object }, subresource)
  const taken = others.map((entry) => intersection(entry.fieldsV1, comparison(entry.apiVersion).changed))
  const conflicts = others.flatMap((entry, i) =>
    pathTexts(taken[i] ?? LEAF).map((path): Conflict => ({ manager: managerText(entry), path }))
  )
  if (!force && conflicts.length > 0) return Result.fail(conflictStatus(conflicts))
  const left = others.map((entry, i) => {
    const fieldsV1 = difference(difference(entry.fieldsV1, taken[i] ?? LEAF), comparison(entry.apiVersion).removed)
    return fieldsV1 === entry.fieldsV1 ? entry : { ...entry, fieldsV1 }
  })
  // Of an apply that changes nothing only the fields are written down.
  const time = jsonEqual(live, object) ? before?.time : toTime(now)
  const { manager: _, ...rest } = who
  const made: ManagedFieldsEntry = {
    ...{ manager, operation: "Apply", apiVersion, ...(time === undefined ? {} : { time }) },
    ...{ fieldsType: "FieldsV1", fieldsV1: stripped(set) },
    ...(rest.subresource === undefined ? {} : { subresource: rest.subresource })
  }
  const kept = [...left, made].filter(({ fieldsV1 }) => !isEmptySet(fieldsV1))
  return Result.succeed({ object, entries: inOrder(kept) })
}
