/** Recordings of any known format, put together into one stream of facts. */
import type { ClusterEvent, Instant, Redactor } from "@kubereel/core"
import { Stream } from "effect"
import { importAudit } from "./audit/importAudit.ts"
import { BadRecording, type UnreadableFile } from "./ImportFailure.ts"
import { importArchive } from "./importArchive.ts"
import { importKwok } from "./importKwok.ts"
import { importObjects } from "./importObjects.ts"
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

/** Audit logs belong to one cluster and are put together; lists are moments, one after the other. Everything else is read alone. */
const together: ReadonlySet<Format> = new Set(["audit", "objects"])

const grouped = (files: ReadonlyArray<Opened>): ReadonlyArray<readonly [Format, ReadonlyArray<Opened>]> => {
  const groups: Array<[Format, Array<Opened>]> = []
  for (const file of files) {
    const group = together.has(file.format) ? groups.find(([format]) => format === file.format) : undefined
    if (group === undefined) groups.push([file.format, [file]])
    else group[1].push(file)
  }
  return groups
}

/** The facts of recordings, in the order in which they are named. One that is of no known format is refused before anything is read. */
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
  return Stream.fromIterable(grouped(files as ReadonlyArray<Opened>)).pipe(
    Stream.flatMap(([format, group]) => facts(format, group, options))
  )
}
