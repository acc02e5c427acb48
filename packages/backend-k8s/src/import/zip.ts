/** The files of a zip archive, by the directory at its end (PKWARE's APPNOTE 6.3.10, 4.3). */
import { createReadStream } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { type Readable, Transform } from "node:stream"
import { crc32, createInflateRaw, createZstdDecompress } from "node:zlib"
import { Damaged } from "./bytes.ts"

export interface ZipEntry {
  readonly path: string
  /** Why its content cannot be given. */
  readonly refused?: string
  readonly open: () => AsyncIterable<Buffer>
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const IN_EXTRA = 0xffffffff
const ENCRYPTED = 1

export const isZip = (head: Buffer): boolean => head.length >= 4 && head.readUInt32LE(0) === LOCAL

const slice = async (file: FileHandle, from: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, from)
  if (bytesRead < length) throw new Damaged("the zip archive is damaged")
  return bytes
}

/** Where the directory is. It stands at the end: a file that was cut off has none. */
const directory = async (file: FileHandle): Promise<Buffer> => {
  const { size } = await file.stat()
  const tail = await slice(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
  let at = tail.length - 22
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--
  if (at < 0) throw new Damaged("the zip archive is cut off: its directory, which stands at the end, is missing")
  let [length, from] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)]
  if (at >= 20 && tail.readUInt32LE(at - 20) === LOCATOR_64) {
    const end = await slice(file, Number(tail.readBigUInt64LE(at - 12)), 56)
    if (end.readUInt32LE(0) !== END_64) throw new Damaged("the zip archive is damaged")
    length = Number(end.readBigUInt64LE(40))
    from = Number(end.readBigUInt64LE(48))
  }
  return slice(file, from, length)
}

interface Place {
  readonly offset: number
  readonly length: number
  readonly crc: number
  readonly method: number
}

/** Sizes that need more than 32 bits stand in an extra field, those that do, in this order. */
const wide = (extra: Buffer, sizes: ReadonlyArray<number>): ReadonlyArray<number> => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let next = at + 4
    return sizes.map((size) => {
      if (size !== IN_EXTRA) return size
      next += 8
      return Number(extra.readBigUInt64LE(next - 8))
    })
  }
  return sizes
}

const decompressors: { readonly [method: number]: () => Transform } = {
  8: () => createInflateRaw(),
  93: () => createZstdDecompress() as unknown as Transform
}

/** Passes everything on, and fails at the end if it is not what was packed. */
const checked = (crc: number): Transform => {
  let sum = 0
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      sum = crc32(piece, sum)
      done(null, piece)
    },
    flush(done) {
      done(sum === crc ? null : new Damaged("its checksum is wrong"))
    }
  })
}

async function* content(name: string, { crc, length, method, offset }: Place): AsyncGenerator<Buffer> {
  const file = await open(name)
  let head: Buffer
  try {
    head = await slice(file, offset, 30)
  } finally {
    await file.close()
  }
  if (head.readUInt32LE(0) !== LOCAL) throw new Damaged("the zip archive is damaged")
  const start = offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  if (length === 0) return
  const packed = createReadStream(name, { start, end: start + length - 1 })
  const unpack = decompressors[method]
  const stages: Array<Readable> = [packed]
  for (const stage of [...(unpack === undefined ? [] : [unpack()]), checked(crc)]) {
    const before = stages.at(-1) as Readable
    before.on("error", (cause) => stage.destroy(cause))
    before.pipe(stage)
    stages.push(stage)
  }
  try {
    for await (const piece of stages.at(-1) as Readable) yield piece as Buffer
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown }
    throw /^(?:Z|ZSTD)_/.test(String(code)) ? new Damaged("the compressed data is damaged") : cause
  } finally {
    for (const stage of stages) stage.destroy()
  }
}

/** Throws `Damaged` or the system's error. Folders are left out. */
export async function* entriesOf(name: string): AsyncGenerator<ZipEntry> {
  const file = await open(name)
  let bytes: Buffer
  try {
    bytes = await directory(file)
  } finally {
    await file.close()
  }
  for (let at = 0; at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL; ) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number
    ]
    const [flags, method, crc] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16)]
    const path = bytes.toString("utf8", at + 46, at + 46 + nameLength)
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    const [, length = 0, offset = 0] = wide(
      extra,
      [24, 20, 42].map((field) => bytes.readUInt32LE(at + field))
    )
    at += 46 + nameLength + extraLength + commentLength
    if (path.endsWith("/")) continue
    const refused =
      (flags & ENCRYPTED) !== 0
        ? "is encrypted"
        : method !== 0 && decompressors[method] === undefined
          ? `is compressed in a way that is not known (${method})`
          : undefined
    yield {
      path,
      ...(refused === undefined ? {} : { refused }),
      open: () => content(name, { offset, length, crc, method })
    }
  }
}
