/** Several histories of one cluster as one: by the time at which things were seen, each in its own order. */
import type { ClusterEvent } from "@kubereel/core"

type Batch = ReadonlyArray<ClusterEvent>

/** One history on its way in. What says no time is as late as what came before it. */
class Strand {
  readonly #batches: AsyncIterator<Batch>
  #batch: Batch = []
  #next = 0
  /** The latest moment so far: that of the next event. */
  at = Number.NEGATIVE_INFINITY

  constructor(batches: AsyncIterable<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]()
  }

  /** Looks at the next event; false: there is none. */
  async look(): Promise<boolean> {
    while (this.#next >= this.#batch.length) {
      const { done, value } = await this.#batches.next()
      if (done === true) return false
      this.#batch = value
      this.#next = 0
    }
    const { observed } = this.#batch[this.#next] as ClusterEvent
    if (observed !== undefined && observed > this.at) this.at = observed
    return true
  }

  take(): ClusterEvent {
    return this.#batch[this.#next++] as ClusterEvent
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }
}

const BATCH = 256

/** Of one moment the history that was named first comes first; one without times is told as a whole before all that have them. */
export async function* inTime(histories: ReadonlyArray<AsyncIterable<Batch>>): AsyncGenerator<Batch> {
  const strands = histories.map((history) => new Strand(history))
  try {
    let open: Array<Strand> = []
    for (const strand of strands) if (await strand.look()) open.push(strand)
    let batch: Array<ClusterEvent> = []
    while (open.length > 0) {
      const first = open.reduce((least, strand) => (strand.at < least.at ? strand : least))
      batch.push(first.take())
      if (!(await first.look())) open = open.filter((strand) => strand !== first)
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    yield batch
  } finally {
    for (const strand of strands) await strand.close()
  }
}
