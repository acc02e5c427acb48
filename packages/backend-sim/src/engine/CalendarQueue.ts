/**
 * What is due, in the order of (time, entity, the entity's own pushes): a calendar queue over whole microseconds.
 *
 * The order never depends on what other entities pushed, nor when. A wheel has a bucket for each of the next 32,768
 * milliseconds, in no order inside; what is later waits in a heap; the bucket whose turn has come is put into a second, small heap.
 * Empty buckets are skipped by a bitmap, empty years by looking at the head of the far heap.
 */

import { BucketSet, RING } from "./BucketSet.ts"
import { BUCKET, CANCELLED, type Entity, Entries, FAR, type Handle, NEAR } from "./Entries.ts"
import { EntryHeap } from "./EntryHeap.ts"

export type { Entity, Handle } from "./Entries.ts"

/** Microseconds in a bucket. */
const WIDTH = 1_000

/** Which millisecond. It does not fit 32 bits. */
const bucketOf = (time: number): number => Math.floor(time / WIDTH)

/** Its place on the wheel: `&` takes the low bits of any whole number that a double holds, however large. */
const onRing = (bucket: number): number => bucket & (RING - 1)

export class CalendarQueue<Payload extends object> {
  private readonly entries = new Entries<Payload>()
  /** Everything in or before the current bucket. */
  private readonly near = new EntryHeap<Payload>(this.entries, NEAR)
  /** Everything that was beyond the wheel when it was pushed. */
  private readonly far = new EntryHeap<Payload>(this.entries, FAR)
  private readonly heads = new Int32Array(RING).fill(-1)
  private readonly occupied = new BucketSet()
  /** The current bucket's number: milliseconds since the clock's zero; the wheel holds the RING - 1 buckets after it. */
  private current: number
  private count = 0
  private poppedTime: number
  private poppedEntity: Entity = 0

  /** `start`: nothing will be pushed before it, in whole microseconds since the clock's zero; not negative. */
  constructor(start = 0) {
    if (!Number.isSafeInteger(start) || start < 0) throw new RangeError(`a clock cannot start at ${start}`)
    this.current = bucketOf(start)
    this.poppedTime = start
  }

  get size(): number {
    return this.count
  }

  /** Nothing is due before; what was cancelled may count. `undefined`: nothing waits. */
  get soonest(): number | undefined {
    if (this.near.size > 0) return this.entries.time(this.near.head)
    const bucket = this.nextBucket
    return bucket === Number.POSITIVE_INFINITY ? undefined : bucket * WIDTH
  }

  /** When the entry that `pop` gave last was due. */
  get time(): number {
    return this.poppedTime
  }

  /** Whose entry `pop` gave last. */
  get entity(): Entity {
    return this.poppedEntity
  }

  /** Throws if `time` is not a whole number, or before the entry that was popped last. */
  push(time: number, entity: Entity, payload: Payload): Handle {
    if (!Number.isSafeInteger(time) || time < this.poppedTime) {
      throw new RangeError(`cannot wait until ${time}: a whole number of at least ${this.poppedTime} is needed`)
    }
    const slot = this.entries.add(time, entity, payload)
    this.place(slot)
    this.count++
    return this.entries.handleOf(slot)
  }

  /** Takes an entry out before its time. `false` if it has been popped or cancelled already. */
  cancel(handle: Handle): boolean {
    const slot = this.entries.slotOf(handle)
    if (slot < 0) return false
    const where = this.entries.where(slot)
    this.entries.empty(slot)
    this.count--
    // In a bucket's list it stays until the bucket's turn, half a minute at most: to unlink it, each entry would have to know two others.
    if (where === BUCKET) return true
    if (where === NEAR) this.near.take(slot)
    else this.far.take(slot)
    this.entries.release(slot)
    return true
  }

  /** The first entry, if it is due at `limit` or earlier. `time` and `entity` then say when and whose. */
  pop(limit = Number.POSITIVE_INFINITY): Payload | undefined {
    while (this.near.size === 0) if (!this.turn(limit)) return undefined
    const slot = this.near.head
    const time = this.entries.time(slot)
    if (time > limit) return undefined
    this.near.take(slot)
    this.count--
    this.poppedTime = time
    this.poppedEntity = this.entries.entity(slot)
    const payload = this.entries.empty(slot)
    this.entries.release(slot)
    return payload
  }

  private place(slot: number): void {
    const bucket = bucketOf(this.entries.time(slot))
    const ahead = bucket - this.current
    if (ahead <= 0) this.near.push(slot)
    else if (ahead >= RING) this.far.push(slot)
    else this.link(slot, onRing(bucket))
  }

  private link(slot: number, index: number): void {
    const { entries } = this
    const head = this.heads[index]!
    entries.setWhere(slot, BUCKET)
    entries.setNext(slot, head)
    if (head < 0) this.occupied.add(index)
    this.heads[index] = slot
  }

  private get nextBucket(): number {
    const distance = this.occupied.distance(onRing(this.current))
    const inFar = this.far.size > 0 ? bucketOf(this.entries.time(this.far.head)) : Number.POSITIVE_INFINITY
    return Math.min(distance >= 0 ? this.current + distance : Number.POSITIVE_INFINITY, inFar)
  }

  /** Moves on to the next bucket that has something, unless it begins after `limit`: then later pushes still find their place. */
  private turn(limit: number): boolean {
    const bucket = this.nextBucket
    if (bucket === Number.POSITIVE_INFINITY || bucket * WIDTH > limit) return false
    this.current = bucket
    this.drain(onRing(bucket))
    while (this.far.size > 0) {
      const slot = this.far.head
      if (this.entries.time(slot) >= (bucket + RING) * WIDTH) break
      this.far.take(slot)
      this.place(slot)
    }
    return true
  }

  private drain(index: number): void {
    let slot = this.heads[index]!
    if (slot < 0) return
    this.heads[index] = -1
    this.occupied.delete(index)
    while (slot >= 0) {
      const next = this.entries.next(slot)
      if (this.entries.where(slot) === CANCELLED) this.entries.release(slot)
      else this.near.push(slot)
      slot = next
    }
  }
}
