/** What `kubereel record` does. */
import { ApiClient, connect, discover, OtherRecording, type Recording, record } from "@kubereel/backend-k8s"
import { type ClusterEvent, EventLog, type EventLogFailure, formatDuration, makeRedactor } from "@kubereel/core"
import { Effect, Schedule } from "effect"
import { Complaint, endedByInterruption, exitCodes } from "../exitCode.ts"
import { boundMemory } from "../output/boundMemory.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"
import { version } from "../version.ts"
import { duration } from "./arguments.ts"
import { chooseProperties } from "./check/chooseProperties.ts"
import { watchRecording } from "./check/watchRecording.ts"
import { gapNews } from "./gapNews.ts"
import { printManifest, printRbac } from "./printRights.ts"
import { type RecordInput, scopeOf } from "./recordInput.ts"
import { recordKey } from "./recordKey.ts"
import { limitsOf } from "./recordLimits.ts"

/** The code of the system's error, however far below what the log said of it. */
const codeBelow = (cause: unknown): string =>
  cause instanceof Error ? ("code" in cause ? String(cause.code) : codeBelow(cause.cause)) : ""

/** A disk that is full may be emptied; a reel that another writer has taken is lost to us. */
export const isPassing = ({ cause }: Pick<EventLogFailure, "cause">): boolean =>
  /^SQLITE_(FULL|IOERR_WRITE|IOERR_FSYNC)/.test(codeBelow(cause))

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`

/** What the recording is worth so far, for people and for programs. */
class Tally {
  readonly began = performance.now()
  readonly #ended = new Map<string, number>()
  /** By resource, why it is not seen now. */
  readonly #open = new Map<string, string>()
  #rate = 0
  #before = { at: performance.now(), events: 0 }

  see(events: ReadonlyArray<ClusterEvent>): void {
    for (const event of events) {
      if (event._tag !== "Gap") continue
      const resource = event.resource ?? ""
      if (event.to === undefined) this.#open.set(resource, event.cause)
      else {
        this.#open.delete(resource)
        this.#count(this.#ended, event.cause)
      }
    }
  }

  #count(gaps: Map<string, number>, cause: string): void {
    gaps.set(cause, (gaps.get(cause) ?? 0) + 1)
  }

  /** By cause; those that have not ended too. */
  get gaps(): ReadonlyMap<string, number> {
    const all = new Map(this.#ended)
    for (const cause of this.#open.values()) this.#count(all, cause)
    return all
  }

  get gapCount(): number {
    return [...this.gaps.values()].reduce((sum, number) => sum + number, 0)
  }

  /** Events a second, over the last second or so. */
  rate(events: number): number {
    const now = performance.now()
    const seconds = (now - this.#before.at) / 1_000
    if (seconds >= 1) {
      this.#rate = (events - this.#before.events) / seconds
      this.#before = { at: now, events }
    }
    return this.#rate
  }

  get lasted(): string {
    return formatDuration(Math.round((performance.now() - this.began) / 1_000) * 1_000_000)
  }
}

const statusLine = ({ counts, queued, standings }: Recording, tally: Tally): string => {
  const away = [...standings].filter(([, standing]) => standing === "waiting" || standing === "denied")
  return [
    `recording for ${tally.lasted}`,
    count(counts.appended, "event"),
    `${tally.rate(counts.appended).toFixed(0)}/s`,
    `lag ${(counts.lag / 1_000_000).toFixed(2)} s`,
    ...(queued() > 0 ? [`${queued()} waiting`] : []),
    count(tally.gapCount, "gap"),
    ...(away.length === 0 ? [] : [`not seen now: ${away.map(([name]) => name).join(", ")}`])
  ].join(", ")
}

const finalWords = Effect.fnUntraced(function* (file: string, input: RecordInput, recording: Recording, tally: Tally) {
  const { counts, standings } = recording
  const denied = [...standings].filter(([, standing]) => standing === "denied").map(([name]) => name)
  if (input.json) {
    const log = yield* EventLog
    const answer = {
      schemaVersion: 1,
      reel: file,
      received: counts.received,
      events: counts.appended,
      repeated: counts.repeated,
      gaps: Object.fromEntries(tally.gaps),
      denied,
      head: yield* log.head
    }
    return yield* print(JSON.stringify(answer, undefined, 2))
  }
  const notSeen = denied.length === 0 ? "" : `, ${denied.join(", ")} not allowed`
  yield* Speech.note(
    `${file}: ${count(counts.appended, "event")} in ${tally.lasted}, ${count(tally.gapCount, "gap")}${notSeen}; \`kubereel show ${file}\` shows them`
  )
})

