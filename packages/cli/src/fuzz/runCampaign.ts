/** A campaign on several processes: cases in their order, batch by batch, until there are no more or no more time. */
import type { Batch, BatchResult, Draws } from "@kubereel/fuzz"
import { noProgress, type Progress, together } from "@kubereel/fuzz"
import type { Selection } from "./Selection.ts"
import { WorkerFailure, WorkerProcess } from "./WorkerProcess.ts"

export interface CampaignOptions {
  readonly draws: Draws
  readonly selection: Selection
  /** The first case that was not played yet. */
  readonly from: number
  /** How many there are to play; more begin only as long as `goesOn`. */
  readonly count: number
  readonly workers: number
  /** Asked before each batch. */
  readonly goesOn: (progress: Progress) => boolean
  /** Told after each batch. */
  readonly onProgress?: (progress: Progress) => void
}

export interface CampaignResult {
  readonly progress: Progress
  /** The first case that was not played: all before it were. */
  readonly next: number
}

/** Cases that one process plays in a row: long enough that asking costs nothing. */
const BATCH = 25

class Campaign {
  readonly #options: CampaignOptions
  #next: number
  #progress = noProgress
  /** One process has failed: the others begin nothing more. */
  #hasFailed = false
  readonly #mailboxes: Array<Array<BatchResult["digests"]>>

  constructor(options: CampaignOptions) {
    this.#options = options
    this.#next = options.from
    // Digests go to the neighbour; one that is alone gets a neighbour for them at the end.
    this.#mailboxes = Array.from({ length: Math.max(2, options.workers) }, () => [])
  }

  async run(): Promise<CampaignResult> {
    const { workers } = this.#options
    await Promise.all(Array.from({ length: workers }, (_, place) => this.#work(place)))
    // What was sent to somebody who had no more to do.
    await Promise.all(this.#mailboxes.map((mail, place) => (mail.length > 0 ? this.#work(place) : undefined)))
    return { progress: this.#progress, next: this.#next }
  }

  async #work(place: number): Promise<void> {
    const worker = new WorkerProcess()
    const { draws, selection } = this.#options
    try {
      await worker.ask({ _tag: "Begin", draws, selection })
      for (;;) {
        await this.#repeat(worker, place)
        const batch = this.#take()
        if (batch === undefined) return
        const answered = await worker.ask({ _tag: "Play", batch })
        if (answered._tag !== "Played") throw new WorkerFailure(`a process answered ${answered._tag} to Play`)
        this.#mailboxes[(place + 1) % this.#mailboxes.length]?.push(answered.result.digests)
        this.#add(answered.result.progress)
      }
    } catch (error) {
      this.#hasFailed = true
      throw error
    } finally {
      worker.end()
    }
  }

  async #repeat(worker: WorkerProcess, place: number): Promise<void> {
    const mail = this.#mailboxes[place] ?? []
    for (let digests = mail.shift(); digests !== undefined; digests = mail.shift()) {
      const answered = await worker.ask({ _tag: "Repeat", digests })
      if (answered._tag === "Repeated") this.#add(answered.progress)
    }
  }

  #take(): Batch | undefined {
    const { count, from, goesOn } = this.#options
    const left = from + count - this.#next
    if (left <= 0 || this.#hasFailed || !goesOn(this.#progress)) return undefined
    const batch = { first: this.#next, count: Math.min(BATCH, left) }
    this.#next += batch.count
    return batch
  }

  #add(progress: Progress): void {
    this.#progress = together(this.#progress, progress)
    this.#options.onProgress?.(this.#progress)
  }
}

/** Rejects with a `WorkerFailure`, and leaves no process behind. */
export const runCampaign = (options: CampaignOptions): Promise<CampaignResult> => new Campaign(options).run()
