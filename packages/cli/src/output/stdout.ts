/** Writes to stdout piece by piece, waiting for whoever reads it, and stops without fuss when nobody does any more. */
import { Effect, Stream } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

const complaint = (cause: Error) =>
  new Complaint({ code: exitCodes.io, problem: `stdout: cannot be written (${cause.message})` })

/** True as long as somebody reads. */
const write = (text: string): Effect.Effect<boolean, Complaint> =>
  Effect.callback((resume) => {
    process.stdout.write(text, (cause) => {
      if (cause === null || cause === undefined) return resume(Effect.succeed(true))
      resume((cause as NodeJS.ErrnoException).code === "EPIPE" ? Effect.succeed(false) : Effect.fail(complaint(cause)))
    })
  })

/** Without a listener a closed pipe would end the process with a stack trace; the write's own callback deals with it. */
const deaf = Effect.sync(() => {
  if (!process.stdout.listeners("error").includes(ignore)) process.stdout.on("error", ignore)
})
const ignore = (): void => undefined

/** Writes every piece. Ends early, and well, when the reader has closed the pipe (`kubereel export X.reel | head`). */
export const toStdout = <E, R>(pieces: Stream.Stream<string, E, R>): Effect.Effect<void, E | Complaint, R> =>
  Effect.andThen(
    deaf,
    pieces.pipe(
      Stream.mapEffect(write),
      Stream.takeWhile((open) => open),
      Stream.runDrain
    )
  )

export const print = (text: string): Effect.Effect<void, Complaint> =>
  toStdout(Stream.make(text.endsWith("\n") ? text : `${text}\n`))
