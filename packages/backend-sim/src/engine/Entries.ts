/** The pool of what waits in a calendar queue: one slot an entry, and the one order between two entries. */

/** Whose entry it is. Numbers come before names, numbers by size, names by code unit. */
export type Entity = string | number

/** Names one entry for `cancel`. Never 0, so 0 can stand for "none". */
export type Handle = number

/** Where a slot is: free, in a heap, in the list of a bucket, or still in that list though it was cancelled. */
export const FREE = 0
export const NEAR = 1
export const BUCKET = 2
export const FAR = 3
export const CANCELLED = 4

const SLOTS = 2 ** 24
const GENERATIONS = 2 ** 28

// With a hundred thousand entries the time goes into cache misses, so what is used together stands together: a record of
// 32 bytes a slot, half a cache line, seen as four doubles (the first two are used) and as eight integers (the last four).
const BYTES = 32
const TIME = 0
const PUSHED = 1
const NEXT = 4
const PLACE = 5
const WHERE = 6
const GENERATION = 7

export const entityBefore = (a: Entity, b: Entity): boolean => (typeof a === typeof b ? a < b : typeof a === "number")

export class Entries<Payload> {
  private keys = new Float64Array(1024 * 4)
  private links = new Int32Array(this.keys.buffer)
  /** Two cells a slot: entity, payload. */
  private readonly things: Array<Entity | Payload | undefined> = []
  private free = -1
  private used = 0
  private pushes = 0

  /** A slot for a new entry. */
  add(time: number, entity: Entity, payload: Payload): number {
    const slot = this.free >= 0 ? this.free : this.fresh()
    if (slot === this.free) this.free = this.links[8 * slot + NEXT]!
    this.keys[4 * slot + TIME] = time
    // All pushes are counted together; only the numbers of one entity's entries are compared, so what others push never shows.
    this.keys[4 * slot + PUSHED] = this.pushes++
    this.things[2 * slot] = entity
    this.things[2 * slot + 1] = payload
    return slot
  }

  /** Answers what the slot carried and makes its handle invalid; the slot itself is not given back yet. */
  empty(slot: number): Payload {
    const payload = this.things[2 * slot + 1] as Payload
    this.things[2 * slot + 1] = undefined
    const cell = 8 * slot
    this.links[cell + WHERE] = CANCELLED
    this.links[cell + GENERATION] = (this.links[cell + GENERATION]! + 1) & (GENERATIONS - 1)
    return payload
  }

  /** Gives an emptied slot back. */
  release(slot: number): void {
    this.links[8 * slot + WHERE] = FREE
    this.links[8 * slot + NEXT] = this.free
    this.free = slot
  }

  handleOf(slot: number): Handle {
    return (this.links[8 * slot + GENERATION]! + 1) * SLOTS + slot
  }

  /** The slot that a handle names, or -1 once it has been emptied. */
  slotOf(handle: Handle): number {
    const slot = handle & (SLOTS - 1)
    const waits = slot < this.used && this.where(slot) !== FREE && this.where(slot) !== CANCELLED
    return waits && this.handleOf(slot) === handle ? slot : -1
  }

  /** The order of the queue: by time, then by entity, then by the entity's own pushes. */
  before(a: number, b: number): boolean {
    const s = this.keys[4 * a + TIME]!
    const t = this.keys[4 * b + TIME]!
    return s === t ? this.tied(a, b) : s < t
  }

  time(slot: number): number {
    return this.keys[4 * slot + TIME]!
  }

  entity(slot: number): Entity {
    return this.things[2 * slot] as Entity
  }

  where(slot: number): number {
    return this.links[8 * slot + WHERE]!
  }

  /** The slot after it in a bucket's list. */
  next(slot: number): number {
    return this.links[8 * slot + NEXT]!
  }

  setNext(slot: number, next: number): void {
    this.links[8 * slot + NEXT] = next
  }

  /** Its index in a heap. */
  place(slot: number): number {
    return this.links[8 * slot + PLACE]!
  }

  setPlace(slot: number, place: number): void {
    this.links[8 * slot + PLACE] = place
  }

  setWhere(slot: number, where: number): void {
    this.links[8 * slot + WHERE] = where
  }

  private tied(a: number, b: number): boolean {
    const x = this.entity(a)
    const y = this.entity(b)
    return x === y ? this.keys[4 * a + PUSHED]! < this.keys[4 * b + PUSHED]! : entityBefore(x, y)
  }

  private fresh(): number {
    if (this.used * BYTES === this.keys.byteLength) {
      if (this.used * 2 > SLOTS) throw new RangeError(`more than ${this.used} entries wait`)
      const keys = new Float64Array(this.keys.length * 2)
      // As integers: a copy as doubles may change the bits of what is no number.
      const links = new Int32Array(keys.buffer)
      links.set(this.links)
      this.keys = keys
      this.links = links
    }
    return this.used++
  }
}
