/** A run of consecutive events as it lies in the file: a row of the tail, or a compressed block. */
import { hash } from "node:crypto"
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { DamagedLog } from "@kubereel/core"

/** One row of either table. `body` is text in the tail, and the same text compressed with zstd in a block. */
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

/** What is left of a container: its lines up to the first bad one. */
export interface Opened {
  readonly first: number
  readonly last: number
  readonly hash: string
  readonly lines: ReadonlyArray<string>
  readonly damage: DamagedLog | undefined
}

const DIGEST_DIGITS = 32
const ZSTD_LEVEL = 3

export const sha256 = (text: string): string => hash("sha256", text)

/** The chain before the first event. */
export const GENESIS = "0".repeat(64)

/** The chain after one more event. */
export const link = (previous: string, text: string): string => sha256(previous + text)

/** The first half of the SHA-256 of a line with the row's numbers and chain, and of the uncompressed text. */
const digestOf = (row: Pick<Container, "first" | "last" | "hash">, text: string): string =>
  sha256(`${row.first} ${row.last} ${row.hash}\n${text}`).slice(0, DIGEST_DIGITS)

const sumsOf = (lines: ReadonlyArray<string>): Buffer => {
  const sums = Buffer.allocUnsafe(4 * lines.length)
  for (const [i, line] of lines.entries()) sums.writeUInt32BE(crc32(line), 4 * i)
  return sums
}

/** The row for these lines. */
export const seal = (first: number, lines: ReadonlyArray<string>, chain: string, pack: boolean): Container => {
  const text = lines.join("\n")
  const range = { first, last: first + lines.length - 1, hash: chain }
  const body = pack ? zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }) : text
  return { ...range, digest: digestOf(range, text), sums: sumsOf(lines), body }
}

/** STRICT keeps types when writing; a damaged page may still read as others. */
const isSound = (row: Container): boolean =>
  Number.isSafeInteger(row.first) &&
  Number.isSafeInteger(row.last) &&
  typeof row.hash === "string" &&
  typeof row.digest === "string" &&
  Buffer.isBuffer(row.sums) &&
  (Buffer.isBuffer(row.body) || typeof row.body === "string")

const textOf = (body: Buffer | string): string | undefined => {
  if (typeof body === "string") return body
  try {
    return zstdDecompressSync(body).toString()
  } catch {
    return undefined
  }
}

/** How many of the first lines are what they were. */
const goodLines = (row: Container, lines: ReadonlyArray<string>): number => {
  const bad = lines.findIndex((line, i) => 4 * i + 4 > row.sums.length || row.sums.readUInt32BE(4 * i) !== crc32(line))
  return bad === -1 ? lines.length : bad
}

/** Checks the row and takes it apart. `from` is the event that is wanted, and the least number that is named as damaged. */
export const open = (row: Container, from: number): Opened => {
  const broken = (seq: number, detail: string, lines: ReadonlyArray<string> = []): Opened => ({
    ...row,
    lines,
    damage: new DamagedLog({ seq: Math.max(seq, from), detail })
  })
  if (!isSound(row)) return broken(from, "its record in the file is not readable")
  const text = textOf(row.body)
  if (text === undefined) return broken(row.first, "the block that holds it cannot be unpacked")
  const lines = text.split("\n")
  if (digestOf(row, text) === row.digest && lines.length === row.last - row.first + 1)
    return { ...row, lines, damage: undefined }
  const good = goodLines(row, lines)
  // Where no line is bad the row itself is: then its numbers, too, may be wrong.
  if (good >= lines.length || good > row.last - row.first)
    return broken(row.first, "the record that holds it does not match its digest")
  return broken(row.first + good, "its checksum does not match", row.first === from ? lines.slice(0, good) : [])
}
