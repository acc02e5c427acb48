/** The bytes of a recording wherever they lie, decompressed if their first ones say so. */
import { createReadStream } from "node:fs"
import { Readable } from "node:stream"
import { createGunzip, createZstdDecompress } from "node:zlib"

/** Something that can be read from its beginning, more than once: a file, or a member of an archive. */
export interface Source {
  /** As the user knows it. */
  readonly name: string
  readonly open: () => AsyncIterable<Buffer>
}

/** The compressed data ended before its end mark: a file that was cut off. */
export class CutOff extends Error {}
/** The compressed data is damaged. */
export class Damaged extends Error {}
export class TooLong extends Error {
  readonly line: number
  constructor(line: number, words: string) {
    super(words)
    this.line = line
  }
}

const PIECE_BYTES = 64 * 1024

export const fileSource = (file: string): Source => ({
  name: file,
  open: () => createReadStream(file, { highWaterMark: PIECE_BYTES })
})

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

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

async function* decompressed(
  pieces: AsyncGenerator<Buffer>,
  how: () => NodeJS.ReadWriteStream
): AsyncGenerator<Buffer> {
  const source = Readable.from(pieces, { objectMode: false, highWaterMark: PIECE_BYTES })
  const output = how() as unknown as Readable & NodeJS.WritableStream
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

/** The bytes of the source, decompressed if its first bytes say so (the name does not matter). Throws `CutOff`, `Damaged` or the system's error. */
export async function* bytesOf(source: Source): AsyncGenerator<Buffer> {
  const pieces = source.open()[Symbol.asyncIterator]()
  try {
    const first = await pieces.next()
    if (first.done === true) return
    const found = magics.find(([magic]) => first.value.subarray(0, magic.length).equals(magic))
    const all = joined(first.value, pieces)
    yield* found === undefined ? all : decompressed(all, found[1])
  } finally {
    await pieces.return?.()
  }
}
