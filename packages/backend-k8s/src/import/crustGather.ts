/** What crust-gather's record mode keeps of an object: the first version whole, then JSON patches, one a line. */
import { isJsonObject, type Json, type JsonObject, jsonPatch, parseInstant } from "@kubereel/core"
import { metadataOf, text } from "./objects.ts"

/** Where the recorder writes when it saw the version, and how. One of them is there. */
const marks = [
  ["crust-gather.io/deleted", "DELETED"],
  ["crust-gather.io/updated", "MODIFIED"],
  ["crust-gather.io/added", "ADDED"]
] as const

/** A version as the API server had it, without the recorder's marks. */
export interface RecordedVersion {
  readonly object: JsonObject
  readonly change?: "ADDED" | "MODIFIED" | "DELETED"
  readonly moment?: { readonly at: number; readonly text: string }
}

const annotationsOf = (object: JsonObject): JsonObject => {
  const { annotations } = metadataOf(object)
  return isJsonObject(annotations) ? annotations : {}
}

/** Was this object written by the record mode? */
export const isRecorded = (object: JsonObject): boolean => {
  const annotations = annotationsOf(object)
  return marks.some(([mark]) => annotations[mark] !== undefined)
}

export const unmarked = (object: JsonObject): RecordedVersion => {
  const annotations = annotationsOf(object)
  const found = marks.find(([mark]) => typeof annotations[mark] === "string")
  if (found === undefined) return { object }
  const [mark, change] = found
  const said = text(annotations[mark])
  const at = parseInstant(said)
  const others = Object.entries(annotations).filter(([name]) => !name.startsWith("crust-gather.io/"))
  const { annotations: _, ...rest } = metadataOf(object)
  const metadata = others.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(others) }
  return {
    object: { ...object, metadata },
    change,
    ...(at === undefined ? {} : { moment: { at, text: said } })
  }
}

/** The next version as it was written, marks and all; `undefined`: the line is no patch of this object. */
export const patched = (object: JsonObject, patch: Json): JsonObject | undefined => {
  if (!Array.isArray(patch)) return undefined
  const next = jsonPatch(object, patch as ReadonlyArray<Json>)
  return isJsonObject(next) && isJsonObject(next.metadata) ? next : undefined
}

/** Two lives of a name lie in one file: a version with another uid is the first of another life. */
export const changeAfter = (before: JsonObject, { change, object }: RecordedVersion): RecordedVersion["change"] =>
  change !== "DELETED" && metadataOf(before).uid !== metadataOf(object).uid ? "ADDED" : change
