/**
 * Who owns which field after a write that is no apply (`k8s.io/apimachinery/pkg/util/managedfields/internal/fieldmanager.go` and
 * the managers that it is made of; `sigs.k8s.io/structured-merge-diff/v6/merge/update.go`, Update; C-003, C-030…C-034).
 */
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import { type Comparison, compare, noChange } from "./compare.ts"
import { difference, type FieldSet, isEmptySet, LEAF, setOf, union } from "./fieldSet.ts"
import {
  type Identity,
  identityOf,
  inOrder,
  isSameIdentity,
  type ManagedFields,
  type ManagedFieldsEntry
} from "./ManagedFields.ts"
import { reachable } from "./resetFields.ts"
import { type VersionedKind, versioned } from "./versions.ts"

/** Who writes, and how. */
export interface Writer {
  /** The `fieldManager` of the request, or the client's name (C-029). */
  readonly manager: string
  /** Of the request: Events have two. */
  readonly apiVersion: string
  /** "" for the object itself. */
  readonly subresource: string
  readonly now: Instant
}

/** C-032: metadata that is the server's own. */
const strip = ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation"]
  .concat("managedFields", "resourceVersion")
  .map((field) => setOf("f:metadata", `f:${field}`))
  .concat(setOf("f:apiVersion"), setOf("f:kind"))
  .reduce((all, one) => union(all, one))

/** Also where nothing of the metadata is left. */
export const stripped = (set: FieldSet): FieldSet => {
  if (set["f:metadata"] === undefined && set["f:apiVersion"] === undefined && set["f:kind"] === undefined) return set
  const left = difference(set, strip)
  if (left["f:metadata"] !== LEAF) return left
  const { "f:metadata": _, ...rest } = left
  return rest
}

const MAX_UPDATE_MANAGERS = 10
const OLD_UPDATES = "ancient-changes"

const byAge = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): number => {
  const [x, y] = [a.time ?? "", b.time ?? ""]
  if (x !== y) return x < y ? -1 : 1
  return identityOf(a) < identityOf(b) ? -1 : 1
}

/** capUpdateManagers: of more than ten the oldest are put together, those of one version each (C-031). */
export const capped = (entries: ReadonlyArray<ManagedFieldsEntry>): ReadonlyArray<ManagedFieldsEntry> => {
  if (entries.length <= MAX_UPDATE_MANAGERS) return entries
  const updaters = entries.filter(({ operation }) => operation === "Update").sort(byAge)
  if (updaters.length <= MAX_UPDATE_MANAGERS) return entries
  const kept = new Map(entries.map((entry) => [identityOf(entry), entry]))
  const firsts = new Map<string, ManagedFieldsEntry>()
  let many = updaters.length
  for (const entry of updaters) {
    if (many <= MAX_UPDATE_MANAGERS) break
    const { apiVersion, fieldsV1, time } = entry
    const first = firsts.get(apiVersion)
    if (first === undefined) {
      firsts.set(apiVersion, entry)
      continue
    }
    const identity = { manager: OLD_UPDATES, operation: "Update", apiVersion } as const
    const key = identityOf(identity)
    const bucket = kept.get(key) ?? first
    if (!kept.has(key)) kept.delete(identityOf(first))
    kept.delete(identityOf(entry))
    many--
    const timed = time === undefined ? {} : { time }
    kept.set(key, { ...identity, ...timed, fieldsType: "FieldsV1", fieldsV1: union(fieldsV1, bucket.fieldsV1) })
  }
  return [...kept.values()]
}

export interface Written extends VersionedKind {
  /** What the client asks for, with its defaults; before admission and strategy add theirs. */
  readonly next: JsonObject
  /** What was there; empty but for what no object of the kind is without, if it is new. */
  readonly old: JsonObject
}

/** Of the versions in which entries are written, each compared once. */
export const comparer = ({ apiVersion, kind, next, old }: Written, subresource: string) => {
  const made = (version: string): Comparison => {
    const as = versioned({ kind, apiVersion: version })
    const { changed, removed } = as === undefined ? noChange : compare(as.shape, as.convert(old), as.convert(next))
    // What the filter of the strategies leaves is asked for in the version of the request alone.
    const filter = (set: FieldSet) => (version === apiVersion ? reachable(kind, subresource, set) : set)
    return { changed: filter(changed), removed: filter(removed) }
  }
  const own = made(apiVersion)
  return (version: string): Comparison => (version === apiVersion ? own : made(version))
}

const without = (entry: ManagedFieldsEntry, { changed, removed }: Comparison): ManagedFieldsEntry => {
  const fieldsV1 = difference(difference(entry.fieldsV1, changed), removed)
  return fieldsV1 === entry.fieldsV1 ? entry : { ...entry, fieldsV1 }
}

const identityOfWriter = ({ apiVersion, manager, subresource }: Writer): Identity => ({
  ...{ manager: manager === "" ? "unknown" : manager, operation: "Update", apiVersion },
  ...(subresource === "" ? {} : { subresource })
})

/** `before`: its time stands if the write moved nothing of this entry. */
export const entryOf = (writer: Writer, fieldsV1: FieldSet, before?: ManagedFieldsEntry): ManagedFieldsEntry => {
  const time = before === undefined ? toTime(writer.now) : before.time
  const { subresource, ...who } = identityOfWriter(writer)
  return {
    ...{ ...who, ...(time === undefined ? {} : { time }), fieldsType: "FieldsV1", fieldsV1 },
    ...(subresource === undefined ? {} : { subresource })
  }
}

/**
 * What somebody writes is his alone from now on; only what the write changes counts, and his entry's time moves with it.
 * Answers with `entries` itself if nothing changes.
 */
export const updateManagedFields = (entries: ManagedFields, written: Written, writer: Writer): ManagedFields => {
  const comparison = comparer(written, writer.subresource)
  const { changed, removed } = comparison(writer.apiVersion)
  const own = stripped(changed)
  const who = identityOfWriter(writer)
  const before = entries.find((entry) => isSameIdentity(entry, who))
  const others = entries.map((entry) => (entry === before ? entry : without(entry, comparison(entry.apiVersion))))
  // What was his and still is: the same node of the set as before.
  const fieldsV1 = union(difference(before?.fieldsV1 ?? LEAF, removed), own)
  const moved = !isEmptySet(own)
  if (!moved && fieldsV1 === (before?.fieldsV1 ?? LEAF) && others.every((entry, i) => entry === entries[i]))
    return entries
  const made = entryOf(writer, fieldsV1, moved ? undefined : before)
  const left = others.filter((entry) => entry !== before).concat(made)
  return inOrder(capped(left.filter((entry) => !isEmptySet(entry.fieldsV1))))
}
