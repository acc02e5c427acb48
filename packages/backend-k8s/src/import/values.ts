/** The values in a recording, one after the other, whatever they are written in: JSON a line, JSON of any layout, YAML documents. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { type Document, parseAllDocuments, visit } from "yaml"
import { isRounded, roundedNumber } from "../client/numbers.ts"
import { bytesOf, CutOff, type Source, TooLong } from "./bytes.ts"
import { JsonSplitter, NotJson } from "./JsonSplitter.ts"
import { linesOf } from "./lines.ts"
import { type Syntax, stamp } from "./syntax.ts"

export type Piece =
  | {
      readonly kind: "value"
      readonly value: Json
      /** The entry of a list: what stood before that list. */
      readonly head?: string
      readonly line: number
      /** Comments before a YAML document: some tools write the time there. */
      readonly comment?: string
      /** The last document of a YAML file. Cut off it is often YAML again: where it makes no sense, that is why. */
      readonly isLast?: true
      /** A number that has more digits than can be kept. */
      readonly rounded?: string
    }
  /** What stands there is no value; what follows may be. */
  | { readonly kind: "bad"; readonly line: number; readonly problem: string }
  /** The source ends in the middle of a value, or its compressed data does. */
  | { readonly kind: "torn"; readonly line: number; readonly problem: string }

const parse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

async function* ofLines(source: Source): AsyncGenerator<ReadonlyArray<Piece>> {
  for await (const batch of linesOf(source)) {
    const out: Array<Piece> = []
    for (const { complete, number: line, text } of batch) {
      if (text?.trim() === "") continue
      const json = text?.replace(stamp, "")
      const value = json === undefined ? undefined : parse(json)
      if (value !== undefined) out.push({ kind: "value", value, line, ...ofText(json as string) })
      else if (!complete) out.push({ kind: "torn", line, problem: "the last line is cut off" })
      else out.push({ kind: "bad", line, problem: text === undefined ? "is not UTF-8" : "is not JSON" })
    }
    yield out
  }
}

async function* ofJson(source: Source): AsyncGenerator<ReadonlyArray<Piece>> {
  const splitter = new JsonSplitter()
  for await (const bytes of bytesOf(source)) {
    const out: Array<Piece> = []
    try {
      for (const { head, kind, line, text } of splitter.push(bytes)) {
        const json = text.toString("utf8")
        const value = parse(json)
        if (value === undefined) out.push({ kind: "bad", line, problem: "is not JSON" })
        else out.push({ kind: "value", value, line, ...(kind === "entry" ? { head } : {}), ...ofText(json) })
      }
    } catch (cause) {
      if (!(cause instanceof NotJson)) throw cause
      // Where the nesting is lost nothing that follows can be trusted.
      yield [...out, { kind: "torn", line: cause.line, problem: "what follows is not JSON" }]
      return
    }
    yield out
  }
  if (splitter.isOpen) yield [{ kind: "torn", line: splitter.line, problem: "the last value is cut off" }]
}

/** Of a last document that makes no sense. */
export const CUT_DOCUMENT = "the last document is cut off"
const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024

/** A list that ends before its kind, which is written after the items, has lost its end; of its last item nobody knows how much. */
const withoutEnd = (value: Json): JsonObject | undefined =>
  isJsonObject(value) && Array.isArray(value.items) && value.kind === undefined && value.apiVersion !== undefined
    ? { ...value, items: value.items.slice(0, -1) }
    : undefined

const document = (lines: ReadonlyArray<string>, line: number, last: boolean): ReadonlyArray<Piece> => {
  const text = lines.join("\n")
  const comments = lines.filter((one) => one.startsWith("#"))
  const parsed = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false })
  if (!Array.isArray(parsed)) return []
  return parsed.flatMap((one): ReadonlyArray<Piece> => {
    const problem = one.errors[0]
    if (problem !== undefined) {
      return [{ kind: last ? "torn" : "bad", line, problem: last ? CUT_DOCUMENT : "is not YAML" } as const]
    }
    let value: Json
    try {
      value = one.toJS({ maxAliasCount: 100 }) as Json
    } catch {
      return [{ kind: "bad", line, problem: "has too many aliases" }]
    }
    if (value === null) return []
    const comment = comments.length === 0 ? {} : { comment: comments.join("\n") }
    const piece = { kind: "value", value, line, ...comment, ...ofDocument(text, one) } as const
    const cut = withoutEnd(value)
    if (cut === undefined) return [piece]
    return [
      { ...piece, value: cut },
      { kind: "torn", line, problem: "the list has no end, so it was cut off" }
    ]
  })
}

