/** A file of lines, plain or compressed, read in pieces: never more of it in memory than its longest line. */
import { isUtf8 } from "node:buffer"
import { createReadStream } from "node:fs"
import type { Readable } from "node:stream"
import { createGunzip, createZstdDecompress } from "node:zlib"

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

/** The compressed data ended before its end mark: a file that was cut off. */
export class CutOff extends Error {}
/** The compressed data is damaged. */
export class Damaged extends Error {}
export class TooLong extends Error {
  readonly line: number
  constructor(line: number) {
    super(`line ${line} is longer than ${LINE_BYTES_MAX / 1024 / 1024} MiB`)
    this.line = line
  }
}

const magics: ReadonlyArray<readonly [magic: Buffer, decompress: () => NodeJS.ReadWriteStream]> = [
  [Buffer.from([0x1f, 0x8b]), () => createGunzip()],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), () => createZstdDecompress()]
]

const codeOf = (cause: unknown): string => {
  const code = (cause as { readonly code?: unknown }).code
  return typeof code === "string" ? code : ""
}

/** What zlib says when the input ends early, in Node's words for the two formats. */
const isCutOff = (cause: unknown): boolean =>
  codeOf(cause) === "Z_BUF_ERROR" ||
  (cause instanceof Error && /unexpected end of file|ended prematurely|incomplete/i.test(cause.message))

async function* decompressed(file: string, first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  const found = magics.find(([magic]) => first.subarray(0, magic.length).equals(magic))
  if (found === undefined) {
    if (first.length > 0) yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
    return
  }
  const source = createReadStream(file, { highWaterMark: 64 * 1024 })
  const output = found[1]() as unknown as Readable & NodeJS.WritableStream
  source.on("error", (cause) => output.destroy(cause))
  source.pipe(output)
  try {
    for await (const piece of output) yield piece as Buffer
  } catch (cause) {
    if (isCutOff(cause)) throw new CutOff("the compressed data ends too early")
    throw codeOf(cause).startsWith("Z_") || codeOf(cause).startsWith("ZSTD_")
      ? new Damaged("the compressed data is damaged")
      : cause
  } finally {
    source.destroy()
    output.destroy()
  }
}

/** The bytes of the file, decompressed if its first bytes say so (the name does not matter). */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: 64 * 1024 })
  try {
    const pieces: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
    const first = await pieces.next()
    if (first.done !== true) yield* decompressed(file, first.value, pieces)
  } finally {
    stream.destroy()
  }
}

const decode = (bytes: Buffer, number: number): string | undefined => {
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString("utf8")
  return number === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text
}

/** The lines of a file, in batches as they were read. Throws `CutOff` after the last whole batch, `Damaged`, `TooLong`, or the system's error. */
export async function* linesOf(file: string): AsyncGenerator<ReadonlyArray<Line>> {
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
    for await (const piece of bytesOf(file)) {
      const batch: Array<Line> = []
      let from = 0
      for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
        batch.push(take(piece.subarray(from, at), true))
        from = at + 1
      }
      if (from < piece.length) {
        pending.push(piece.subarray(from))
        pendingBytes += piece.length - from
        if (pendingBytes > LINE_BYTES_MAX) throw new TooLong(number + 1)
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
