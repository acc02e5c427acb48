/** The events of a reel, in order; every checksum is verified on the way. */
import { type ClusterEvent, EventLog, type NumberedEvent } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"

/** Names the file where the log only knows its own numbers. */
const inFile = (file: string) => (error: { readonly _tag: string; readonly message: string }) =>
  error._tag === "DamagedLog" ? new Complaint({ code: exitCodes.badData, problem: `${file}: ${error.message}` }) : error

/** With their numbers, which stay the same when older events are removed. */
export const readNumbered = (file: string): Stream.Stream<NumberedEvent, unknown> =>
  Stream.unwrap(
    Effect.map(EventLog, (log) => Stream.map(log.read(), ({ event, seq }) => ({ event, number: seq })))
  ).pipe(Stream.provide(EventLogSqlite.layer(file, { mode: "read" })), Stream.mapError(inFile(file)))

export const readReel = (file: string): Stream.Stream<ClusterEvent, unknown> =>
  Stream.map(readNumbered(file), ({ event }) => event)