/** What must be said of numbers: nothing, nearly always. */
const ofText = (text: string): { readonly rounded?: string } => {
  const rounded = roundedNumber(text)
  return rounded === undefined ? {} : { rounded }
}

const ofDocument = (text: string, document: Document): { readonly rounded?: string } => {
  if (!/\d[\d.]{15,}|[eE][+-]?\d{3,}/.test(text)) return {}
  let rounded: string | undefined
  visit(document, {
    Scalar: (_key, { source, value }) => {
      if (typeof value === "number" && source !== undefined && isRounded(value, source)) rounded ??= source
    }
  })
  return rounded === undefined ? {} : { rounded }
}

/** Applied to each line of YAML before it is read. */
export type Rewrite = (line: string) => string

async function* ofYaml(source: Source, rewrite?: Rewrite): AsyncGenerator<ReadonlyArray<Piece>> {
  let gathered: Array<string> = []
  let bytes = 0
  let line = 1
  let isWhole = true
  const end = (next: number, last: boolean): ReadonlyArray<Piece> => {
    const pieces = gathered.some((one) => one.trim() !== "" && !one.startsWith("#"))
      ? document(gathered, line, last)
      : []
    // A comment between two separators speaks of the document that follows.
    if (pieces.length > 0 || last) gathered = []
    else gathered = gathered.filter((one) => one.startsWith("#"))
    bytes = 0
    line = next
    return pieces
  }
  for await (const batch of linesOf(source)) {
    const out: Array<Piece> = []
    for (const { complete, number, text } of batch) {
      isWhole = complete
      if (text === undefined) {
        out.push({ kind: "bad", line: number, problem: "is not UTF-8" })
        continue
      }
      const plain = text.endsWith("\r") ? text.slice(0, -1) : text
      if (/^---(?:\s|$)/.test(plain)) out.push(...end(number + 1, false))
      else if (plain !== "...") {
        gathered.push(rewrite === undefined ? plain : rewrite(plain))
        bytes += plain.length
        if (bytes > DOCUMENT_BYTES_MAX)
          throw new TooLong(
            line,
            "a YAML document is longer than 64 MiB; take JSON (-o json), which is read piece by piece"
          )
      }
    }
    yield out
  }
  const rest = end(line, true).map((piece) => (piece.kind === "value" ? { ...piece, isLast: true as const } : piece))
  yield isWhole || rest.length === 0 || rest.some(({ kind }) => kind === "torn") ? rest : [...rest, torn(line)]
}

const torn = (line: number): Piece => ({
  kind: "torn",
  line,
  problem: "the last line has no end, so the last document may be cut off"
})

const readers: {
  readonly [syntax in Syntax]: (source: Source, rewrite?: Rewrite) => AsyncGenerator<ReadonlyArray<Piece>>
} = { lines: ofLines, json: ofJson, yaml: ofYaml }

/** The pieces in batches. Throws `Damaged`, `TooLong` or the system's error; compressed data that ends early is a torn piece. */
export async function* valuesOf(
  source: Source,
  syntax: Syntax,
  rewrite?: Rewrite
): AsyncGenerator<ReadonlyArray<Piece>> {
  let line = 0
  let torn = false
  try {
    for await (const batch of readers[syntax](source, rewrite)) {
      const last = batch.at(-1)
      if (last !== undefined) {
        line = last.line
        torn = last.kind === "torn"
      }
      yield batch
    }
  } catch (cause) {
    if (!(cause instanceof CutOff)) throw cause
    if (!torn) yield [{ kind: "torn", line, problem: cause.message }]
  }
}
