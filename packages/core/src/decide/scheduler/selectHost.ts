/** The best of the nodes that will do (`pkg/scheduler/schedule_one.go`, newSortedNodeScores; C-240). */

/** `heap`: the indexes of the scores in the order in which they came. What is the head of Go's `container/heap` over them? */
const headOfHeap = (scores: ArrayLike<number>, heap: Int32Array): number => {
  const count = scores.length
  const score = (at: number): number => scores[heap[at] ?? 0] ?? 0
  for (let parent = (count >> 1) - 1; parent >= 0; parent--) {
    for (let at = parent; ; ) {
      const left = 2 * at + 1
      if (left >= count) break
      const child = left + 1 < count && score(left + 1) > score(left) ? left + 1 : left
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
export const selectHost = (scores: ArrayLike<number>, tieBreak: number): number => {
  const count = scores.length
  const first = Math.floor(tieBreak * count)
  const heap = new Int32Array(count)
  for (let at = 0, index = first; at < count; at++, index++) {
    if (index === count) index = 0
    heap[at] = index
  }
  return headOfHeap(scores, heap)
}
