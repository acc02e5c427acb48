/** What a recording is, told from its content: its name does not matter. */
import { readdirSync, statSync } from "node:fs"
import { basename, join } from "node:path"
import { isJsonObject, type Json } from "@kubereel/core"
import { isTar } from "./archive.ts"
import { requestsIn } from "./audit/AuditRequest.ts"
import { bytesOf, CutOff, Damaged, fileSource, type Source } from "./bytes.ts"
import { BadRecording, UnreadableFile, unreadable } from "./ImportFailure.ts"
import { JsonSplitter } from "./JsonSplitter.ts"
import { objectsIn } from "./objectsIn.ts"
import { type Syntax, stamp, syntaxOf } from "./syntax.ts"
import { isZip } from "./zip.ts"

/** The formats that are read, by the names that `--format` takes. */
export const formats = ["watch", "audit", "objects", "kwok", "archive"] as const
export type Format = (typeof formats)[number]

/** What is known, for whoever brings something else. */
export const knownFormats =
  "watch lines (kubectl get -w --output-watch-events -o json or yaml), audit logs of a kube-apiserver (JSON lines, EventList, Google, CloudWatch), lists and manifests (kubectl get -o json or yaml, Events too), lines of event-exporter, recordings of kwok, must-gather, crust-gather, troubleshoot and rancher archives (folders, tar or zip files)"

export interface Recognised {
  readonly source: Source
  readonly isFolder: boolean
  readonly syntax: Syntax
  /** `scenario`: a document of kubereel's own; `undefined`: nothing that is known. */
  readonly format: Format | "scenario" | undefined
}

const LOOK_BYTES = 64 * 1024

/** The first bytes, decompressed. Data that is cut off or damaged later on shows its beginning all the same. */
const beginning = async (source: Source): Promise<Buffer> => {
  const pieces: Array<Buffer> = []
  let length = 0
  try {
    for await (const piece of bytesOf(source)) {
      pieces.push(piece)
      length += piece.length
      if (length >= LOOK_BYTES) break
    }
  } catch (cause) {
    if (!(cause instanceof CutOff) && !(cause instanceof Damaged)) throw cause
    if (length === 0)
      throw new BadRecording({
        file: source.name,
        problem: `${cause.message}${cause instanceof CutOff ? " and nothing could be read" : ""}; fetch the file again`
      })
  }
  return Buffer.concat(pieces).subarray(0, LOOK_BYTES)
}

const changes: ReadonlySet<unknown> = new Set(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"])
const headerFields = ["t0", "scenario", "kubernetes", "steps", "observedAt", "simulator"]

const ofValue = (value: Json, head?: string): Recognised["format"] => {
  if (!isJsonObject(value)) return Array.isArray(value) && objectsIn(value) !== undefined ? "objects" : undefined
  if (typeof value.apiVersion === "string" && value.apiVersion.startsWith("kubereel.dev/")) return "scenario"
  if ((changes.has(value.type) && "object" in value) || (isJsonObject(value.object) && "type" in value)) return "watch"
  if (requestsIn(value) !== undefined) return "audit"
  if (objectsIn(value, head) !== undefined) return "objects"
  return value.kind === undefined && headerFields.some((field) => value[field] !== undefined) ? "watch" : undefined
}

/** Where no value ends within what was looked at. */
const ofJsonText = (text: string): Recognised["format"] => {
  if (/^\s*\{\s*"(?:observedAt|type|object)"\s*:/.test(text)) return "watch"
  if (/"audit\.k8s\.io\/|"protoPayload"\s*:|"auditID"\s*:/.test(text)) return "audit"
  return /"kind"\s*:/.test(text) && /"(?:metadata|items)"\s*:/.test(text) ? "objects" : undefined
}

const ofJson = (text: string): Recognised["format"] => {
  const splitter = new JsonSplitter()
  try {
    for (const piece of splitter.push(Buffer.from(text.replace(stamp, "")))) {
      const found = ofValue(
        JSON.parse(piece.text.toString("utf8")) as Json,
        piece.kind === "entry" ? piece.head : undefined
      )
      if (found !== undefined) return found
    }
  } catch {
    // Lines of a broken file may still say what they were meant to be.
  }
  return ofJsonText(text)
}

const ofYaml = (text: string): Recognised["format"] => {
  if (/^apiVersion:\s*["']?kubereel\.dev\//m.test(text)) return "scenario"
  if (/\$\(time-offset-nanosecond -?\d+\)|^apiVersion:\s*["']?action\.kwok\.x-k8s\.io\//m.test(text)) return "kwok"
  if (/^apiVersion:\s*["']?audit\.k8s\.io\/|^protoPayload:/m.test(text)) return "audit"
  if (/^object:/m.test(text) && !/^kind:/m.test(text)) return "watch"
  return /^(?:kind|apiVersion):/m.test(text) && /^(?:metadata|items):/m.test(text) ? "objects" : undefined
}

const marks: ReadonlySet<string> = new Set([
  "cluster-scoped-resources",
  "cluster-resources",
  "namespaces",
  "collected.timestamp"
])

/** Does a collector's folder lie here, or up to two levels below? Anything else is nobody's archive, and may be endless. */
const isCollected = (folder: string, levels = 2): boolean => {
  const entries = readdirSync(folder, { withFileTypes: true })
  const isRancher = basename(folder) === "yamls" && entries.some(({ name }) => /^(?:cluster|namespaced)$/.test(name))
  return (
    isRancher ||
    entries.some(({ name }) => marks.has(name)) ||
    (levels > 0 &&
      entries.some(
        (entry) =>
          entry.isDirectory() && entry.name !== "node_modules" && isCollected(join(folder, entry.name), levels - 1)
      ))
  )
}

/** Rejects with `UnreadableFile` or `BadRecording`. */
export const recognise = async (file: string): Promise<Recognised> => {
  const source = fileSource(file)
  try {
    const found = statSync(file)
    if (found.isDirectory() && !isCollected(file))
      throw new UnreadableFile({ file, reason: "Directory", cause: undefined })
    if (!found.isDirectory() && !found.isFile())
      throw new BadRecording({
        file,
        problem: "is no ordinary file, and is read more than once; save it into one first"
      })
    if (found.isDirectory()) return { source, isFolder: true, syntax: "yaml", format: "archive" }
    const head = await beginning(source)
    if (isTar(head) || isZip(head)) return { source, isFolder: false, syntax: "yaml", format: "archive" }
    const text = head.toString("utf8")
    if (text.trim() === "") throw new BadRecording({ file, problem: "is empty" })
    const syntax = syntaxOf(text)
    const whole =
      syntax === "lines" && !/^[\s\uFEFF]*\{/.test(text) && !stamp.test(text)
        ? text.slice(text.indexOf("\n") + 1)
        : text
    return { source, isFolder: false, syntax, format: syntax === "yaml" ? ofYaml(text) : ofJson(whole) }
  } catch (cause) {
    throw cause instanceof BadRecording || cause instanceof UnreadableFile ? cause : unreadable(file, cause)
  }
}
