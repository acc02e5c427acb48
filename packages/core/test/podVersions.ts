/** Finds every version of every pod in the recordings, whatever kind of file holds it: for tests only. */
import { globSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { parseAllDocuments } from "yaml"
import { isJsonObject, type Json, type JsonObject } from "../src/event/Json.ts"
import type { PodObject } from "../src/event/KubernetesObject.ts"

export const recordings = `${import.meta.dirname}/../../../recordings`

/** What other projects published: single objects, lists, watch events, audit logs, YAML documents. */
export const publicFiles: ReadonlyArray<string> = globSync("public/*/**/*.{json,yaml}", { cwd: recordings }).sort()

/** Watch lines of a real cluster. */
export const recordingFiles: ReadonlyArray<string> = globSync(["*.jsonl.gz", "kubectl/*.jsonl.gz"], {
  cwd: recordings
}).sort()

const textOf = (file: string): string => {
  const bytes = readFileSync(`${recordings}/${file}`)
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")
}

const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** JSON values one behind the other, with or without line ends between them; `undefined` if they are no JSON. */
const jsonValues = (text: string): ReadonlyArray<Json> | undefined => {
  const values: Array<Json> = []
  const string = /"(?:[^"\\]|\\.)*"|[{}[\]]/g
  let [depth, start] = [0, 0]
  for (let match = string.exec(text); match !== null; match = string.exec(text)) {
    if (match[0] === "{" || match[0] === "[") depth++
    if (match[0] === "}" || match[0] === "]") depth--
    if (depth > 0 || match[0].startsWith('"')) continue
    const value = parseJson(text.slice(start, string.lastIndex))
    if (value === undefined) return undefined
    values.push(value)
    start = string.lastIndex
  }
  return text.slice(start).trim() === "" ? values : undefined
}

/** What stands in the file: JSON, or YAML documents (one that cannot be read is passed over). */
const valuesIn = (file: string): ReadonlyArray<Json> => {
  const text = textOf(file)
  if (file.endsWith(".jsonl.gz"))
    return text
      .split("\n")
      .filter((line) => line.includes('"Pod"'))
      .flatMap((line) => parseJson(line) ?? [])
  const json = file.endsWith(".yaml") ? undefined : jsonValues(text)
  return (
    json ?? parseAllDocuments(text).flatMap((document) => (document.errors.length > 0 ? [] : [document.toJS() as Json]))
  )
}

/** A pod wherever it stands: by itself, as an item, in a watch event, an audit entry, an envelope. */
const podsIn = (value: Json | undefined, isItem = false): ReadonlyArray<PodObject> => {
  if (Array.isArray(value)) return (value as ReadonlyArray<Json>).flatMap((item) => podsIn(item, isItem))
  if (!isJsonObject(value)) return []
  if (isPod(value, isItem)) return [value]
  return Object.entries(value).flatMap(([key, part]) => podsIn(part, key === "items" && value.kind === "PodList"))
}

/** Items of a PodList do not say their kind, and some recorders leave the spec out. */
const isPod = (value: JsonObject, isItem: boolean): value is PodObject =>
  (value.kind === "Pod" || isItem) &&
  isJsonObject(value.metadata) &&
  (isJsonObject(value.spec) || isJsonObject(value.status))

/** Every version of a file's pods, in its order. */
export const podVersions = (file: string): ReadonlyArray<PodObject> => valuesIn(file).flatMap((value) => podsIn(value))

export interface Pair {
  /** `undefined` before the first version. */
  readonly old: PodObject | undefined
  readonly next: PodObject
}

/** Consecutive versions of the same pod (by uid) in files that belong together. */
export const podPairs = (files: ReadonlyArray<string>): ReadonlyArray<Pair> => {
  const last = new Map<string, PodObject>()
  return files.flatMap(podVersions).map((next) => {
    const uid = next.metadata.uid ?? `${next.metadata.namespace}/${next.metadata.name}`
    const old = last.get(uid)
    last.set(uid, next)
    return { old, next }
  })
}
