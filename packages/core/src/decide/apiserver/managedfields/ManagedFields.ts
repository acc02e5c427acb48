/** Who wrote which field of an object: the entries of `metadata.managedFields` (`k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go`). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { FieldSet } from "./fieldSet.ts"

export interface ManagedFieldsEntry {
  readonly manager: string
  readonly operation: "Apply" | "Update"
  readonly apiVersion: string
  /** RFC 3339, whole seconds. */
  readonly time?: string
  readonly fieldsType: "FieldsV1"
  readonly fieldsV1: FieldSet
  readonly subresource?: string
}

/** In the order of `sortEncodedManagedFields`, each identity once; never changed. */
export type ManagedFields = ReadonlyArray<ManagedFieldsEntry>

export const noManagedFields: ManagedFields = []

export type Identity = Pick<ManagedFieldsEntry, "manager" | "operation" | "apiVersion" | "subresource">

/** BuildManagerIdentifier: of who applies, the version counts for nothing (C-030). */
export const identityOf = ({ apiVersion, manager, operation, subresource }: Identity): string =>
  JSON.stringify({
    ...(manager === "" ? {} : { manager }),
    operation,
    ...(operation === "Apply" ? {} : { apiVersion }),
    ...(subresource === undefined ? {} : { subresource })
  })

export const isSameIdentity = (a: Identity, b: Identity): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === "Apply" || a.apiVersion === b.apiVersion)

const compareTexts = (a = "", b = ""): number => (a === b ? 0 : a < b ? -1 : 1)

const compareEntries = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): number =>
  compareTexts(a.operation, b.operation) ||
  compareTexts(a.time, b.time) ||
  compareTexts(a.manager, b.manager) ||
  compareTexts(a.apiVersion, b.apiVersion) ||
  compareTexts(a.subresource, b.subresource)

/** Entries as they are shown: what is applied first, then by time (C-030). */
export const inOrder = (entries: ReadonlyArray<ManagedFieldsEntry>): ManagedFields =>
  entries.length < 2 ? entries : entries.toSorted(compareEntries)

const isEntry = (value: Json): value is JsonObject & ManagedFieldsEntry =>
  isJsonObject(value) &&
  (value["operation"] === "Apply" || value["operation"] === "Update") &&
  typeof value["apiVersion"] === "string" &&
  value["apiVersion"] !== "" &&
  value["fieldsType"] === "FieldsV1"

/** Of several entries of one identity the last one counts. */
const distinct = (entries: ManagedFields): ManagedFields => {
  if (!entries.some((entry, i) => entries.some((other, j) => j > i && isSameIdentity(entry, other)))) return entries
  return [...new Map(entries.map((entry) => [identityOf(entry), entry])).values()]
}

/** DecodeManagedFields: `undefined` if there is anything in it that cannot be read. */
const decoded = (given: ReadonlyArray<Json>): ManagedFields | undefined =>
  given.every(isEntry) ? distinct(given as ReadonlyArray<ManagedFieldsEntry>) : undefined

/** isResetManagedFields: an empty list, or one of one empty entry. */
const isReset = (given: ReadonlyArray<Json>): boolean =>
  given.length === 0 ||
  (given.length === 1 && isJsonObject(given[0] ?? null) && Object.keys(given[0] as JsonObject).length === 0)

/**
 * What a write starts from (decodeLiveOrNew): what the client sends counts, unless it sends none or writes to a subresource;
 * who sends an empty list wants all forgotten.
 */
export const startingFrom = (live: ManagedFields, asked: Json | undefined, subresource: string): ManagedFields => {
  if (asked === (live as unknown)) return distinct(live)
  if (subresource !== "" || !Array.isArray(asked)) return distinct(live)
  return isReset(asked) ? noManagedFields : (decoded(asked) ?? distinct(live))
}
