/** Manifests from a file: one or several documents, or lists. */
import { readFile } from "node:fs/promises"
import { isJsonObject, type Json, type KubernetesObject, manifestProblems, problemText } from "@kubereel/core"
import { Effect } from "effect"
import { LineCounter, parseAllDocuments } from "yaml"
import { UnusableFile } from "../UnusableFile.ts"
import { unread } from "./loadScenario.ts"

const unfit = (...problems: ReadonlyArray<string>) => new UnusableFile({ reason: "unfit", problems })

const itemsOf = (value: Json): ReadonlyArray<Json> =>
  isJsonObject(value) &&
  typeof value["kind"] === "string" &&
  value["kind"].endsWith("List") &&
  Array.isArray(value["items"])
    ? value["items"].flatMap(itemsOf)
    : [value]

/** `undefined`: they are no manifests but something of kubereel's own. */
export const loadManifests = Effect.fn("loadManifests")(function* (file: string) {
  const text = yield* Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: unread(file) })
  const lines = new LineCounter()
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })]
  const errors = documents.flatMap((document) => document.errors)
  if (errors.length > 0)
    return yield* unfit(
      ...errors.map(({ message, pos }) => {
        const { col, line } = lines.linePos(pos[0])
        return `${file}:${line}:${col}: this is not YAML: ${message.replaceAll(/\s*\n\s*/g, " ")}`
      })
    )
  const objects: Array<KubernetesObject> = []
  for (const document of documents) {
    const value = document.toJS({ maxAliasCount: 1_000 }) as Json
    if (value === null) continue
    if (isJsonObject(value) && (value["kind"] === "Scenario" || value["apiVersion"] === undefined)) return undefined
    const { line } = lines.linePos(document.contents?.range?.[0] ?? 0)
    for (const object of itemsOf(value)) {
      const problems = manifestProblems(object).map((problem) => `${file}:${line}: ${problemText(problem)}`)
      if (problems.length > 0) return yield* unfit(...problems)
      objects.push(object as unknown as KubernetesObject)
    }
  }
  if (objects.length === 0) return yield* unfit(`${file}: there is no manifest in it`)
  return objects
})
