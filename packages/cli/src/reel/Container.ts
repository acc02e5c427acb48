/** A run of consecutive events as it lies in the file: a row of the tail, or a compressed block. */
import { createHash, hash } from "node:crypto"
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { DamagedLog } from "@kubereel/core"
import type { Block } from "./Block.ts"
import { isInColumns, outOfColumns, textOf } from "./columns.ts"
import { ShapeBook } from "./delta.ts"
import { type Line, lineOf, type Written, writtenIn } from "./Line.ts"

/** One row of either table. `body` is lines in the tail, and columns compressed with zstd in a block. */
export interface Container {
  readonly first: number
  readonly last: number
  /** The chain after the last event. */
  readonly hash: string
  /** Of everything in this row, see `digestOf`. */
  readonly digest: string
  /** CRC-32 of each line, four bytes each, big endian: says where the damage is once the digest says that there is some. */
  readonly sums: Buffer
  readonly body: Buffer | string
}

/** What is left of a container: its events up to the first bad one. */
export interface Opened {
  readonly first: number
  readonly last: number
  readonly hash: string
  readonly events: ReadonlyArray<Written>
  readonly damage: DamagedLog | undefined
}

const DIGEST_DIGITS = 32
const ZSTD_LEVEL = 3
/** Most blocks are unpacked in one piece. */
const CHUNK_BYTES = 65_536

export const sha256 = (text: string): string => hash("sha256", text)

/** The chain before the first event. */
export const GENESIS = "0".repeat(64)

/** The chain after one more event. */
export const link = (previous: string, text: string): string => sha256(previous + text)

/** The first half of the SHA-256 of a line with the row's numbers and chain, and of the body: formats 1 and 2 took it uncompressed. */
const digestOf = (row: Pick<Container, "first" | "last" | "hash">, body: Buffer | string): string =>
  createHash("sha256")
    .update(`${row.first} ${row.last} ${row.hash}\n`)
    .update(body)
    .digest("hex")
    .slice(0, DIGEST_DIGITS)

const sumsOf = (sums: ReadonlyArray<number>): Buffer => {
  const bytes = Buffer.allocUnsafe(4 * sums.length)
  for (let i = 0; i < sums.length; i++) bytes.writeUInt32BE(sums[i] as number, 4 * i)
  return bytes
}

/** A row of the tail. */
export const seal = (first: number, lines: ReadonlyArray<Line>, chain: string): Container => {
  const range = { first, last: first + lines.length - 1, hash: chain }
  const body = lines.map((line) => line.text).join("\n")
  return { ...range, digest: digestOf(range, body), sums: sumsOf(lines.map((line) => line.sum)), body }
}

/** A row of blocks. */
export const sealBlock = (first: number, block: Block, chain: string): Container => {
  const range = { first, last: first + block.length - 1, hash: chain }
  const body = zstdCompressSync(block.text(), { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } })
  return { ...range, digest: digestOf(range, body), sums: sumsOf(block.sums), body }
}

/** STRICT keeps types when writing; a damaged page may still read as others. */
const isSound = (row: Container): boolean =>
  Number.isSafeInteger(row.first) &&
  Number.isSafeInteger(row.last) &&
  typeof row.hash === "string" &&
  typeof row.digest === "string" &&
  Buffer.isBuffer(row.sums) &&
  (Buffer.isBuffer(row.body) || typeof row.body === "string")

/** What a row holds, not compressed. */
const contentIn = (body: Buffer | string): Buffer | string | undefined => {
  if (typeof body === "string") return body
  try {
    return zstdDecompressSync(body, { chunkSize: CHUNK_BYTES })
  } catch {
    return undefined
  }
}

/** The row is what was written; `content` is its body, not compressed. */
const isWhole = (row: Container, content: Buffer | string | undefined): boolean =>
  digestOf(row, row.body) === row.digest ||
  (typeof row.body !== "string" && content !== undefined && digestOf(row, content) === row.digest)

export const isProven = (row: Container): boolean => isSound(row) && isWhole(row, contentIn(row.body))

const isColumns = (content: Buffer | string): content is Buffer => typeof content !== "string" && isInColumns(content)

const linesOf = (content: Buffer | string): ReadonlyArray<string> =>
  (typeof content === "string" ? content : textOf(content)).split("\n")

/** Of a damaged row: the events that are what they were, up to the first that is not, and how many it seems to have. */
const goodEvents = (
  { sums }: Container,
  content: Buffer | string,
  book: ShapeBook
): readonly [ReadonlyArray<Written>, number] => {
  const good: Array<Written> = []
  let count = 0
  try {
    const lines = isColumns(content) ? outOfColumns(content, book) : linesOf(content)
    count = lines.length
    for (const [i, line] of lines.entries()) {
      const isLine = typeof line === "string"
      const sum = isLine ? crc32(line) : lineOf(line).sum
      if (4 * i + 4 > sums.length || sums.readUInt32BE(4 * i) !== sum) break
      good.push(isLine ? writtenIn(line) : line)
    }
  } catch {
    // What cannot be taken apart is not what was written.
  }
  return [good, count]
}

/** Checks the row and takes it apart. `from` is the event that is wanted, and the least number that is named as damaged. */
export const open = (row: Container, from: number, book = new ShapeBook()): Opened => {
  const broken = (seq: number, detail: string, events: ReadonlyArray<Written> = []): Opened => ({
    ...row,
    events,
    damage: new DamagedLog({ seq: Math.max(seq, from), detail })
  })
  if (!isSound(row)) return broken(from, "its record in the file is not readable")
  const content = contentIn(row.body)
  if (content === undefined) return broken(row.first, "the block that holds it cannot be unpacked")
  const count = row.last - row.first + 1
  if (isWhole(row, content)) {
    const events = isColumns(content) ? outOfColumns(content, book) : linesOf(content).map(writtenIn)
    if (events.length === count) return { ...row, events, damage: undefined }
  }
  const [good, found] = goodEvents(row, content, book)
  // Where no event is bad the row itself is: then its numbers, too, may be wrong.
  if (good.length >= found || good.length >= count)
    return broken(row.first, "the record that holds it does not match its digest")
  return broken(row.first + good.length, "its checksum does not match", row.first === from ? good : [])
}
