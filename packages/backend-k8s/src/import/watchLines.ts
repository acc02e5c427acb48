/** Other people's recordings: a file of watch lines as a stream of facts. */
import {
  type ClusterEvent,
  type Gap,
  gapOf,
  type Instant,
  type Json,
  type JsonObject,
  parseWatchLine,
  type Redactor,
  redactionSummary
} from "@kubereel/core"
import { Effect, Runtime, Schema, Stream } from "effect"
import { CutOff, Damaged, type Line, linesOf, TooLong } from "./lines.ts"

/** The file is there and is no recording, or a damaged one. Says where. */
export class BadRecording extends Schema.TaggedError<BadRecording>()("BadRecording", {
  file: Schema.String,
  line: Schema.optionalKey(Schema.Natural),
  problem: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 65
  override get message() {
    return `${this.file}${this.line === undefined ? "" : `:${this.line}`}: ${this.problem}`
  }
}

/** The file cannot be read at all. */
export class UnreadableFile extends Schema.TaggedError<UnreadableFile>()("UnreadableFile", {
  file: Schema.String,
  reason: Schema.Literals(["Missing", "Directory", "NotPermitted", "Other"]),
  cause: Schema.Defect()
}) {
  override readonly [Runtime.errorExitCode] = this.reason === "Missing" || this.reason === "Directory" ? 66 : 74
  override get message() {
    return `${this.file}: ${problems[this.reason] ?? `cannot be read (${textOf(this.cause)})`}`
  }
}

const problems: { readonly [reason: string]: string } = {
  Missing: "no such file",
  Directory: "is a directory; name the file",
  NotPermitted: "permission denied"
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** The error of the system behind a failed read. */
export const unreadable = (file: string, cause: unknown): UnreadableFile => {
  const code = (cause as { readonly code?: unknown } | null)?.code
  const reason =
    code === "ENOENT" || code === "ENOTDIR"
      ? "Missing"
      : code === "EISDIR"
        ? "Directory"
        : code === "EACCES" || code === "EPERM"
          ? "NotPermitted"
          : "Other"
  return new UnreadableFile({ file, reason, cause })
}

const failure = (file: string) => (cause: unknown) => {
  if (cause instanceof BadRecording) return cause
  if (cause instanceof TooLong)
    return new BadRecording({ file, line: cause.line, problem: `${cause.message}; this is not a file of watch lines` })
  if (cause instanceof Damaged) return new BadRecording({ file, problem: `${cause.message}; fetch the file again` })
  return unreadable(file, cause)
}

export interface ImportOptions {
  /** Applied to every object and header before it leaves the importer; absent: nothing is hidden. */
  readonly redactor?: Redactor
  /** Told after each batch how many lines were read, for a progress display. */
  readonly onProgress?: (lines: number) => void
}

/** A run of digits that a double may not hold; cheap to look for, and nearly never there. */
const manyDigits = /[:[,]\s*-?\d{16,}\s*[,}\]]/

/** The first integer of the text that JSON.parse has rounded: int64 goes further than a double is exact. */
const rounded = (text: string): string | undefined => {
  if (!manyDigits.test(text)) return undefined
  let found: string | undefined
  JSON.parse(text, (_key, value: Json, context?: { readonly source?: string }) => {
    const source = context?.source
    if (typeof value === "number" && source !== undefined && /^-?\d+$/.test(source) && BigInt(source) !== BigInt(value))
      found ??= source
    return value
  })
  return found
}

const parseJson = (text: string | undefined): { readonly value: Json } | { readonly problem: string } => {
  if (text === undefined) return { problem: "is not UTF-8" }
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return { problem: "is not JSON" }
  }
}

/** One file on its way in: what it has said so far, and the facts of its next line. */
class Importer {
  readonly file: string
  readonly redactor: Redactor | undefined
  facts = 0
  lines = 0
  cut = false
  observed: Instant | undefined

  constructor(file: string, redactor: Redactor | undefined) {
    this.file = file
    this.redactor = redactor
  }

