/** A log that somebody reads on as it is written: whatever is there comes at once, the rest as the cluster's clock moves. */
import {
  type Instant,
  type LogReading,
  later,
  nextPrinted,
  printedLines,
  readLines,
  type WrittenLine,
  withinBytes
} from "@kubereel/core"
import type { Process } from "../runtime/Process.ts"

/** What the process has written by then; one that ended wrote nothing more. `after`: only what came later than that. */
export const writtenLines = (
  { begun, container, run }: Readonly<Process>,
  now: Instant,
  after?: Instant
): ReadonlyArray<WrittenLine> => {
  const until = container.state === "exited" ? Math.min(now, container.finishedAt ?? now) : now
  return printedLines(run.log, until - begun, after === undefined ? undefined : after - begun).map(({ at, line }) => ({
    at: later(begun, at),
    line
  }))
}

const sizeOf = (text: string): number => new TextEncoder().encode(text).length

export class LogFollower implements AsyncIterable<string> {
  readonly #process: Readonly<Process>
  readonly #reading: LogReading
  readonly #ended: () => void
  /** Up to when it has read; `undefined`: it has only begun. */
  #read: Instant | undefined
  /** Bytes that may still be shown. */
  #left: number
  #text = ""
  #over = false
  #wake: (() => void) | undefined

  /** `ended`: nobody has to look after it any more. */
  constructor(process: Readonly<Process>, reading: LogReading, ended: () => void) {
    this.#process = process
    this.#reading = reading
    this.#left = reading.limitBytes ?? Number.POSITIVE_INFINITY
    this.#ended = ended
  }

  /** The clock has moved. */
  look(now: Instant): void {
    const lines = writtenLines(this.#process, now, this.#read)
    const { since, timestamps } = this.#reading
    // The last so many lines are those of the beginning: what comes later is read on.
    const rest = { timestamps, since, tailLines: undefined, limitBytes: undefined }
    const shown = readLines(lines, this.#read === undefined ? this.#reading : rest).join("")
    this.#read = now
    const fits = Number.isFinite(this.#left) ? withinBytes(shown, this.#left) : shown
    this.#left -= sizeOf(fits)
    this.#text += fits
    if (this.#process.container.state === "exited" || this.#left <= 0) this.end()
    else if (this.#text !== "") this.#wake?.()
  }

  /** When the process writes next, if nothing happens to it. */
  next(now: Instant): Instant | undefined {
    const { begun, run } = this.#process
    const next = nextPrinted(run.log, now - begun)
    return next === undefined ? undefined : later(begun, next)
  }

  /** Nothing more is written, or nobody listens. */
  end(): void {
    this.#over = true
    this.#ended()
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      for (;;) {
        const text = this.#text
        this.#text = ""
        if (text !== "") yield text
        else if (this.#over) return
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
      }
    } finally {
      if (!this.#over) this.end()
    }
  }
}
