/**
 * The yardstick: a calendar queue and a heap with nothing in them that is not needed to order (millisecond, actor).
 *
 * Taken from the measurements that the engine's design rests on (there named `wheel1e` and `typed4`), with ties by actor:
 * 32,768 buckets of one millisecond, each a list kept in order, later entries in the heap.
 */

const grown = <A extends Float64Array | Int32Array>(column: A, wider: A): A => {
  wider.set(column)
  return wider
}

export class BareHeap {
  private times = new Float64Array(1024)
  private actors = new Int32Array(1024)
  size = 0
  time = 0

  peek(): number {
    return this.times[0]!
  }

  push(time: number, actor: number): void {
    if (this.size === this.times.length) {
      this.times = grown(this.times, new Float64Array(this.size * 2))
      this.actors = grown(this.actors, new Int32Array(this.size * 2))
    }
    let index = this.size++
    while (index > 0) {
      const parent = ((index - 1) / 4) | 0
      if (!this.after(parent, time, actor)) break
      this.move(parent, index)
      index = parent
    }
    this.times[index] = time
    this.actors[index] = actor
  }

  pop(): number {
    const actor = this.actors[0]!
    this.time = this.times[0]!
    this.size--
    if (this.size > 0) this.sink(this.times[this.size]!, this.actors[this.size]!)
    return actor
  }

  private sink(time: number, actor: number): void {
    let index = 0
    for (;;) {
      const first = 4 * index + 1
      if (first >= this.size) break
      const end = Math.min(first + 4, this.size)
      let least = first
      for (let child = first + 1; child < end; child++) {
        if (this.after(least, this.times[child]!, this.actors[child]!)) least = child
      }
      if (this.after(least, time, actor)) break
      this.move(least, index)
      index = least
    }
    this.times[index] = time
    this.actors[index] = actor
  }

  private after(index: number, time: number, actor: number): boolean {
    const own = this.times[index]!
    return own > time || (own === time && this.actors[index]! > actor)
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]!
    this.actors[to] = this.actors[from]!
  }
}

const BUCKETS = 32_768

export class BareWheel {
  private readonly heads = new Int32Array(BUCKETS).fill(-1)
  private readonly tails = new Int32Array(BUCKETS).fill(-1)
  private times = new Float64Array(1024)
  private actors = new Int32Array(1024)
  private next = new Int32Array(1024)
  private free = -1
  private used = 0
  private current = 0
  private readonly far = new BareHeap()
  size = 0
  time = 0

  push(time: number, actor: number): void {
    this.size++
    if (time >= this.current + BUCKETS) this.far.push(time, actor)
    else this.insert(time, actor)
  }

  pop(): number {
    this.size--
    for (;;) {
      const bucket = this.current & (BUCKETS - 1)
      const slot = this.heads[bucket]!
      if (slot >= 0) {
        this.heads[bucket] = this.next[slot]!
        if (this.heads[bucket]! < 0) this.tails[bucket] = -1
        this.next[slot] = this.free
        this.free = slot
        this.time = this.times[slot]!
        return this.actors[slot]!
      }
      this.current++
      while (this.far.size > 0 && this.far.peek() < this.current + BUCKETS) {
        const actor = this.far.pop()
        this.insert(this.far.time, actor)
      }
    }
  }

  private allocate(): number {
    if (this.free >= 0) {
      const slot = this.free
      this.free = this.next[slot]!
      return slot
    }
    if (this.used === this.times.length) {
      this.times = grown(this.times, new Float64Array(this.used * 2))
      this.actors = grown(this.actors, new Int32Array(this.used * 2))
      this.next = grown(this.next, new Int32Array(this.used * 2))
    }
    return this.used++
  }

  private notAfter(slot: number, time: number, actor: number): boolean {
    return this.times[slot]! < time || (this.times[slot]! === time && this.actors[slot]! < actor)
  }

  private insert(time: number, actor: number): void {
    const slot = this.allocate()
    const bucket = time & (BUCKETS - 1)
    this.times[slot] = time
    this.actors[slot] = actor
    const tail = this.tails[bucket]!
    if (tail < 0 || this.notAfter(tail, time, actor)) {
      this.next[slot] = -1
      if (tail < 0) this.heads[bucket] = slot
      else this.next[tail] = slot
      this.tails[bucket] = slot
      return
    }
    let previous = -1
    let following = this.heads[bucket]!
    while (following >= 0 && this.notAfter(following, time, actor)) {
      previous = following
      following = this.next[following]!
    }
    this.next[slot] = following
    if (previous < 0) this.heads[bucket] = slot
    else this.next[previous] = slot
  }
}
