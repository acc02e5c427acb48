/** What is wrong with a manifest before any API server sees it: wrong types and unknown fields, each with its path. */
import { isJsonObject, type Json } from "../../event/Json.ts"
import { nearest } from "../../event/nearest.ts"
import { isKnownKind, type Misfit, misfits } from "./apiTypes.ts"

export interface ManifestProblem {
  readonly path: ReadonlyArray<string | number>
  readonly problem: string
  readonly expected?: string
  readonly nearest?: string
}

const ofMisfit =
  (object: Json) =>
  (misfit: Misfit): ManifestProblem => {
    if (misfit.kind === "type")
      return { path: misfit.path, problem: `got ${got(misfit.path.reduce(inside, object))}`, expected: misfit.expected }
    const near = nearest(String(misfit.path.at(-1)), misfit.known)
    return { path: misfit.path, problem: "unknown field", ...(near === undefined ? {} : { nearest: near }) }
  }

const inside = (value: Json | undefined, part: string | number): Json | undefined =>
  typeof value === "object" && value !== null ? (value as { readonly [key: string | number]: Json })[part] : undefined

/** How a value is called where it is not what was expected. */
export const got = (value: unknown): string => {
  if (value === null || value === undefined) return "nothing"
  if (Array.isArray(value)) return "a list"
  if (typeof value === "object") return "a mapping"
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

const envelope = (object: { readonly [key: string]: Json | undefined }): ReadonlyArray<ManifestProblem> => {
  const texts = ["apiVersion", "kind"].flatMap((name) =>
    typeof object[name] === "string"
      ? []
      : [
          {
            path: [name],
            problem: object[name] === undefined ? "missing" : `got ${got(object[name])}`,
            expected: "a text"
          }
        ]
  )
  if (texts.length > 0) return texts
  const metadata = object["metadata"]
  if (!isJsonObject(metadata))
    return [
      {
        path: ["metadata"],
        problem: metadata === undefined ? "missing" : `got ${got(metadata)}`,
        expected: "a mapping with a name"
      }
    ]
  return []
}

/** Nothing for a manifest whose kind we have no types of, beyond the envelope that every object has. */
export const manifestProblems = (object: Json): ReadonlyArray<ManifestProblem> => {
  if (!isJsonObject(object))
    return [{ path: [], problem: `got ${got(object)}`, expected: "a manifest: apiVersion, kind, metadata" }]
  const broken = envelope(object)
  if (broken.length > 0 || !isKnownKind(object["apiVersion"], object["kind"])) return broken
  return misfits(object["kind"], object).map(ofMisfit(object))
}
