/** Moves the clock of a cluster that lives by the wall's: in slices so small that whoever asks for something is answered in between. */
import { type ClusterEvent, type Instant, type LivingCluster, later, type Micros, SECOND } from "@kubereel/core"

/** How much faster than the wall's clock; `max`: as fast as it goes. */
export type Speed = number | "max"

export interface PacerOptions {
  readonly cluster: LivingCluster
  readonly speed: Speed
  /** It stands still at first. */
  readonly paused?: boolean
  /** Is told everything that was seen, in order. A promise: the clock waits for it before there is too much to keep. */
  readonly record: (facts: ReadonlyArray<ClusterEvent>) => Promise<void>
  /** Nothing can go on. */
  readonly failed: (cause: unknown) => void
}

export interface ClockStatus {
  readonly now: Instant
  readonly speed: Speed
  readonly paused: boolean
}

/** Somewhere to be, as fast as it goes. */
interface Goal {
  readonly to: Instant
  /** Or as soon as everything is ready. */
  readonly untilReady: boolean
  readonly reached: () => void
}

/** Milliseconds of work before others have their turn. */
const SLICE = 8
/** How many things are done before the wall's clock is looked at. */
const BUDGET = 200
/** Milliseconds between two looks when everything that was due is done. */
const TICK = 25
/** Of the cluster's time, when it runs as fast as it goes: it has to look up now and then. */
const STRIDE = SECOND
const READY_STRIDE = SECOND / 10
/** When nothing has happened for so long there is nothing to hurry for: a minute a second. */
const QUIET = 60 * SECOND
const QUIET_SPEED = 60
/** Milliseconds by which it may be late before it gives up catching up. */
const LATE = 250
/** Facts that wait to be written. */
const UNWRITTEN = 50_000
/** So many of them are written at once. */
const BATCH = 1_000
/** Milliseconds for which facts are collected: to write many at a time takes less than to write each by itself. */
const COLLECT = 250

const microsNow = (): number => performance.now() * 1_000

export class Pacer {
  readonly #o: PacerOptions
  #speed: Speed
  #paused = false
  #goals: Array<Goal> = []
  /** Where both clocks stood when they were last compared. */
  #base: { readonly wall: number; readonly virtual: Instant }
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  #closed = false
  #unwritten = 0
  #handed = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(options: PacerOptions) {
    this.#o = options
    this.#speed = options.speed
    this.#paused = options.paused ?? false
    this.#base = { wall: microsNow(), virtual: options.cluster.now() }
  }

  start(): void {
    this.#rebase()
    this.#later(0)
  }

  /** The clock stands still for good; everything that was seen is handed over. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel()
    this.#hand()
    await this.#writing
  }

  get status(): ClockStatus {
    return { now: this.#o.cluster.now(), speed: this.#speed, paused: this.#paused }
  }

  pause(paused: boolean): void {
    this.#paused = paused
    this.#wake()
  }

  set speed(speed: Speed) {
    this.#speed = speed
    this.#wake()
  }

  /** To a moment as fast as it goes, then on as before. */
  goTo(to: Instant): Promise<void> {
    return this.#go(to, false)
  }

  /** Until everything is ready, at most until then. Answers with what is not ready yet. */
  async untilReady(limit: Instant): Promise<string | undefined> {
    await this.#go(limit, true)
    return this.#o.cluster.unready()
  }

  #go(to: Instant, untilReady: boolean): Promise<void> {
    return new Promise((reached) => {
      this.#goals.push({ to, untilReady, reached })
      this.#wake()
    })
  }

  #wake(): void {
    this.#rebase()
    this.#cancel()
    this.#later(0)
  }

  #rebase(): void {
    this.#base = { wall: microsNow(), virtual: this.#o.cluster.now() }
  }

  #cancel(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer as NodeJS.Timeout)
    clearImmediate(this.#timer as NodeJS.Immediate)
    this.#timer = undefined
  }

  #later(milliseconds: number): void {
    if (this.#closed) return
    const run = () => {
      this.#timer = undefined
      this.#turn().catch((cause: unknown) => this.#o.failed(cause))
    }
    this.#timer = milliseconds === 0 ? setImmediate(run) : setTimeout(run, milliseconds)
  }

  async #turn(): Promise<void> {
    const [goal] = this.#goals
    const busy = goal === undefined ? this.#paced() : this.#towards(goal)
    if (performance.now() - this.#handed >= COLLECT) this.#hand()
    if (this.#unwritten > UNWRITTEN) {
      await this.#writing
      this.#rebase()
    }
    if (this.#timer === undefined) this.#later(busy ? 0 : TICK)
  }

  /** What was seen is written one batch after the other, and others have their turn in between. */
  #hand(): void {
    this.#handed = performance.now()
    const facts = this.#o.cluster.takeFacts()
    this.#unwritten += facts.length
    for (let from = 0; from < facts.length; from += BATCH) this.#write(facts.slice(from, from + BATCH))
  }

  #write(batch: ReadonlyArray<ClusterEvent>): void {
    this.#writing = this.#writing
      .then(() => this.#o.record(batch))
      .then(() => {
        this.#unwritten -= batch.length
        return new Promise<void>((next) => setImmediate(next))
      })
      .catch((cause: unknown) => this.#o.failed(cause))
  }

  /** By the wall's clock. Is there more to do at once? */
  #paced(): boolean {
    if (this.#paused) return false
    const { cluster } = this.#o
    const isQuiet = cluster.now() - cluster.lastChange() > QUIET
    if (this.#speed === "max" && !isQuiet) {
      this.#slice(() => later(cluster.now(), STRIDE))
      this.#rebase()
      return true
    }
    const speed = this.#speed === "max" ? QUIET_SPEED : this.#speed
    const target = later(this.#base.virtual, Math.floor((microsNow() - this.#base.wall) * speed))
    const arrived = this.#slice(() => target)
    const late = (microsNow() - this.#base.wall) * speed - (cluster.now() - this.#base.virtual)
    // What cannot be caught up with is left behind: the clock goes slower than it should.
    if (!arrived && late > LATE * 1_000 * speed) this.#rebase()
    return !arrived
  }

  /** As fast as it goes. */
  #towards(goal: Goal): boolean {
    const { cluster } = this.#o
    const isThere = () => cluster.now() >= goal.to || (goal.untilReady && cluster.unready() === undefined)
    const stride = goal.untilReady ? READY_STRIDE : STRIDE
    if (!isThere()) this.#slice(() => Math.min(goal.to, later(cluster.now(), stride)) as Instant, isThere)
    if (isThere()) {
      this.#goals.shift()
      this.#rebase()
      goal.reached()
    }
    return true
  }

  /** Runs to one target after the other for a slice of time. Has it arrived at the last one, before its time was over? */
  #slice(target: () => Instant, isThere?: () => boolean): boolean {
    const { cluster } = this.#o
    const end = performance.now() + SLICE
    let to = target()
    for (;;) {
      const arrived = cluster.advance(to, BUDGET)
      if (arrived) {
        if (isThere?.() === true) return true
        const next = target()
        if (next <= cluster.now()) return true
        to = next
      }
      if (performance.now() >= end) return false
    }
  }
}

/** How long a wait for everything to be ready lasts unless somebody says otherwise. */
export const READY_LIMIT: Micros = 3_600 * SECOND
