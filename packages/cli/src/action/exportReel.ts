/** What `kubereel export` does. */
import { closeSync, openSync, writeFileSync } from "node:fs"
import { type ClusterEvent, encode, type Instant, toWatchLine, withT0 } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { readReel } from "../input/readReel.ts"
import { sniff } from "../input/sniff.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { replaceFile } from "../output/replaceFile.ts"
import * as Speech from "../output/Speech.ts"
import { toStdout } from "../output/stdout.ts"
import type { LeftOut } from "./exportFormats.ts"

export interface ExportInput {
  readonly reel: string
  readonly format: "watch" | "events" | "manifests" | "audit" | "reel" | "sql"
  readonly at?: string
  readonly out?: string
}

/**
 * The lines of a history, its header first and with `t0`. A header that knows no `t0`, or none at all, gets the first moment
 * that was observed; where no time is known (kubectl's own format) no header is made up.
 */
export const watchLines = <E, R>(
  events: Stream.Stream<ClusterEvent, E, R>,
  leftOut: LeftOut
): Stream.Stream<string, E, R> =>
  Stream.suspend(() => {
    let begun = false
    let held: ReadonlyArray<ClusterEvent> = []
    let afterError = false
    const lineOf = (event: ClusterEvent): string => {
      const line = toWatchLine(event)
      // The gap after an ERROR line is said by that line.
      if (event._tag === "Gap" && !afterError) leftOut.gaps++
      else if (event._tag === "Horizon") leftOut.gaps++
      else if (event._tag !== "Gap" && line === undefined) leftOut.others++
      afterError = event._tag === "ObjectChanged" && event.change === "ERROR"
      return line === undefined ? "" : `${JSON.stringify(line)}\n`
    }
    const begin = (first: Instant | undefined): string => {
      begun = true
      const [header, ...rest] = held[0]?._tag === "RecordingStarted" ? held : [undefined, ...held]
      const line = withT0(header === undefined ? {} : (toWatchLine(header) ?? {}), first)
      held = []
      return (
        (Object.keys(line).length === 0 ? "" : `${JSON.stringify(line)}\n`) +
        rest.map((event) => (event === undefined ? "" : lineOf(event))).join("")
      )
    }
    const next = (event: ClusterEvent): string => {
      if (begun) return lineOf(event)
      held = [...held, event]
      const said = event._tag === "RecordingStarted" && event.header.t0 !== undefined
      // Nobody has said when it began: wait for the first time, but not for ever.
      return said || event.observed !== undefined || held.length > 100 ? begin(event.observed) : ""
    }
    return events.pipe(
      Stream.mapArray((batch) => [batch.map(next).join("")] as const),
      Stream.concat(Stream.suspend(() => (begun ? Stream.empty : Stream.make(begin(undefined))))),
      Stream.filter((text) => text !== "")
    )
  })

/** Everything that is in the reel, each event with the text that its hash is taken over. */
const reelLines = <E, R>(events: Stream.Stream<ClusterEvent, E, R>): Stream.Stream<string, E, R> =>
  Stream.mapArray(events, (batch) => [batch.map((event) => `${encode(event)}\n`).join("")] as const)

const toFile = (pieces: Stream.Stream<string, unknown>, file: string) =>
  replaceFile(file, "text", (temporary) =>
    Effect.acquireUseRelease(
      Effect.sync(() => openSync(temporary, "w")),
      (descriptor) =>
        Stream.runForEach(pieces, (text) =>
          Effect.try({
            try: () => writeFileSync(descriptor, text),
            catch: (cause) =>
              new Complaint({ code: exitCodes.io, problem: `${file}: cannot be written (${(cause as Error).message})` })
          })
        ),
      (descriptor) => Effect.sync(() => closeSync(descriptor))
    )
  )

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`

/** Lines are written as they are read; Events and manifests need all of the reel. */
const piecesOf = Effect.fn("piecesOf")(function* ({ at, format, reel }: ExportInput, leftOut: LeftOut) {
  const events = readReel(reel)
  if (format === "reel") return reelLines(events)
  if (format === "watch") return watchLines(events, leftOut)
  const { auditLines, eventList, manifests } = yield* Effect.promise(() => import("./exportFormats.ts"))
  if (format === "audit") return auditLines(events, leftOut)
  if (format === "events") return eventList(events)
  return Stream.make(yield* manifests(reel, yield* Stream.runCollect(events), at))
})

export const exportReel = Effect.fn("exportReel")(function* (input: ExportInput) {
  yield* boundMemory
  const { format, out, reel } = input
  const { sort } = yield* sniff(reel)
  if (sort !== "reel") {
    return yield* new Complaint({
      code: exitCodes.badData,
      problem: `${reel}: is no reel (it looks like ${sort === "scenario" ? "a scenario" : sort === "unknown" ? "something else" : sort}); make one with \`kubereel ${sort === "scenario" ? "run" : "import"}\``
    })
  }
  if (input.at !== undefined && format !== "manifests") {
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: "--at: says of which moment the manifests are; use it with --format manifests"
    })
  }
  if (format === "sql") {
    const { exportTables } = yield* Effect.promise(() => import("./exportTables.ts"))
    return yield* exportTables(reel, out)
  }
  const leftOut: LeftOut = { gaps: 0, others: 0 }
  const pieces = yield* piecesOf(input, leftOut)
  yield* out === undefined ? toStdout(pieces) : toFile(pieces, out)
  if (leftOut.gaps > 0)
    yield* Speech.warn(
      `${count(leftOut.gaps, "gap")} of ${reel} cannot be said in ${format} lines; \`kubereel show\` has them`
    )
  if (leftOut.others > 0)
    yield* Speech.note(
      `${count(leftOut.others, "event")} that no API server shows (facts of the simulator, warnings) left out`
    )
})
