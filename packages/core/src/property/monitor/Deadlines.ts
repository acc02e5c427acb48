/** Who waits for a moment, the earliest first: a binary heap. */

interface Waiting<T> {
  readonly at: number
  readonly who: T
}

export class Deadlines<T> {
  readonly #heap: Array<Waiting<T>> = []

  get earliest(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }

  add(at: number, who: T): void {
    const heap = this.#heap
    let place = heap.length
    heap.push({ at, who })
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      const child = heap[place]
      if (parent === undefined || child === undefined || parent.at <= child.at) return
      heap[above] = child
      heap[place] = parent
      place = above
    }
  }

  /** All that wait, in no order. */
  all(): ReadonlyArray<T> {
    return this.#heap.map(({ who }) => who)
  }

  /** Takes the one whose moment is the earliest. */
  take(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first?.who
    heap[0] = last
    this.#sink()
    return first.who
  }

  #sink(): void {
    const heap = this.#heap
    let place = 0
    for (;;) {
      let least = place
      for (const below of [2 * place + 1, 2 * place + 2]) {
        if ((heap[below]?.at ?? Number.POSITIVE_INFINITY) < (heap[least]?.at ?? Number.POSITIVE_INFINITY)) least = below
      }
      const [one, other] = [heap[place], heap[least]]
      if (least === place || one === undefined || other === undefined) return
      heap[place] = other
      heap[least] = one
      place = least
    }
  }
}
