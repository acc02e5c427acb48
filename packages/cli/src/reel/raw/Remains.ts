/** What is left of a reel's containers in a file that may be torn: every row that proves by its digest that it was one. */
import { type Container, isProven } from "../Container.ts"
import { type HorizonRow, isSoundHorizon, type Kept, type KeptRow, openKept, over } from "../Horizon.ts"
import { type HeadRow, isSoundHead } from "../head.ts"
import { Pages } from "./Pages.ts"
import { type Place, places, type Row, rowAt } from "./Rows.ts"

interface Remnant {
  readonly first: number
  readonly last: number
  readonly place: Place
}

const containerOf = ({ rowid, values }: Row): Container | undefined => {
  if (values.length !== 6 || values[0] !== null) return undefined
  const [, last, hash, digest, sums, body] = values
  const isOne =
    typeof last === "number" &&
    typeof hash === "string" &&
    typeof digest === "string" &&
    Buffer.isBuffer(sums) &&
    (Buffer.isBuffer(body) || typeof body === "string")
  return isOne && last >= rowid ? { first: rowid, last, hash, digest, sums, body } : undefined
}

const headOf = ({ rowid, values }: Row): HeadRow | undefined => {
  const [, seq, hash, digest, pid, host] = values
  if (rowid !== 1 || typeof seq !== "number" || typeof hash !== "string" || typeof digest !== "string") return undefined
  const head = { seq, hash, digest, pid: pid as number | null, host: host as string | null }
  return isSoundHead(head) ? head : undefined
}

const horizonIn = ({ rowid, values }: Row): HorizonRow | undefined => {
  if (rowid !== 1 || values.length !== 8) return undefined
  const [, seq, hash, observed, detail, state, kept, digest] = values
  const row = { seq, hash, observed, detail, state, kept, digest } as HorizonRow
  return isSoundHorizon(row) ? row : undefined
}

const keptIn = ({ rowid, values }: Row): KeptRow | undefined => {
  const [, last, digest, body] = values
  return values.length === 4 && typeof last === "number" && typeof digest === "string" && Buffer.isBuffer(body)
    ? { first: rowid, last, digest, body }
    : undefined
}

/** The rows that belong to the horizon, among those of earlier ones that the file still has. */
const keptFor = (
  horizon: HorizonRow | undefined,
  rows: ReadonlyArray<KeptRow>
): { readonly events: ReadonlyMap<number, Kept>; readonly isAll: boolean } => {
  const byFirst = [...new Map(rows.map((row) => [row.digest, row])).values()].sort((a, b) => a.first - b.first)
  const opened = byFirst.flatMap((row) => openKept(row) ?? [])
  const isAll = horizon === undefined || over(byFirst.map(({ digest }) => digest)) === horizon.kept
  return { events: new Map(opened.map((event) => [event.seq, event])), isAll }
}

export class Remains {
  readonly horizon: HorizonRow | undefined
  /** What was kept of removed events, with what is left of earlier horizons. */
  readonly kept: ReadonlyMap<number, Kept>
  /** All that was kept is there. */
  readonly keepsAll: boolean
  /** The number of the last event that the file ever spoke of. */
  readonly end: number
  /** Somebody was writing, and what was written last is not there. */
  readonly lacksWal: boolean
  readonly pages: Pages
  /** By their first event. */
  readonly #sure: ReadonlyArray<Remnant>
  readonly #doubtful: ReadonlyMap<number, Remnant>

  constructor(file: string) {
    this.pages = new Pages(file)
    const sure = new Map<number, Remnant>()
    const doubtful = new Map<number, Remnant>()
    const keptRows: Array<KeptRow> = []
    let newest: HeadRow | undefined
    let horizon: HorizonRow | undefined
    for (const place of places(this.pages)) {
      const row = rowAt(this.pages, place)
      if (row === undefined) continue
      const head = headOf(row)
      if (head !== undefined && head.seq >= (newest?.seq ?? 0)) newest = head
      const found = horizonIn(row)
      if (found !== undefined && found.seq >= (horizon?.seq ?? 0)) horizon = found
      const keptRow = keptIn(row)
      if (keptRow !== undefined) keptRows.push(keptRow)
      const container = containerOf(row)
      if (container === undefined) continue
      const isSure = isProven(container)
      const known = (isSure ? sure : doubtful).get(container.first)
      if (known === undefined || known.last <= container.last)
        (isSure ? sure : doubtful).set(container.first, { first: container.first, last: container.last, place })
    }
    this.horizon = horizon
    const { events, isAll } = keptFor(horizon, keptRows)
    this.kept = events
    this.keepsAll = isAll
    this.#sure = [...sure.values()].sort((a, b) => a.first - b.first)
    this.#doubtful = doubtful
    this.end = this.#sure.reduce((end, { last }) => Math.max(end, last), newest?.seq ?? 0)
    this.lacksWal = this.pages.isWal && this.pages.wal === undefined && newest?.pid != null
  }

  /** One that holds the event; one that is damaged only where it must begin with that event, because its numbers may be wrong. */
  holding(seq: number): Container | undefined {
    let low = 0
    for (let high = this.#sure.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((this.#sure[middle] as Remnant).first <= seq) low = middle + 1
      else high = middle
    }
    // Rows of the tail that were folded since lie among those of the block that they became.
    for (let i = low - 1; i >= 0 && low - i <= 512; i--) {
      const remnant = this.#sure[i] as Remnant
      if (remnant.last >= seq) return this.#load(remnant)
    }
    return this.#load(this.#doubtful.get(seq))
  }

  /** The first event from `seq` on that is surely in some container. */
  next(seq: number): number {
    const after = this.#sure.find(({ first }) => first >= seq)
    return after?.first ?? this.end + 1
  }

  close(): void {
    this.pages.close()
  }

  #load(remnant: Remnant | undefined): Container | undefined {
    const row = remnant === undefined ? undefined : rowAt(this.pages, remnant.place)
    return row === undefined ? undefined : containerOf(row)
  }
}
