/** A 4-ary heap of slots that knows where each of them stands, so that any of them can be taken out. */
import type { Entries } from "./Entries.ts"

const ARITY = 4

export class EntryHeap<Payload> {
  private readonly entries: Entries<Payload>
  private readonly mark: number
  private slots = new Int32Array(64)
  size = 0

  /** `mark` is what `entries.where` says of the slots in here. */
  constructor(entries: Entries<Payload>, mark: number) {
    this.entries = entries
    this.mark = mark
  }

  /** The first slot. Only if `size` is not 0. */
  get head(): number {
    return this.slots[0]!
  }

  push(slot: number): void {
    if (this.size === this.slots.length) {
      const wider = new Int32Array(this.size * 2)
      wider.set(this.slots)
      this.slots = wider
    }
    this.entries.setWhere(slot, this.mark)
    this.up(this.size++, slot)
  }

  /** Takes out a slot that is in here. */
  take(slot: number): void {
    const index = this.entries.place(slot)
    const last = this.slots[--this.size]!
    if (last === slot) return
    const moved = this.down(index, last)
    if (moved === index) this.up(index, last)
  }

  private put(index: number, slot: number): void {
    this.slots[index] = slot
    this.entries.setPlace(slot, index)
  }

  private up(from: number, slot: number): void {
    let index = from
    while (index > 0) {
      const parent = ((index - 1) / ARITY) | 0
      const above = this.slots[parent]!
      if (!this.entries.before(slot, above)) break
      this.put(index, above)
      index = parent
    }
    this.put(index, slot)
  }

  private down(from: number, slot: number): number {
    let index = from
    for (;;) {
      const first = ARITY * index + 1
      if (first >= this.size) break
      const end = Math.min(first + ARITY, this.size)
      let least = first
      for (let child = first + 1; child < end; child++) {
        if (this.entries.before(this.slots[child]!, this.slots[least]!)) least = child
      }
      const below = this.slots[least]!
      if (!this.entries.before(below, slot)) break
      this.put(index, below)
      index = least
    }
    this.put(index, slot)
    return index
  }
}
