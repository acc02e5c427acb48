/** A failure as an ordinary scenario document: any command that plays scenarios plays it, and its annotations say where it came from. */
import type { JsonObject } from "@kubereel/core"
import { stringify } from "yaml"
import { shortProgram } from "../print/shortProgram.ts"
import { objectIn, specOf } from "../shrink/document.ts"

/** Where a failing scenario came from; what is not known is left out. */
export interface Provenance {
  /** The id of the property that fails. */
  readonly property: string
  readonly seed?: number
  /** fast-check's words for how it was made smaller before. */
  readonly path?: string
  /** Of what made and played it: `{ kubereel: "0.1.0", kubernetes: "v1.36.3" }`. */
  readonly versions?: { readonly [of: string]: string }
  /** Of the history in which the property failed: the same scenario gives the same one. */
  readonly digest?: string
}

const PREFIX = "kubereel.dev/"

const annotationsOf = ({ digest, path, property, seed, versions = {} }: Provenance): JsonObject => {
  const told: ReadonlyArray<readonly [string, string | undefined]> = [
    ["property", property],
    ["seed", seed === undefined ? undefined : String(seed)],
    ["path", path],
    ...Object.entries(versions).map(([of, version]) => [`version-of-${of}`, version] as const),
    ["digest", digest]
  ]
  return Object.fromEntries(told.flatMap(([name, value]) => (value === undefined ? [] : [[`${PREFIX}${name}`, value]])))
}

/** What was annotated; `undefined`: the document is no saved failure. */
export const provenanceOf = (document: JsonObject): Provenance | undefined => {
  const annotations = objectIn(objectIn(document["metadata"])["annotations"])
  const of = (name: string): string | undefined => {
    const value = annotations[`${PREFIX}${name}`]
    return typeof value === "string" ? value : undefined
  }
  const [digest, path, property, seed] = [of("digest"), of("path"), of("property"), of("seed")]
  if (property === undefined) return undefined
  const prefix = `${PREFIX}version-of-`
  const versions = Object.entries(annotations).flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), String(value)] as const] : []
  )
  return {
    property,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
    ...(versions.length === 0 ? {} : { versions: Object.fromEntries(versions) }),
    ...(digest === undefined ? {} : { digest })
  }
}

/**
 * The document with its provenance, and what happens in it in a sentence.
 *
 * Its name stays: the namespace of its pods is called after it, and whoever replays it must see the same bytes.
 */
export const failureDocument = (document: JsonObject, provenance: Provenance): JsonObject => {
  const metadata = objectIn(document["metadata"])
  const { description: _, ...spec } = specOf(document)
  return {
    ...document,
    metadata: { ...metadata, annotations: { ...objectIn(metadata["annotations"]), ...annotationsOf(provenance) } },
    spec: { description: `${provenance.property}: ${shortProgram(document)}`, ...spec }
  }
}

/** As a file holds it. */
export const failureText = (document: JsonObject): string =>
  stringify(document, { aliasDuplicateObjects: false, lineWidth: 120 })
