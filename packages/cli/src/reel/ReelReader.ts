/** Reading events out of a reel: in order, container by container, or one by its number. */
import { type ClusterEvent, DamagedLog, type JsonObject, recognise } from "@kubereel/core"
import type Database from "better-sqlite3"
import { type Base, Bases } from "./Bases.ts"
import { type Container, type Opened, open } from "./Container.ts"
import { ShapeBook } from "./delta.ts"
import { contentOf, type Written } from "./Line.ts"

/** An event as it was stored, in the words of the version that wrote it. */
export interface Stored {
  readonly seq: number
  readonly version: number
  readonly content: JsonObject
}

/** The events of one container from the wanted one on, up to the first bad one. */
export interface Page {
  readonly events: ReadonlyArray<Stored>
  readonly last: number
  /** The chain after the last event of the container. */
  readonly hash: string
  readonly damage: DamagedLog | undefined
}

const CONTAINERS_KEPT = 8
const EVENTS_KEPT = 1_024

export const eventOf = ({ content, version }: Pick<Stored, "content" | "version">): ClusterEvent =>
  recognise(version, content)

/** Drops what was put in first. */
const trim = (map: Map<number, unknown>, size: number): void => {
  for (const key of map.keys()) {
    if (map.size <= size) return
    map.delete(key)
  }
}

/** The container that holds an event, or the nearest before it. */
export type Select = (seq: number) => Container | undefined

/** The containers of an open reel. */
export const selectFrom = (db: Database.Database): Select => {
  const newest = (table: "block" | "tail") =>
    db.prepare<[number], Container>(
      `SELECT first, last, hash, digest, sums, body FROM ${table} WHERE first <= ? ORDER BY first DESC LIMIT 1`
    )
  const [block, tail] = [newest("block"), newest("tail")]
  // One transaction, because a writer may fold the tail into a block between the two.
  return db.transaction((seq: number) => {
    const packed = block.get(seq)
    // A damaged `last` must not hide a block.
    return packed !== undefined && !(packed.last < seq) ? packed : tail.get(seq)
  })
}

export class ReelReader {
  readonly #select: Select
  readonly #kept: (seq: number) => Pick<Stored, "version" | "content"> | undefined
  /** For look-ups: containers and events that were opened lately. */
  readonly #opened = new Map<number, Opened>()
  readonly #events = new Map<number, Base<JsonObject>>()
  readonly #book = new ShapeBook()

  /** `kept` knows the events of before a horizon that later ones are written against. */
  constructor(
    select: Select,
    kept: (seq: number) => Pick<Stored, "version" | "content"> | undefined = () => undefined
  ) {
    this.#select = select
    this.#kept = kept
  }

  /** The events of the container that holds one, as they were written, up to the first bad one. */
  written(seq: number): Pick<Opened, "first" | "events"> {
    const opened = this.#container(seq)
    if (opened === undefined) throw new DamagedLog({ seq, detail: "it is missing" })
    if (opened.first + opened.events.length <= seq)
      throw opened.damage ?? new DamagedLog({ seq, detail: "it is missing" })
    return opened
  }

  /** How one event was written; `undefined` of one that is only kept from before a horizon. */
  writtenAt(seq: number): Written | undefined {
    if (this.#kept(seq) !== undefined) return undefined
    const { events, first } = this.written(seq)
    return events[seq - first]
  }

  /** The events from `seq` to the end of the container that holds it. `bases` are those of the events before. */
  page(seq: number, bases: Bases<JsonObject>): Page {
    const opened = this.#open(seq)
    const all: Array<Stored> = []
    let damage = opened.damage
    for (let i = 0; i < opened.events.length; i++) {
      try {
        all.push(this.decode(opened.first + i, opened.events[i] as Written, bases))
      } catch (cause) {
        damage =
          cause instanceof DamagedLog
            ? cause
            : new DamagedLog({ seq: Math.max(seq, opened.first + i), detail: "its text cannot be read" })
        break
      }
    }
    return { events: all.slice(Math.max(0, seq - opened.first)), last: opened.last, hash: opened.hash, damage }
  }

  /** One event, wherever it lies. */
  at(seq: number): Stored {
    const { value, version } = this.#lookUp(seq)
    return { seq, version, content: value }
  }

  #open(seq: number): Opened {
    const row = this.#select(seq)
    if (row === undefined || row.last < seq) throw new DamagedLog({ seq, detail: "it is missing" })
    return open(row, seq, this.#book)
  }

  /** The event that was written so. `bases` are those of the events before. */
  decode(seq: number, written: Written, bases: Bases<JsonObject>): Stored {
    const { back, version } = written
    const base = back === 0 ? undefined : (bases.at(seq - back) ?? this.#lookUp(seq - back))
    const content = contentOf(written, base?.value)
    bases.note({ seq, version, value: content, chars: base?.chars ?? written.chars }, content, base)
    return { seq, version, content }
  }

  #lookUp(seq: number): Base<JsonObject> {
    const known = this.#events.get(seq)
    if (known !== undefined) return known
    // First: a container that is still open here may have been removed, and what it is written against with it.
    const kept = this.#kept(seq)
    if (kept !== undefined) return { seq, version: kept.version, value: kept.content, chars: 0, age: 0 }
    const opened = this.#container(seq)
    if (opened === undefined) throw new DamagedLog({ seq, detail: "it is missing" })
    const written = opened.events[seq - opened.first]
    if (written === undefined) throw opened.damage ?? new DamagedLog({ seq, detail: "it is missing" })
    const { back, version } = written
    const base = back === 0 ? undefined : this.#lookUp(seq - back)
    const value = contentOf(written, base?.value)
    const found: Base<JsonObject> = { seq, version, value, chars: base?.chars ?? written.chars, age: 0 }
    this.#events.set(seq, found)
    trim(this.#events, EVENTS_KEPT)
    return found
  }

  #container(seq: number): Opened | undefined {
    for (const opened of this.#opened.values()) if (opened.first <= seq && seq <= opened.last) return opened
    const row = this.#select(seq)
    if (row === undefined || row.last < seq) return undefined
    const opened = open(row, row.first, this.#book)
    if (opened.damage === undefined) this.#opened.set(opened.first, opened)
    trim(this.#opened, CONTAINERS_KEPT)
    return opened
  }
}

/** All events from `from` to `to`, in order, as long as they are good. */
export function* pages(reader: ReelReader, from: number, to: number): Generator<Page> {
  const bases = new Bases<JsonObject>()
  for (let seq = from; seq <= to; ) {
    const page = reader.page(seq, bases)
    yield page
    if (page.damage !== undefined) throw page.damage
    seq = page.last + 1
  }
}
