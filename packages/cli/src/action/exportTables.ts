/** What `kubereel export --format sql` does. */
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import * as Speech from "../output/Speech.ts"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"
import { project } from "../reel/Projection.ts"

/** Names the files where an error only knows numbers. */
const complaint = (reel: string, out: string) => (error: { readonly _tag: string; readonly message: string }) => {
  if (error._tag === "NotAProjection") return new Complaint({ code: exitCodes.io, problem: error.message })
  if (error._tag === "ProjectionStopped")
    return new Complaint({ code: exitCodes.io, problem: `${out}: ${error.message}` })
  return error._tag === "DamagedLog"
    ? new Complaint({ code: exitCodes.badData, problem: `${reel}: ${error.message}` })
    : error
}

export const exportTables = Effect.fn("exportTables")(function* (reel: string, out: string | undefined) {
  if (out === undefined) {
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: "--format sql writes a database; name its file with -o"
    })
  }
  const { seq } = yield* project(out).pipe(
    Effect.provide(EventLogSqlite.layer(reel, { mode: "read" })),
    Effect.mapError(complaint(reel, out))
  )
  yield* Speech.note(`${out}: ${seq === 1 ? "1 event" : `${seq} events`} of ${reel}`)
})
