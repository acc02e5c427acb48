/** The best of the nodes that will do (`pkg/scheduler/schedule_one.go`, newSortedNodeScores). */

/** Where the head of Go's `container/heap` over `scores` comes from: an index into them. */
const headOfHeap = (scores: ReadonlyArray<number>): number => {
  const heap = scores.map((_, index) => index)
  const score = (at: number): number => scores[heap[at] ?? 0] ?? 0
  for (let parent = (heap.length >> 1) - 1; parent >= 0; parent--) {
    for (let at = parent; ; ) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const child = left + 1 < heap.length && score(left + 1) > score(left) ? left + 1 : left
      if (score(child) <= score(at)) break
      const moved = heap[at] ?? 0
      heap[at] = heap[child] ?? 0
      heap[child] = moved
      at = child
    }
  }
  return heap[0] ?? 0
}

/**
 * The index of the node to take. Which of equally good nodes it is depends on the order in which the filters' sixteen workers
 * came back, a race in a real scheduler: here `tieBreak`, in [0, 1), says who was first.
 */
export const selectHost = (scores: ReadonlyArray<number>, tieBreak: number): number => {
  const first = Math.floor(tieBreak * scores.length)
  const rotated = scores.map((_, index) => scores[(index + first) % scores.length] ?? 0)
  return (headOfHeap(rotated) + first) % scores.length
}
