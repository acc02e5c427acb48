/** A log that somebody reads on as it is written: whatever is there comes at once, the rest as the cluster's clock moves. */
import { type Instant, type LogReading, later, readLines, type WrittenLine, withinBytes } from "@kubereel/core"
import type { Process } from "../runtime/Process.ts"

/** What the process has written by then; one that ended wrote nothing more. */
export const writtenLines = (
  { begun, container, run }: Readonly<Process>,
  now: Instant
): ReadonlyArray<WrittenLine> => {
  const until = container.state === "exited" ? Math.min(now, container.finishedAt ?? now) : now
  return run.log
    .map(({ at, line }) => ({ at: later(begun, at), line }))
    .filter(({ at }) => at <= until)
    .sort((a, b) => a.at - b.at)
}

const sizeOf = (text: string): number => new TextEncoder().encode(text).length

export class LogFollower implements AsyncIterable<string> {
  readonly #process: Readonly<Process>
  readonly #reading: LogReading
  readonly #ended: () => void
  /** How many lines were read. */
  #read = 0
  /** Bytes that may still be shown. */
  #left: number
  #first = true
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
    const lines = writtenLines(this.#process, now)
    const { since, timestamps } = this.#reading
    // The last so many lines are those of the beginning: what comes later is read on.
    const reading = this.#first ? this.#reading : { timestamps, since, tailLines: undefined, limitBytes: undefined }
    const shown = readLines(this.#first ? lines : lines.slice(this.#read), reading).join("")
    this.#first = false
    this.#read = lines.length
    const fits = Number.isFinite(this.#left) ? withinBytes(shown, this.#left) : shown
    this.#left -= sizeOf(fits)
    this.#text += fits
    if (this.#process.container.state === "exited" || this.#left <= 0) this.end()
    else if (this.#text !== "") this.#wake?.()
  }

  /** When the process writes next, if nothing happens to it. */
  next(now: Instant): Instant | undefined {
    const { begun, run } = this.#process
    const times = run.log.map(({ at }) => later(begun, at)).filter((at) => at > now)
    return times.length === 0 ? undefined : (Math.min(...times) as Instant)
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
