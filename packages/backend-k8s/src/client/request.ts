/** One request over HTTP or TLS: its head in time, its body in pieces, given up when nobody wants it any more. */
import { type ClientRequest, type IncomingMessage, request as overHttp } from "node:http"
import { request as overTls, type RequestOptions } from "node:https"
import { Effect, type Scope } from "effect"
import { Garbled, GoneQuiet, Unreachable } from "./failures.ts"

/** Milliseconds from the request to the head of its answer, or between two pieces of an answer that is no watch. */
export const ANSWER_WITHIN = 30_000

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message || cause.name : String(cause))

/** Waits for the head of the answer; a GET unless `options` say otherwise. The connection is closed with the scope. */
export const send = (
  url: URL,
  options: RequestOptions,
  within: number,
  body?: string
): Effect.Effect<IncomingMessage, Unreachable | GoneQuiet, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<{ request: ClientRequest; answer: IncomingMessage }, Unreachable | GoneQuiet>((resume) => {
      const server = url.origin
      const request = (url.protocol === "http:" ? overHttp : overTls)(url, options)
      request.setTimeout(within, () => resume(Effect.fail(new GoneQuiet({ server, after: within }))))
      request.on("socket", (socket) => socket.setKeepAlive(true, 30_000))
      request.on("error", (cause) => resume(Effect.fail(new Unreachable({ server, detail: textOf(cause) }))))
      request.on("response", (answer) => {
        request.setTimeout(0)
        // A break before anybody reads must not end the process; whoever reads later is told.
        answer.on("error", () => undefined)
        resume(Effect.succeed({ request, answer }))
      })
      request.end(body)
      return Effect.sync(() => request.destroy())
    }),
    ({ request, answer }) =>
      Effect.sync(() => {
        answer.destroy()
        request.destroy()
      }),
    { interruptible: true }
  ).pipe(Effect.map(({ answer }) => answer))

/** The next bytes of a body, `undefined` at its good end. Nothing is read ahead: who does not ask makes the server wait. */
export const nextPiece = (
  answer: IncomingMessage,
  server: string,
  within: number
): Effect.Effect<Buffer | undefined, Unreachable | GoneQuiet> =>
  Effect.callback((resume) => {
    const piece = (): boolean => {
      const bytes = answer.read() as Buffer | null
      if (bytes !== null) done(Effect.succeed(bytes))
      return bytes !== null
    }
    const broken = (detail: string) => Effect.fail(new Unreachable({ server, detail }))
    const onEnd = () => done(Effect.succeed(undefined))
    const onError = (cause: Error) => done(broken(`the connection was cut (${textOf(cause)})`))
    const onClose = () => done(answer.readableEnded ? Effect.succeed(undefined) : broken("the connection was cut"))
    const timer = setTimeout(() => done(Effect.fail(new GoneQuiet({ server, after: within }))), within)
    const forget = () => {
      clearTimeout(timer)
      answer.off("readable", piece).off("end", onEnd).off("error", onError).off("close", onClose)
    }
    const done = (outcome: Effect.Effect<Buffer | undefined, Unreachable | GoneQuiet>) => {
      forget()
      resume(outcome)
    }
    answer.on("readable", piece).on("end", onEnd).on("error", onError).on("close", onClose)
    if (piece()) return Effect.void
    if (answer.readableEnded) onEnd()
    else if (answer.errored) onError(answer.errored)
    else if (answer.destroyed) onClose()
    return Effect.sync(forget)
  })

/** The whole body as text. */
export const wholeBody = Effect.fnUntraced(function* (answer: IncomingMessage, server: string, within: number) {
  const pieces: Array<Buffer> = []
  for (;;) {
    const piece = yield* nextPiece(answer, server, within)
    if (piece === undefined) return Buffer.concat(pieces).toString("utf8")
    pieces.push(piece)
  }
})

const NEWLINE = 0x0a
/** An object of etcd is at most some megabytes: a line that is longer is none of an API server. */
const LINE_BYTES_MAX = 64 * 1024 * 1024

/** The lines of a body that never ends, in batches as they come. */
export class Lines {
  readonly #answer: IncomingMessage
  readonly #server: string
  #pending: ReadonlyArray<Buffer> = []
  #bytes = 0

  constructor(answer: IncomingMessage, server: string) {
    this.#answer = answer
    this.#server = server
  }

  /** `undefined` at the end. A last line that is cut off is no line: the connection broke there. */
  next(within: number): Effect.Effect<ReadonlyArray<string> | undefined, Unreachable | GoneQuiet | Garbled> {
    return Effect.flatMap(
      nextPiece(this.#answer, this.#server, within),
      (piece): Effect.Effect<ReadonlyArray<string> | undefined, Unreachable | Garbled> => {
        if (piece !== undefined) return this.#split(piece)
        return this.#bytes === 0
          ? Effect.succeed(undefined)
          : Effect.fail(
              new Unreachable({ server: this.#server, detail: "the connection was cut in the middle of a line" })
            )
      }
    )
  }

  #split(piece: Buffer): Effect.Effect<ReadonlyArray<string>, Garbled> {
    const lines: Array<string> = []
    let from = 0
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      lines.push(Buffer.concat([...this.#pending, piece.subarray(from, at)]).toString("utf8"))
      this.#pending = []
      this.#bytes = 0
      from = at + 1
    }
    if (from < piece.length) {
      this.#pending = [...this.#pending, piece.subarray(from)]
      this.#bytes += piece.length - from
    }
    return this.#bytes > LINE_BYTES_MAX
      ? Effect.fail(new Garbled({ detail: `a line of the watch is longer than ${LINE_BYTES_MAX} bytes` }))
      : Effect.succeed(lines.filter((line) => line.trim() !== ""))
  }
}