  gap(cause: Gap["cause"], detail: string): Gap {
    return { _tag: "Gap", ...(this.observed === undefined ? {} : { observed: this.observed }), cause, detail }
  }

  /** A last line that is torn off is a blind spot; any other bad line means that the file is not what it should be. */
  private torn(line: Line): ReadonlyArray<ClusterEvent> {
    this.cut = true
    return [
      this.gap("truncated", `${this.file}:${line.number}: the last line is cut off; everything before it was read`)
    ]
  }

  private bad(line: Line, problem: string): never {
    const what =
      this.facts === 0
        ? "; a recording has one watch event a line (`kubectl get -w --output-watch-events -o json`)"
        : ""
    throw new BadRecording({ file: this.file, line: line.number, problem: `${problem}${what}` })
  }

  private hide(object: JsonObject): JsonObject {
    return this.redactor === undefined ? object : this.redactor.redact(object)
  }

  next(line: Line): ReadonlyArray<ClusterEvent> {
    this.lines = line.number
    if (line.text !== undefined && line.text.trim() === "") return []
    const json = parseJson(line.text)
    if ("problem" in json)
      return !line.complete && this.facts > 0 ? this.torn(line) : this.bad(line, `the line ${json.problem}`)
    const event = parseWatchLine(json.value)
    if (event._tag === "NotAWatchLine") return this.bad(line, event.problem)
    this.facts++
    if (event.observed !== undefined) this.observed = event.observed
    const lost = rounded(line.text ?? "")
    const warning: ReadonlyArray<ClusterEvent> =
      lost === undefined
        ? []
        : [
            {
              _tag: "Warned",
              message: `${this.file}:${line.number}: the number ${lost} has more digits than can be kept; it was rounded`
            }
          ]
    if (event._tag === "RecordingStarted")
      return [{ ...event, header: this.hide(event.header) as typeof event.header }, ...warning]
    const gap = gapOf(event)
    const shown: ClusterEvent =
      this.redactor === undefined ? event : { ...event, object: this.hide(event.object) as typeof event.object }
    return gap === undefined ? [shown, ...warning] : [shown, gap, ...warning]
  }
}

async function* factsOf(file: string, options: ImportOptions): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
  const importer = new Importer(file, options.redactor)
  try {
    for await (const batch of linesOf(file)) {
      const facts: Array<ClusterEvent> = []
      for (const line of batch) facts.push(...importer.next(line))
      options.onProgress?.(importer.lines)
      if (facts.length > 0) yield facts
    }
  } catch (cause) {
    if (!(cause instanceof CutOff)) throw cause
    if (importer.facts === 0)
      throw new BadRecording({ file, problem: `${cause.message} and nothing could be read; fetch the file again` })
    if (!importer.cut) yield [importer.gap("truncated", `${file}: ${cause.message}; everything before was read`)]
  }
  if (importer.facts === 0)
    throw new BadRecording({ file, problem: "is empty; a recording has at least one watch line" })
}

/**
 * The facts of a file of watch lines: plain, gzip or zstd. Memory is bounded by the longest line.
 *
 * - A last line that is torn off (no line feed, no JSON) or compressed data that ends early: `Gap` with cause `truncated`.
 * - Any other line that is no watch line: `BadRecording`, with its number.
 * - A line of type ERROR: the line itself, then the `Gap` that it means.
 */
export const importWatchLines = (
  file: string,
  options: ImportOptions = {}
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> =>
  Stream.suspend(() => Stream.fromAsyncIterable(factsOf(file, options), failure(file)).pipe(Stream.flattenIterable))

/** What was redacted on the way, as an event for the end of the reel; none if nothing was. */
export const redactionNotice = (redactor: Redactor): Stream.Stream<ClusterEvent> =>
  Stream.fromIterableEffect(
    Effect.sync(() => {
      const message = redactionSummary(redactor.counts())
      return message === undefined ? [] : [{ _tag: "Warned" as const, message }]
    })
  )
