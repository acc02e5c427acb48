/** The lines of a recording, plain or compressed, read in pieces: never more of it in memory than its longest line. */
import { isUtf8 } from "node:buffer"
import { bytesOf, CutOff, type Source, TooLong } from "./bytes.ts"

/** Longer than any object that fits into etcd (1.5 MiB) by far; more than that is not a file of watch lines. */
const LINE_BYTES_MAX = 32 * 1024 * 1024
const NEWLINE = 10

export interface Line {
  /** 1, 2, 3, … */
  readonly number: number
  /** `undefined` where the bytes are not UTF-8. */
  readonly text: string | undefined
  /** False for a last line without a line feed: it may be torn. */
  readonly complete: boolean
}

const tooLong = (line: number): TooLong =>
  new TooLong(line, `line ${line} is longer than ${LINE_BYTES_MAX / 1024 / 1024} MiB`)

const decode = (bytes: Buffer, number: number): string | undefined => {
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString("utf8")
  return number === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text
}

/** The lines of a source, in batches as they were read. Throws `CutOff` after the last whole batch, `Damaged`, `TooLong`, or the system's error. */
export async function* linesOf(source: Source): AsyncGenerator<ReadonlyArray<Line>> {
  let number = 0
  let pending: Array<Buffer> = []
  let pendingBytes = 0
  const take = (bytes: Buffer, complete: boolean): Line => {
    const whole = pendingBytes === 0 ? bytes : Buffer.concat([...pending, bytes])
    pending = []
    pendingBytes = 0
    number++
    return { number, text: decode(whole, number), complete }
  }
  try {
    for await (const piece of bytesOf(source)) {
      const batch: Array<Line> = []
      let from = 0
      for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
        batch.push(take(piece.subarray(from, at), true))
        from = at + 1
      }
      if (from < piece.length) {
        pending.push(piece.subarray(from))
        pendingBytes += piece.length - from
        if (pendingBytes > LINE_BYTES_MAX) throw tooLong(number + 1)
      }
      if (batch.length > 0) yield batch
    }
  } catch (cause) {
    // What was decompressed before the cut is as good as any line: the torn rest of it is shown, too.
    if (cause instanceof CutOff && pendingBytes > 0) yield [take(Buffer.alloc(0), false)]
    throw cause
  }
  if (pendingBytes > 0) yield [take(Buffer.alloc(0), false)]
}
