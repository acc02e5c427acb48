/** What `kubereel import` does. */
import {
  contentKey,
  type Format,
  importRecordings,
  type Recognised,
  redactionNotice,
  textKey
} from "@kubereel/backend-k8s"
import { type ClusterEvent, makeRedactor } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { recogniseFile } from "../input/readRecording.ts"
import { isReelLines, readReelLines } from "../input/readReelLines.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { speaking } from "../output/messages.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { writeReel } from "../output/writeReel.ts"
import { moment } from "./arguments.ts"

export interface ImportInput {
  readonly files: ReadonlyArray<string>
  readonly out: string
  readonly format?: Format
  readonly start?: string
  readonly redact: boolean
  readonly redactKey?: string
  readonly json: boolean
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`

/** The user knows better than the content. */
const as = (format: Format, found: Recognised): Recognised => ({ ...found, format })

export const importFiles = Effect.fn("importFiles")(function* (input: ImportInput) {
  yield* boundMemory
  const start = input.start === undefined ? undefined : yield* moment("--start", input.start)
  const { files, out, redact, redactKey } = input
  const ours = yield* Effect.filter(files, isReelLines)
  const others = files.filter((file) => !ours.includes(file))
  const recordings = yield* Effect.forEach(others, (file) =>
    Effect.map(recogniseFile(file), (found) => (input.format === undefined ? found : as(input.format, found)))
  )
  const redactor = redact
    ? makeRedactor(redactKey === undefined ? yield* contentKey(files) : textKey(redactKey))
    : undefined
  const { tick } = yield* Speech.progress
  const gaps = new Map<string, number>()
  let read = 0
  const tally = (event: ClusterEvent): void => {
    read++
    if (event._tag === "Gap") gaps.set(event.cause, (gaps.get(event.cause) ?? 0) + 1)
  }
  const ofOurs = Stream.flatMap(Stream.fromIterable(ours), (file) => readReelLines(file, redactor))
  const ofOthers = importRecordings(recordings, {
    ...(redactor === undefined ? {} : { redactor }),
    ...(start === undefined ? {} : { start }),
    onProgress: (file, lines) => tick(() => `${file}: ${lines} lines`)
  })
  const facts = (others.length === 0 ? ofOurs : Stream.concat(ofOurs, ofOthers)).pipe(
    Stream.concat(redactor === undefined ? Stream.empty : redactionNotice(redactor)),
    Stream.mapArray((batch) => {
      for (const event of batch) tally(event)
      return batch
    })
  )
  const written = yield* writeReel(out, speaking(facts), "the recording tells one version in two ways")
  // Each comes with a warning of its own, which nobody has read.
  const contradictions = written.appended + written.repeated - read
  if (contradictions > 0)
    yield* Speech.warn(
      `${count(contradictions, "version")} of objects told in two ways by one recording: the reel has both, the second in an era of its own`
    )
  if (input.json) {
    const answer = {
      schemaVersion: 1,
      reel: out,
      events: written.appended,
      repeated: written.repeated,
      gaps: Object.fromEntries(gaps),
      redacted: redactor?.counts() ?? null,
      head: written.head
    }
    return yield* print(JSON.stringify(answer, undefined, 2))
  }
  const repeated =
    written.repeated === 0
      ? ""
      : `, ${count(written.repeated, "line")} left out because the reel had the same change already`
  yield* Speech.note(`${out}: ${count(written.appended, "event")}${repeated}`)
}, Effect.scoped)
