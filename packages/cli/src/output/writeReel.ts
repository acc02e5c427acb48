/** A stream of facts as a reel: it appears whole or not at all. */
import { appendStream, type ClusterEvent, EventLog, type Head } from "@kubereel/core"
import { Effect, type Stream } from "effect"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"
import { replaceFile } from "./replaceFile.ts"

export interface Written {
  readonly appended: number
  /** Events that the reel had already: a list that was read again, the same file twice. */
  readonly repeated: number
  readonly head: Head
}

/** `contradictions`: what may be behind a version that is told in two ways; absent, there are none. */
export const writeReel = <E, R>(file: string, events: Stream.Stream<ClusterEvent, E, R>, contradictions?: string) =>
  replaceFile(file, "reel", (temporary) =>
    Effect.gen(function* () {
      const counts = yield* appendStream(events, contradictions === undefined ? {} : { contradictions })
      const head = yield* Effect.flatMap(EventLog, (log) => log.head)
      return { ...counts, head } satisfies Written
    }).pipe(Effect.provide(EventLogSqlite.layer(temporary, { mode: "create" })))
  )
