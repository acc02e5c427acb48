/** Cuts bytes into JSON values without parsing them; the entries of a long list come one by one. */
import { TooLong } from "./bytes.ts"

const VALUE_BYTES_MAX = 32 * 1024 * 1024

export interface JsonPiece {
  /** A whole value, or the entry of a list at its top (`items`, an array, CloudWatch's events). */
  readonly kind: "value" | "entry"
  readonly text: Buffer
  /** For an entry: what stood before the list, where `kind` often is. */
  readonly head: string
  /** The line on which it ends. */
  readonly line: number
}

/** What follows is no JSON. */
export class NotJson extends Error {
  readonly line: number
  constructor(line: number) {
    super("is not JSON")
    this.line = line
  }
}

const lists: ReadonlySet<string> = new Set(["items", "events", "logEvents"])
const HEAD_BYTES = 4096

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x7b, 0x5b])
const CLOSE = new Set([0x7d, 0x5d])
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** A state machine over the bytes: knows strings, escapes and how deep it is, nothing else. */
export class JsonSplitter {
  #line = 1
  #depth = 0
  #inString = false
  #escaped = false
  /** How deep the list stands whose entries come one by one; 0: there is none. */
  #listDepth = 0
  #pending: Array<Buffer> = []
  #pendingBytes = 0
  /** The value around the list, as far as it was read, without the entries. */
  #around: Array<Buffer> = []
  #head = ""
  /** The last string at depth 1, while only blanks and a colon follow: the key of a list, perhaps. */
  #key = ""
  #keyFrom = -1

  /** Bytes that are not yet a whole value. */
  get isOpen(): boolean {
    return this.#depth > 0
  }

  get line(): number {
    return this.#line
  }

  push(bytes: Buffer): ReadonlyArray<JsonPiece> {
    const out: Array<JsonPiece> = []
    let from = 0
    this.#keyFrom = this.#keyFrom === -1 ? -1 : 0
    let keyHead = this.#keyFrom === 0 ? this.#key : ""
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (byte === 0x0a) this.#line++
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) {
          this.#inString = false
          if (this.#keyFrom !== -1) {
            this.#key = keyHead + bytes.toString("latin1", this.#keyFrom, Math.min(at, this.#keyFrom + 16))
            this.#keyFrom = -1
          }
        }
      } else if (byte === QUOTE) {
        if (this.#depth === 0) throw new NotJson(this.#line)
        this.#inString = true
        this.#key = ""
        if (this.#depth === 1) {
          this.#keyFrom = at + 1
          keyHead = ""
        }
      } else if (OPEN.has(byte)) {
        if (this.#depth === 0 && byte === 0x5b) this.#listDepth = 1
        else if (this.#depth === 1 && byte === 0x5b && this.#listDepth === 0 && lists.has(this.#key))
          this.#listDepth = 2
        if (this.#depth === 0) from = at
        this.#depth++
        if (this.#depth === this.#listDepth && byte === 0x5b) {
          this.#take(this.#around, bytes.subarray(from, at + 1))
          this.#head = Buffer.concat(this.#around).toString("utf8", 0, HEAD_BYTES)
          from = at + 1
        } else if (this.#depth === this.#listDepth + 1 && byte === 0x7b && this.#listDepth > 0) {
          // What stands between two entries (a comma, blanks) belongs to neither.
          this.#pending = []
          this.#pendingBytes = 0
          from = at
        }
      } else if (CLOSE.has(byte)) {
        if (this.#depth === 0) throw new NotJson(this.#line)
        this.#depth--
        if (this.#listDepth > 0 && this.#depth === this.#listDepth && byte === 0x7d) {
          const text = Buffer.concat([...this.#pending, bytes.subarray(from, at + 1)])
          out.push({ kind: "entry", text, head: this.#head, line: this.#line })
          this.#forget()
          from = at + 1
        } else if (this.#listDepth > 0 && this.#depth === this.#listDepth - 1) {
          // The list ends; a value around it goes on from here.
          this.#forget()
          from = at
          this.#listDepth = 0
        }
        if (this.#depth === 0) {
          const text = Buffer.concat([...this.#around, ...this.#pending, bytes.subarray(from, at + 1)])
          out.push({ kind: "value", text, head: "", line: this.#line })
          this.#forget()
          this.#around = []
          this.#listDepth = 0
          from = at + 1
        }
      } else if (this.#depth === 0) {
        // Between two values: blanks, a byte order mark.
        if (!isBlank(byte) && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) throw new NotJson(this.#line)
        from = at + 1
      } else if (byte === 0x2c) this.#key = ""
    }
    if (this.#keyFrom !== -1) {
      this.#key = keyHead + bytes.toString("latin1", this.#keyFrom, Math.min(bytes.length, this.#keyFrom + 16))
    }
    if (from < bytes.length && this.#depth > 0) this.#take(this.#pending, bytes.subarray(from))
    return out
  }

  #take(into: Array<Buffer>, bytes: Buffer): void {
    if (into === this.#around) into.push(...this.#pending)
    into.push(bytes)
    if (into === this.#around) this.#forget()
    else this.#pendingBytes += bytes.length
    if (this.#pendingBytes > VALUE_BYTES_MAX)
      throw new TooLong(this.#line, `a value is longer than ${VALUE_BYTES_MAX / 1024 / 1024} MiB`)
  }

  #forget(): void {
    this.#pending = []
    this.#pendingBytes = 0
  }
}