/** Being stopped is its good end, too: then its last words are said. */
const untilStopped = <A, E, R, E2, R2>(
  run: Effect.Effect<A, E, R>,
  end: Effect.Effect<void>,
  words: Effect.Effect<void, E2, R2>
) =>
  Effect.raceFirst(
    run,
    Effect.onInterrupt(Effect.never, () => end)
  ).pipe(
    Effect.onExit((exit) =>
      exit._tag === "Success" || exit.cause.reasons.every(({ _tag }) => _tag === "Interrupt")
        ? Effect.ignore(words)
        : Effect.void
    )
  )

/** What is to be checked meanwhile. */
const chosenBy = Effect.fnUntraced(function* (input: RecordInput) {
  if (input.check) return yield* chooseProperties(input)
  if (input.laws.length + input.properties.length + input.params.length > 0)
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: "--law, --property and --param say what is checked; add --check"
    })
  return undefined
})

const fileName = (context: string): string =>
  `${context.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}-${new Date().toISOString().replaceAll(/[:.]/g, "").slice(0, 17)}Z.reel`

const named = (file: string) => (error: unknown) =>
  error instanceof OtherRecording
    ? new Complaint({ code: exitCodes.badData, problem: `${file}: ${error.message}; name another file with -o` })
    : error

export const recordCluster = Effect.fn("recordCluster")(function* (input: RecordInput) {
  if (input.printRbac) return yield* printRbac(input)
  if (input.printManifest) return yield* printManifest(input)
  yield* boundMemory
  yield* endedByInterruption
  const lasts = input.for === undefined ? undefined : yield* duration("--for", input.for)
  const limits = yield* limitsOf(input)
  const client = yield* ApiClient.make(input)
  const scope = scopeOf(input)
  const resources = yield* discover(client, input.resources, input.only)
  const connection = yield* connect(client, resources, scope)
  const file = input.out ?? fileName(client.context)
  const redactor = input.redact ? makeRedactor(yield* recordKey(file, input.redactKey)) : undefined
  const tally = new Tally()
  const chosen = yield* chosenBy(input)
  const { tick } = yield* Speech.progress
  let [stopping, full] = [false, false]
  const end = Effect.sync(() => {
    stopping = true
  })
  const recorded = Effect.gen(function* () {
    const recording = yield* record({
      client,
      connection,
      resources,
      scope,
      ...(redactor === undefined ? {} : { redactor }),
      program: `kubereel ${version}`,
      until: lasts === undefined ? Effect.never : Effect.andThen(Effect.sleep(`${lasts / 1_000} millis`), end),
      isPassing: (failure) => !stopping && isPassing(failure),
      onFailure: (failure) => {
        // It is tried again every two seconds; once is enough to say so.
        const said = full
        full = true
        return said || stopping ? Effect.void : Speech.warn(`${messageOf(failure.cause)}; what comes meanwhile waits`)
      },
      onWritten: (events) => {
        full = false
        tally.see(events)
        return Effect.forEach(gapNews(events), (message) => Speech.warn(message), { discard: true })
      }
    })
    const watched =
      chosen === undefined ? undefined : yield* watchRecording({ ...chosen, file, queued: recording.queued })
    yield* Speech.note(
      `recording ${client.server} (${connection.kubernetes}) into ${file}${lasts === undefined ? "; Ctrl-C ends it" : ""}`
    )
    yield* Effect.forkScoped(
      Effect.repeat(
        Effect.sync(() => tick(() => statusLine(recording, tally))),
        Schedule.spaced("250 millis")
      )
    )
    const words = Effect.andThen(watched?.finish ?? Effect.void, finalWords(file, input, recording, tally))
    yield* untilStopped(recording.run, end, words)
  })
  yield* recorded.pipe(
    Effect.scoped,
    Effect.provide(EventLogSqlite.layer(file, { mode: "write", limits })),
    Effect.mapError(named(file))
  )
}, Effect.scoped)
