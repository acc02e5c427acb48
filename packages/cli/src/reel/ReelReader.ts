/** Reading events out of a reel: in order, container by container, or one by its number. */
import { type ClusterEvent, DamagedLog, type JsonObject, recognise } from "@kubereel/core"
import type Database from "better-sqlite3"
import { type Base, Bases } from "./Bases.ts"
import { type Container, type Opened, open } from "./Container.ts"
import { apply, type Change } from "./delta.ts"

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

const CONTAINERS_KEPT = 16
const EVENTS_KEPT = 2_048

export const eventOf = ({ content, version }: Pick<Stored, "content" | "version">): ClusterEvent =>
  recognise(version, content)

/** Drops what was put in first. */
const trim = (map: Map<number, unknown>, size: number): void => {
  for (const key of map.keys()) {
    if (map.size <= size) return
    map.delete(key)
  }
}

type Line = readonly [version: number, content: JsonObject] | readonly [version: number, back: number, change: Change]

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

  /** `kept` knows the events of before a horizon that later ones are written against. */
  constructor(
    select: Select,
    kept: (seq: number) => Pick<Stored, "version" | "content"> | undefined = () => undefined
  ) {
    this.#select = select
    this.#kept = kept
  }

  /** The lines of the container that holds an event, up to the first bad one. */
  lines(seq: number): Pick<Opened, "first" | "lines"> {
    const opened = this.#container(seq)
    if (opened === undefined) throw new DamagedLog({ seq, detail: "it is missing" })
    if (opened.first + opened.lines.length <= seq)
      throw opened.damage ?? new DamagedLog({ seq, detail: "it is missing" })
    return opened
  }

  /** The events from `seq` to the end of the container that holds it. `bases` are those of the events before. */
  page(seq: number, bases: Bases<JsonObject>): Page {
    const opened = this.#open(seq)
    const all: Array<Stored> = []
    let damage = opened.damage
    for (const [i, line] of opened.lines.entries()) {
      try {
        all.push(this.decode(opened.first + i, line, bases))
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
    return open(row, seq)
  }

  /** The event of a line. `bases` are those of the events before. */
  decode(seq: number, line: string, bases: Bases<JsonObject>): Stored {
    const parsed = JSON.parse(line) as Line
    const version = parsed[0]
    if (parsed.length === 2) {
      bases.note({ seq, version, value: parsed[1], chars: line.length }, parsed[1], undefined)
      return { seq, version, content: parsed[1] }
    }
    const base = bases.at(seq - parsed[1]) ?? this.#lookUp(seq - parsed[1])
    const content = apply(base.value, parsed[2]) as JsonObject
    bases.note({ seq, version, value: content, chars: base.chars }, content, base)
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
    const line = opened.lines[seq - opened.first]
    if (line === undefined) throw opened.damage ?? new DamagedLog({ seq, detail: "it is missing" })
    const parsed = JSON.parse(line) as Line
    const [version] = parsed
    const base = parsed.length === 2 ? undefined : this.#lookUp(seq - parsed[1])
    const value = parsed.length === 2 ? parsed[1] : (apply(base?.value, parsed[2]) as JsonObject)
    const found: Base<JsonObject> = { seq, version, value, chars: base?.chars ?? line.length, age: 0 }
    this.#events.set(seq, found)
    trim(this.#events, EVENTS_KEPT)
    return found
  }

  #container(seq: number): Opened | undefined {
    for (const opened of this.#opened.values()) if (opened.first <= seq && seq <= opened.last) return opened
    const row = this.#select(seq)
    if (row === undefined || row.last < seq) return undefined
    const opened = open(row, row.first)
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
