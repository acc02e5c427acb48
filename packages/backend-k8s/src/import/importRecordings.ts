/** Recordings of any known format, put together into one stream of facts. */
import type { ClusterEvent, Instant, Redactor } from "@kubereel/core"
import { Stream } from "effect"
import { importAudit } from "./audit/importAudit.ts"
import { BadRecording, importFailure, type UnreadableFile } from "./ImportFailure.ts"
import { importArchive } from "./importArchive.ts"
import { importKwok } from "./importKwok.ts"
import { importObjects } from "./importObjects.ts"
import { inTime } from "./inTime.ts"
import { type Format, knownFormats, type Recognised } from "./recognise.ts"
import { importWatchLines } from "./watchLines.ts"

export interface RecordingOptions {
  /** Applied to every object and header before it leaves the importer; absent: nothing is hidden. */
  readonly redactor?: Redactor
  /** Told how far it is: lines, or files of an archive. */
  readonly onProgress?: (file: string, lines: number) => void
  /** For a format that knows no moment, only what came how long after its beginning. */
  readonly start?: Instant
}

interface Opened extends Recognised {
  readonly format: Format
}

const facts = (format: Format, files: ReadonlyArray<Opened>, options: RecordingOptions) => {
  const [first] = files as readonly [Opened]
  const { name } = first.source
  const { redactor, start } = options
  const common = {
    ...(redactor === undefined ? {} : { redactor }),
    onProgress: (lines: number) => options.onProgress?.(name, lines)
  }
  switch (format) {
    case "watch":
      return importWatchLines(first.source, common, first.syntax)
    case "audit":
      return importAudit(files, common)
    case "objects":
      return importObjects(files, common)
    case "kwok":
      return importKwok(first.source, { ...common, ...(start === undefined ? {} : { start }) })
    case "archive":
      return importArchive(first.source, first.isFolder, common)
  }
}

type Group = readonly [Format, ReadonlyArray<Opened>]

/** Audit logs belong to one cluster and are put together; lists are moments, one after the other. Everything else is read alone. */
const together: ReadonlySet<Format> = new Set(["audit", "objects"])

const grouped = (files: ReadonlyArray<Opened>): ReadonlyArray<Group> => {
  const groups: Array<[Format, Array<Opened>]> = []
  for (const file of files) {
    const group = together.has(file.format) ? groups.find(([format]) => format === file.format) : undefined
    if (group === undefined) groups.push([file.format, [file]])
    else group[1].push(file)
  }
  return groups
}

/** A change says which of several recordings tells it, so that two that tell one version in two ways can stand in one log. */
const told = (event: ClusterEvent, source: string): ClusterEvent =>
  event._tag === "ObjectChanged" ? { ...event, line: { source, ...event.line } } : event

const namesIn = ([, files]: Group, isShort: boolean): string =>
  files.map(({ source }) => (isShort ? source.name.replace(/\/+$/, "").replace(/^.*\//, "") : source.name)).join(", ")

/** Where folders tell the files apart, with their folders. */
const sourceNames = (groups: ReadonlyArray<Group>): ReadonlyArray<string> => {
  const names = groups.map((group) => namesIn(group, true))
  return new Set(names).size === names.length ? names : groups.map((group) => namesIn(group, false))
}

/** Several groups of files show one cluster, each as its source saw it. */
const woven = (groups: ReadonlyArray<Group>, options: RecordingOptions) => {
  const names = sourceNames(groups)
  const histories = groups.map(([format, files], i) =>
    Stream.toAsyncIterable(
      Stream.mapArray(facts(format, files, options), (batch) => [batch.map((event) => told(event, names[i] ?? ""))])
    )
  )
  return Stream.fromAsyncIterable(inTime(histories), importFailure(names.join(", "), "a recording")).pipe(
    Stream.flattenIterable
  )
}

/**
 * The facts of recordings. Of several, each change comes at the time at which it was seen; what has no times comes first, in the
 * order in which the files are named. One that is of no known format is refused before anything is read.
 */
export const importRecordings = (
  files: ReadonlyArray<Recognised>,
  options: RecordingOptions = {}
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> => {
  const stranger = files.find(({ format }) => format === undefined || format === "scenario")
  if (stranger !== undefined) {
    const problem =
      stranger.format === "scenario"
        ? "is a scenario, not a recording; `kubereel run` plays it"
        : `is no recording that is known; these are: ${knownFormats}`
    return Stream.fail(new BadRecording({ file: stranger.source.name, problem }))
  }
  const groups = grouped(files as ReadonlyArray<Opened>)
  const [first] = groups
  if (first === undefined) return Stream.empty
  return groups.length === 1 ? facts(first[0], first[1], options) : woven(groups, options)
}
