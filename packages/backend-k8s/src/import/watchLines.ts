/** Other people's recordings: a file of watch lines as a stream of facts. */
import {
  type ClusterEvent,
  type Gap,
  gapOf,
  type Instant,
  type Json,
  type JsonObject,
  type ObjectChanged,
  parseWatchLine,
  type Redactor,
  redactionSummary
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { roundedNumber } from "../client/numbers.ts"
import { CutOff, fileSource, type Source } from "./bytes.ts"
import { BadRecording, importFailure, type UnreadableFile } from "./ImportFailure.ts"
import { type Line, linesOf } from "./lines.ts"
import { Relists } from "./Relists.ts"
import { Rounded } from "./Rounded.ts"
import type { Syntax } from "./syntax.ts"
import { CUT_DOCUMENT, valuesOf } from "./values.ts"
import { WatchNotices } from "./watchNotices.ts"

export interface ImportOptions {
  /** Applied to every object and header before it leaves the importer; absent: nothing is hidden. */
  readonly redactor?: Redactor
  /** Told after each batch how many lines were read, for a progress display. */
  readonly onProgress?: (lines: number) => void
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
  readonly #relists = new Relists()
  readonly #notices = new WatchNotices()
  readonly rounded = new Rounded()
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
  torn(line: number, problem: string): ReadonlyArray<ClusterEvent> {
    this.cut = true
    return [this.gap("truncated", `${this.file}:${line}: ${problem}; everything before it was read`)]
  }

  /** The compressed data ends too early, after a whole line. */
  broken(problem: string): ReadonlyArray<ClusterEvent> {
    this.cut = true
    return [this.gap("truncated", `${this.file}: ${problem}; everything before was read`)]
  }

  bad(line: number, problem: string): never {
    const what =
      this.facts === 0
        ? "; a recording has one watch event a line (`kubectl get -w --output-watch-events -o json`)"
        : ""
    throw new BadRecording({ file: this.file, line, problem: `${problem}${what}` })
  }

  private hide(object: JsonObject): JsonObject {
    return this.redactor === undefined ? object : this.redactor.redact(object)
  }

  line(line: Line): ReadonlyArray<ClusterEvent> {
    this.lines = line.number
    if (line.text !== undefined && line.text.trim() === "") return []
    const json = parseJson(line.text)
    if ("problem" in json) {
      return !line.complete && this.facts > 0
        ? this.torn(line.number, "the last line is cut off")
        : this.bad(line.number, `the line ${json.problem}`)
    }
    this.rounded.see(this.file, { line: line.number, rounded: roundedNumber(line.text ?? "") })
    return this.value(json.value, line.number)
  }

  /** A watch event, wherever it was written. */
  value(value: Json, line: number): ReadonlyArray<ClusterEvent> {
    this.lines = line
    const event = parseWatchLine(value)
    if (event._tag === "NotAWatchLine") return this.bad(line, event.problem)
    this.facts++
    if (event.observed !== undefined) this.observed = event.observed
    if (event._tag === "RecordingStarted") return [{ ...event, header: this.hide(event.header) as typeof event.header }]
    this.#notices.see(event)
    const gaps = this.#relists.see(event)
    const { era } = this.#relists
    const shown: ObjectChanged = {
      ...event,
      object: this.hide(event.object) as typeof event.object,
      ...(era === 0 ? {} : { era })
    }
    const gap = gapOf(shown)
    return [...gaps, shown, ...(gap === undefined ? [] : [gap])]
  }

  /** The file has ended. */
  end(): ReadonlyArray<ClusterEvent> {
    const ending = this.cut ? [] : this.#notices.end(this.file, this.observed)
    return [...this.#relists.end(), ...ending, ...this.rounded.said(), ...this.#notices.said()]
  }
}

async function* batchesOf(
  importer: Importer,
  source: Source,
  syntax: Syntax
): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
  if (syntax === "lines") {
    for await (const batch of linesOf(source)) {
      const facts: Array<ClusterEvent> = []
      for (const line of batch) facts.push(...importer.line(line))
      yield facts
    }
    return
  }
  for await (const batch of valuesOf(source, syntax)) {
    const facts: Array<ClusterEvent> = []
    for (const piece of batch) {
      if (piece.kind === "value") {
        importer.rounded.see(source.name, piece)
        const isCut =
          piece.isLast === true && importer.facts > 0 && parseWatchLine(piece.value)._tag === "NotAWatchLine"
        facts.push(...(isCut ? importer.torn(piece.line, CUT_DOCUMENT) : importer.value(piece.value, piece.line)))
      } else if (piece.kind === "torn" && importer.facts > 0)
        facts.push(...(importer.cut ? [] : importer.torn(piece.line, piece.problem)))
      else importer.bad(piece.line, `what stands there ${piece.problem}`)
    }
    yield facts
  }
}

async function* factsOf(
  source: Source,
  syntax: Syntax,
  options: ImportOptions
): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
  const file = source.name
  const importer = new Importer(file, options.redactor)
  try {
    for await (const facts of batchesOf(importer, source, syntax)) {
      options.onProgress?.(importer.lines)
      if (facts.length > 0) yield facts
    }
  } catch (cause) {
    if (!(cause instanceof CutOff)) throw cause
    if (importer.facts === 0)
      throw new BadRecording({ file, problem: `${cause.message} and nothing could be read; fetch the file again` })
    if (!importer.cut) yield importer.broken(cause.message)
  }
  if (importer.facts === 0)
    throw new BadRecording({ file, problem: "is empty; a recording has at least one watch line" })
  yield importer.end()
}

/**
 * The facts of a file of watch lines: plain, gzip or zstd; JSON a line, or YAML documents (`-o yaml`). Memory is bounded by the
 * longest line and by the number of objects that are there at one time.
 *
 * - A last line that is torn off (no line feed, no JSON) or compressed data that ends early: `Gap` with cause `truncated`.
 * - Any other line that is no watch line: `BadRecording`, with its number.
 * - A line of type ERROR: the line itself, then the `Gap` that it means.
 * - An object that is added again: the watch had ended and began anew (kubectl ends without a word), so a `Gap` before it, and
 *   one after the list with what was found.
 * - A version that runs back outside of a list: the server went back in time, so a `Gap` with cause `restored` and another era.
 * - The end of lines without times, which kubectl wrote: a `Gap`, because nobody knows why it ended.
 */
export const importWatchLines = (
  file: string | Source,
  options: ImportOptions = {},
  syntax: Syntax = "lines"
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> => {
  const source = typeof file === "string" ? fileSource(file) : file
  return Stream.suspend(() =>
    Stream.fromAsyncIterable(
      factsOf(source, syntax, options),
      importFailure(source.name, "a file of watch lines")
    ).pipe(Stream.flattenIterable)
  )
}

/** What was redacted on the way, as an event for the end of the reel; none if nothing was. */
export const redactionNotice = (redactor: Redactor): Stream.Stream<ClusterEvent> =>
  Stream.fromIterableEffect(
    Effect.sync(() => {
      const message = redactionSummary(redactor.counts())
      return message === undefined ? [] : [{ _tag: "Warned" as const, message }]
    })
  )
