/** Reads of stored changes only what says which object they are about: a fraction of the work of carrying them out. */
import { type Entry, type Instant, isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { own } from "./delta.ts"

const objectFields = ["apiVersion", "kind"] as const
const metadataFields = ["name", "namespace", "uid", "resourceVersion"] as const

const isGone = (change: JsonObject, key: string): boolean =>
  Array.isArray(change["-"]) && (change["-"] as ReadonlyArray<Json>).includes(key)

const isPlain = (change: Json | undefined): change is JsonObject =>
  isJsonObject(change) && change["="] === undefined && change["~"] === undefined

const NOTHING: JsonObject = {}

const textAfter = (change: JsonObject, key: string, before: string): string => {
  const value = own(change, key)
  if (value === undefined) return isGone(change, key) ? "" : before
  return typeof value === "string" ? value : ""
}

/** What an event says that is a change of another's; `undefined` where only carrying it out can tell. */
export const skim = (seq: number, base: Entry, change: Json): Entry | undefined => {
  if (!isPlain(change) || change._tag !== undefined || isGone(change, "object")) return undefined
  const object = change.object ?? NOTHING
  if (!isPlain(object) || isGone(object, "metadata")) return undefined
  const metadata = object.metadata ?? NOTHING
  if (!isPlain(metadata)) return undefined
  const entry: { -readonly [K in keyof Entry]: Entry[K] } = { ...base, seq }
  for (const key of objectFields) entry[key] = textAfter(object, key, entry[key])
  for (const key of metadataFields) entry[key] = textAfter(metadata, key, entry[key])
  entry.change = textAfter(change, "change", entry.change)
  if (change.era !== undefined || isGone(change, "era")) entry.era = typeof change.era === "number" ? change.era : 0
  if (change.observed !== undefined || isGone(change, "observed"))
    entry.observed = change.observed as Instant | undefined
  if (change.found !== undefined || isGone(change, "found")) entry.isFound = change.found !== undefined
  return entry
}
