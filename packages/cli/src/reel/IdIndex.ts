/**
 * Which events may have an identity: a hash table of 32-bit fingerprints for the newest ones, and a file beside the reel for the
 * rest, so that memory does not grow with the log. The file has no name: it ends with its process, whatever becomes of that.
 */
import { rmSync } from "node:fs"
import Database from "better-sqlite3"

/** Places of the table when it is full: 4 MiB, for 350,000 identities. */
const PLACES_MAX = 2 ** 19
/** Kibibytes of the file that are held in memory. */
const CACHE = 8_192

/** FNV-1a. */
const fingerprint = (id: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** What the table had no room for. Nothing of it is durable: whoever opens the reel reads it anyway. */
class Overflow {
  readonly #db: Database.Database
  readonly #insert: Database.Statement<[number, number]>
  readonly #select: Database.Statement<[number], number>

  constructor(file: string) {
    rmSync(file, { force: true })
    const db = new Database(file)
    try {
      db.pragma("page_size = 4096")
      // Without it SQLite keeps a journal, in spite of all that is said about it.
      db.unsafeMode()
      db.pragma("journal_mode = OFF")
      db.pragma("synchronous = OFF")
      db.pragma("locking_mode = EXCLUSIVE")
      db.pragma(`cache_size = -${CACHE}`)
      db.exec("CREATE TABLE id(print INTEGER, seq INTEGER, PRIMARY KEY(print, seq)) WITHOUT ROWID, STRICT")
      this.#insert = db.prepare("INSERT OR IGNORE INTO id VALUES (?, ?)")
      this.#select = db.prepare<[number], number>("SELECT seq FROM id WHERE print = ?").pluck()
      rmSync(file)
    } catch (cause) {
      db.close()
      rmSync(file, { force: true })
      throw cause
    }
    this.#db = db
  }

  /** In the order of fingerprints, so that each page is visited once. */
  add(prints: Uint32Array, seqs: Uint32Array): void {
    const places = [...seqs.keys()].filter((slot) => seqs[slot] !== 0)
    places.sort((a, b) => (prints[a] as number) - (prints[b] as number))
    this.#db.transaction(() => {
      for (const slot of places) this.#insert.run(prints[slot] as number, seqs[slot] as number)
    })()
  }

  with(print: number): ReadonlyArray<number> {
    return this.#select.all(print)
  }

  forget(isGone: (seq: number) => boolean): void {
    this.#db.function("is_gone", (seq) => (isGone(Number(seq)) ? 1 : 0))
    this.#db.exec("DELETE FROM id WHERE is_gone(seq)")
  }

  close(): void {
    this.#db.close()
  }
}

/** Names candidates only: the caller compares the true identities. */
export class IdIndex {
  readonly #file: string
  readonly #max: number
  #prints = new Uint32Array(1_024)
  /** 0 marks a free place. */
  #seqs = new Uint32Array(1_024)
  #size = 0
  #overflow: Overflow | undefined

  /** `file`: may be made beside the reel. */
  constructor(file: string, max: number = PLACES_MAX) {
    this.#file = file
    this.#max = max
  }

  add(id: string, seq: number): void {
    if (this.#size * 3 >= this.#seqs.length * 2 && !(this.#seqs.length >= this.#max && this.#spill())) this.#grow()
    this.#place(fingerprint(id), seq)
    this.#size++
  }

  /** Numbers of events that may have this identity; all that do are among them. */
  *candidates(id: string): Generator<number> {
    const print = fingerprint(id)
    const mask = this.#seqs.length - 1
    for (let slot = print & mask; this.#seqs[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#prints[slot] === print) yield this.#seqs[slot] as number
    }
    if (this.#overflow !== undefined) yield* this.#overflow.with(print)
  }

  /** Forgets the events for which that holds. */
  forget(isGone: (seq: number) => boolean): void {
    const [prints, seqs] = [this.#prints, this.#seqs]
    this.#empty()
    for (const [slot, seq] of seqs.entries()) {
      if (seq === 0 || isGone(seq)) continue
      this.#place(prints[slot] as number, seq)
      this.#size++
    }
    this.#overflow?.forget(isGone)
  }

  close(): void {
    this.#overflow?.close()
    this.#overflow = undefined
  }

  /** Where there is no room for a file, the table grows after all. */
  #spill(): boolean {
    try {
      this.#overflow ??= new Overflow(this.#file)
      this.#overflow.add(this.#prints, this.#seqs)
    } catch {
      return false
    }
    this.#empty()
    return true
  }

  #empty(): void {
    this.#prints = new Uint32Array(this.#prints.length)
    this.#seqs = new Uint32Array(this.#seqs.length)
    this.#size = 0
  }

  #place(print: number, seq: number): void {
    const mask = this.#seqs.length - 1
    let slot = print & mask
    while (this.#seqs[slot] !== 0) slot = (slot + 1) & mask
    this.#prints[slot] = print
    this.#seqs[slot] = seq
  }

  #grow(): void {
    const [prints, seqs] = [this.#prints, this.#seqs]
    this.#prints = new Uint32Array(prints.length * 2)
    this.#seqs = new Uint32Array(seqs.length * 2)
    for (const [slot, seq] of seqs.entries()) if (seq !== 0) this.#place(prints[slot] as number, seq)
  }
}
