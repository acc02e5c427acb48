/**
 * The pages of a SQLite file and of its `-wal` as they lie on the disk, without SQLite: for files that it refuses or misreads.
 * https://sqlite.org/fileformat2.html, sections 1.2 and 4.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs"

export const PAGE_BYTES = 16_384
const WAL_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/** One page image in the `-wal`. */
export interface Frame {
  readonly page: number
  readonly offset: number
  /** The last one of its transaction. */
  readonly commits: boolean
  /** Belongs to the generation that the header of the `-wal` names. */
  readonly isCurrent: boolean
  /** It and all before it are as SQLite wrote them. */
  readonly isSound: boolean
}

export interface Wal {
  readonly frames: ReadonlyArray<Frame>
  readonly hasHeader: boolean
}

class File {
  readonly bytes: number
  readonly #handle: number

  constructor(path: string) {
    this.#handle = openSync(path, "r")
    this.bytes = fstatSync(this.#handle).size
  }

  /** What of it there is; a page that is cut off is filled up with zeros. */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    if (offset < this.bytes) readSync(this.#handle, bytes, 0, length, offset)
    return bytes
  }

  close(): void {
    closeSync(this.#handle)
  }
}

/** The running checksum of a `-wal`, section 4.2. */
class Sum {
  #a = 0
  #b = 0
  readonly #bigEndian: boolean

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian
  }

  add(bytes: Buffer): void {
    const words = this.#bigEndian ? (at: number) => bytes.readUInt32BE(at) : (at: number) => bytes.readUInt32LE(at)
    for (let at = 0; at < bytes.length; at += 8) {
      this.#a = (this.#a + words(at) + this.#b) >>> 0
      this.#b = (this.#b + words(at + 4) + this.#a) >>> 0
    }
  }

  is(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#a && bytes.readUInt32BE(at + 4) === this.#b
  }
}

const framesOf = (file: File): Wal => {
  const header = file.read(0, WAL_HEADER_BYTES)
  const magic = header.readUInt32BE(0)
  const sum = new Sum(magic === 0x377f0683)
  sum.add(header.subarray(0, 24))
  const hasHeader = (magic === 0x377f0682 || magic === 0x377f0683) && sum.is(header, 24)
  const frames: Array<Frame> = []
  let isSound = hasHeader
  for (let at = WAL_HEADER_BYTES; at + FRAME_HEADER_BYTES + PAGE_BYTES <= file.bytes; ) {
    const frame = file.read(at, FRAME_HEADER_BYTES + PAGE_BYTES)
    const isCurrent = frame.subarray(8, 16).equals(header.subarray(16, 24))
    if (isSound && isCurrent) {
      sum.add(frame.subarray(0, 8))
      sum.add(frame.subarray(FRAME_HEADER_BYTES))
    }
    isSound &&= isCurrent && sum.is(frame, 16)
    frames.push({
      page: frame.readUInt32BE(0),
      offset: at + FRAME_HEADER_BYTES,
      commits: frame.readUInt32BE(4) !== 0,
      isCurrent,
      isSound
    })
    at += frame.length
  }
  return { frames, hasHeader }
}

const openIfThere = (path: string): File | undefined => {
  try {
    return new File(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw cause
  }
}

/** Up to which frame a reader of the `-wal` sees; -1: the file alone. */
export type Until = number

export class Pages {
  readonly wal: Wal | undefined
  readonly count: number
  readonly #file: File
  readonly #walFile: File | undefined
  /** The frames of each page, in order. */
  readonly #framesOf = new Map<number, Array<number>>()

  constructor(path: string) {
    this.#file = new File(path)
    this.#walFile = openIfThere(`${path}-wal`)
    this.wal = this.#walFile === undefined ? undefined : framesOf(this.#walFile)
    this.count = Math.ceil(this.#file.bytes / PAGE_BYTES)
    for (const [index, { page }] of (this.wal?.frames ?? []).entries()) {
      const known = this.#framesOf.get(page)
      if (known === undefined) this.#framesOf.set(page, [index])
      else known.push(index)
    }
  }

  get bytes(): number {
    return this.#file.bytes
  }

  /** The header of the file says that its newest pages are in a `-wal`. */
  get isWal(): boolean {
    return this.#file.read(18, 2).readUInt16BE(0) === 0x0202
  }

  /** A page as a reader saw it after that frame. */
  page(number: number, until: Until): Buffer {
    const frame = this.#framesOf.get(number)?.findLast((index) => index <= until)
    return frame === undefined ? this.#file.read((number - 1) * PAGE_BYTES, PAGE_BYTES) : this.frame(frame)
  }

  frame(index: number): Buffer {
    const frame = this.wal?.frames[index]
    return frame === undefined || this.#walFile === undefined
      ? Buffer.alloc(PAGE_BYTES)
      : this.#walFile.read(frame.offset, PAGE_BYTES)
  }

  close(): void {
    this.#file.close()
    this.#walFile?.close()
  }
}

/**
 * What of the `-wal` is lost to SQLite, which stops without a word at the first frame that is wrong. A commit after the end of
 * the transaction with that frame was written after the disk had confirmed it: then it was whole once. Without one it may be
 * the last transaction of a writer that died, which nobody was promised.
 */
const walDamage = ({ frames, hasHeader }: Wal): string | undefined => {
  if (!hasHeader) return frames.length === 0 ? undefined : "the header of its -wal is damaged"
  const bad = frames.findIndex(({ isSound }) => !isSound)
  if (bad === -1) return undefined
  const later = frames.slice(bad).filter(({ commits, isCurrent }) => commits && isCurrent).length
  return later < 2 ? undefined : `its -wal is damaged in frame ${bad + 1}`
}

export const walDamageOf = (file: string): string | undefined => {
  const pages = new Pages(file)
  try {
    return pages.wal === undefined ? undefined : walDamage(pages.wal)
  } finally {
    pages.close()
  }
}
