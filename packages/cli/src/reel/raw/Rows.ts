/** Rows of tables, read from the leaf pages of a SQLite file without its trees. https://sqlite.org/fileformat2.html, 1.6 and 2.1. */
import { PAGE_BYTES, type Pages, type Until } from "./Pages.ts"

export type Value = number | string | Buffer | null

export interface Row {
  readonly rowid: number
  readonly values: ReadonlyArray<Value>
}

/** Where a row begins: on a page of the file, or in a frame of the `-wal`. */
export interface Place {
  readonly page: number
  readonly frame: number | undefined
  readonly offset: number
  /** Which pages its overflow is in. */
  readonly until: Until
}

const LEAF = 0x0d
const LOCAL_MAX = PAGE_BYTES - 35
const LOCAL_MIN = Math.floor(((PAGE_BYTES - 12) * 32) / 255) - 23
/** Nothing in a reel is longer; a damaged length is. */
const PAYLOAD_MAX = 512 * 1024 * 1024

class Damaged extends Error {}

/** A varint and the offset behind it, section 1.6. */
const varint = (bytes: Buffer, at: number): readonly [value: number, next: number] => {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) throw new Damaged()
    value = value * 128 + (byte & 0x7f)
    if (byte < 128) return [value, at + i + 1]
  }
  return [value * 256 + (bytes[at + 8] ?? 0), at + 9]
}

const localBytes = (payload: number): number => {
  if (payload <= LOCAL_MAX) return payload
  const kept = LOCAL_MIN + ((payload - LOCAL_MIN) % (PAGE_BYTES - 4))
  return kept <= LOCAL_MAX ? kept : LOCAL_MIN
}

/** The offsets of the rows on a page; none if it is no leaf of a table. */
const rowsOn = (page: Buffer, isFirst: boolean): ReadonlyArray<number> => {
  const header = isFirst ? 100 : 0
  if (page[header] !== LEAF) return []
  const count = Math.min(page.readUInt16BE(header + 3), PAGE_BYTES / 4)
  return Array.from({ length: count }, (_, i) => header + 8 + 2 * i)
    .filter((at) => at + 2 <= PAGE_BYTES)
    .map((at) => page.readUInt16BE(at))
    .filter((offset) => offset > header && offset < PAGE_BYTES)
}

interface Payload {
  readonly page: Buffer
  readonly at: number
  readonly size: number
}

const payloadOf = (pages: Pages, { page, at, size }: Payload, until: Until): Buffer => {
  const local = localBytes(size)
  if (size > PAYLOAD_MAX || at + local > PAGE_BYTES) throw new Damaged()
  const pieces = [page.subarray(at, at + local)]
  let missing = size - local
  let next = missing > 0 && at + local + 4 <= PAGE_BYTES ? page.readUInt32BE(at + local) : 0
  for (; missing > 0; missing -= PAGE_BYTES - 4) {
    if (next === 0) throw new Damaged()
    const overflow = pages.page(next, until)
    pieces.push(overflow.subarray(4, 4 + Math.min(missing, PAGE_BYTES - 4)))
    next = overflow.readUInt32BE(0)
  }
  return Buffer.concat(pieces)
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8]

const decodeValue = (type: number, bytes: Buffer): Value => {
  if (type === 0) return null
  if (type === 8 || type === 9) return type - 8
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString("utf8")
  if (type === 6) return Number(bytes.readBigInt64BE(0))
  return bytes.readIntBE(0, bytes.length)
}

const sizeOf = (type: number): number => {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2
  if (type === 8 || type === 9) return 0
  const bytes = INTEGER_BYTES[type]
  if (bytes === undefined) throw new Damaged()
  return bytes
}

const valuesOf = (payload: Buffer): ReadonlyArray<Value> => {
  const [headerBytes, first] = varint(payload, 0)
  const values: Array<Value> = []
  for (let at = first, body = headerBytes; at < headerBytes; ) {
    const [type, next] = varint(payload, at)
    const end = body + sizeOf(type)
    if (end > payload.length) throw new Damaged()
    values.push(decodeValue(type, payload.subarray(body, end)))
    at = next
    body = end
  }
  return values
}

/** The row at a place, or nothing that makes sense. */
export const rowAt = (pages: Pages, place: Place): Row | undefined => {
  const page = place.frame === undefined ? pages.page(place.page, -1) : pages.frame(place.frame)
  try {
    const [size, afterSize] = varint(page, place.offset)
    const [rowid, at] = varint(page, afterSize)
    return { rowid, values: valuesOf(payloadOf(pages, { page, at, size }, place.until)) }
  } catch (cause) {
    if (cause instanceof Damaged) return undefined
    throw cause
  }
}

/** Every row of every table that can be found, also those that SQLite has given up: whoever takes one must know it by itself. */
export function* places(pages: Pages): Generator<Place> {
  for (let page = 1; page <= pages.count; page++) {
    for (const offset of rowsOn(pages.page(page, -1), page === 1)) yield { page, frame: undefined, offset, until: -1 }
  }
  const frames = pages.wal?.frames ?? []
  let until = -1
  for (const [frame, { page }] of frames.entries()) {
    if (until < frame) {
      const commit = frames.findIndex(({ commits }, i) => commits && i >= frame)
      until = commit === -1 ? frames.length - 1 : commit
    }
    for (const offset of rowsOn(pages.frame(frame), page === 1)) yield { page, frame, offset, until }
  }
}
