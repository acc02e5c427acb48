/** The pool of what waits in a calendar queue: one slot an entry, in columns, and the one order between two entries. */

/** Whose entry it is. Numbers come before names, numbers by size, names by code unit. */
export type Entity = string | number

/** Names one entry for `cancel`. Never 0, so 0 can stand for "none". */
export type Handle = number

/** Where a slot is: free, in a heap, or in the list of a bucket. */
export const FREE = 0
export const NEAR = 1
export const BUCKET = 2
export const FAR = 3

const SLOTS = 2 ** 24
const GENERATIONS = 2 ** 28

const entityBefore = (a: Entity, b: Entity): boolean => (typeof a === typeof b ? a < b : typeof a === "number")

const grown = <A extends Float64Array | Int32Array | Uint8Array>(column: A, make: (length: number) => A): A => {
  const wider = make(column.length * 2)
  wider.set(column)
  return wider
}

/** Columns, so that a queue of a million entries is a handful of arrays. `next` and `place` belong to whoever holds the slot. */
export class Entries<Payload> {
  time = new Float64Array(1024)
  /** Counts all pushes; it is only compared between entries of one entity, so what others push never shows. */
  private pushed = new Float64Array(1024)
  private generation = new Int32Array(1024)
  next = new Int32Array(1024)
  /** The slot before it in a bucket's list, or its index in a heap. */
  place = new Int32Array(1024)
  where = new Uint8Array(1024)
  readonly entity: Array<Entity> = []
  private readonly payload: Array<Payload | undefined> = []
  private free = -1
  private used = 0
  private count = 0

  /** A slot for a new entry. */
  add(time: number, entity: Entity, payload: Payload): number {
    let slot = this.free
    if (slot >= 0) this.free = this.next[slot]!
    else {
      slot = this.used++
      if (slot === this.time.length) this.grow()
    }
    this.time[slot] = time
    this.pushed[slot] = this.count++
    this.entity[slot] = entity
    this.payload[slot] = payload
    return slot
  }

  /** Gives the slot back and answers what it carried. */
  remove(slot: number): Payload {
    const payload = this.payload[slot] as Payload
    this.payload[slot] = undefined
    this.where[slot] = FREE
    this.generation[slot] = (this.generation[slot]! + 1) % GENERATIONS
    this.next[slot] = this.free
    this.free = slot
    return payload
  }

  handleOf(slot: number): Handle {
    return (this.generation[slot]! + 1) * SLOTS + slot
  }

  /** The slot that a handle names, or -1 once it has been given back. */
  slotOf(handle: Handle): number {
    const slot = handle % SLOTS
    return slot < this.used && this.where[slot] !== FREE && this.handleOf(slot) === handle ? slot : -1
  }

  /** The order of the queue: by time, then by entity, then by the entity's own pushes. */
  before(a: number, b: number): boolean {
    const [s, t] = [this.time[a]!, this.time[b]!]
    if (s !== t) return s < t
    const [x, y] = [this.entity[a]!, this.entity[b]!]
    return x === y ? this.pushed[a]! < this.pushed[b]! : entityBefore(x, y)
  }

  private grow(): void {
    if (this.time.length * 2 > SLOTS) throw new RangeError(`more than ${SLOTS / 2} entries wait`)
    this.time = grown(this.time, (n) => new Float64Array(n))
    this.pushed = grown(this.pushed, (n) => new Float64Array(n))
    this.generation = grown(this.generation, (n) => new Int32Array(n))
    this.next = grown(this.next, (n) => new Int32Array(n))
    this.place = grown(this.place, (n) => new Int32Array(n))
    this.where = grown(this.where, (n) => new Uint8Array(n))
  }
}
