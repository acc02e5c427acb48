/**
 * One probe of one container: its ticks, and what it remembers between them (`pkg/kubelet/prober/worker.go`, run; K-150…K-158).
 *
 * Ticks that can show nothing new are skipped: a worker that only waits sleeps until the pod's status changes, one that always gets the
 * same good answer until the answer could be another one. Whoever changes something first lets it catch up (`settle`), so that it
 * is then exactly where ticking would have brought it.
 */
import {
  countedResult,
  countResult,
  type Instant,
  later,
  type Micros,
  newWorkerState,
  type ProbeOutcome,
  type ProbeTarget,
  prepareProbe,
  probeEvent,
  probeTarget,
  SECOND,
  type ProbeWorker as Task
} from "@kubereel/core"
import type { Handle } from "../../engine/Engine.ts"
import type { RandomStream } from "../../engine/Random.ts"
import { quantile } from "../../profile/quantiles.ts"
import { type FlightPlan, ProbeFlight } from "./ProbeFlight.ts"
import type { ProbeHost } from "./ProbeHost.ts"
import { type Course, overheads, type Probed, probeCourse } from "./probeCourse.ts"

/** What each skipped tick would have done: nothing, or a probe that succeeds. */
type Sleep = "Wait" | SteadySuccess

interface SteadySuccess {
  readonly probed: Probed
  readonly course: Course
  /** The answer's own share of the time. */
  readonly takes: Micros
  /** From then on the answer may be another one; infinite: it stays. */
  readonly changes: number
}

const canceled: ProbeOutcome = { _tag: "Error", error: "rpc error: code = Canceled desc = context canceled" }

export class ProbeWorker {
  readonly task: Task
  readonly #host: ProbeHost
  readonly #entity: string
  readonly #period: Micros
  readonly #random: RandomStream
  #state = newWorkerState
  /** The last tick that was taken; the ticker goes on from there. */
  #tick: Instant
  #probes = 0
  #scheduled: Handle | undefined
  #sleep: Sleep | undefined
  #flight: ProbeFlight | undefined
  #begun = false
  /** Something changed since the probe that is under way began: what it finds says nothing about the next one. */
  #disturbed = false
  #triggered = false
  #stopping = false
  /** The sync in which it was made is called off: commands go with it. */
  #canceled = false
  #ended = false

  constructor(host: ProbeHost, task: Task) {
    this.task = task
    this.#host = host
    const { metadata } = task.pod
    const names = [metadata.namespace, metadata.name, metadata.uid, task.container.name, task.type]
    this.#entity = `probe/${names.join("/")}`
    this.#random = host.stream(this.#entity)
    this.#period = (task.probe.periodSeconds ?? 10) * SECOND
    const { now } = host.engine
    // Just after its start a kubelet spreads the first probes over their period.
    const wait = this.#period > now - host.start ? Math.floor(this.#random.at(0) * this.#period) : 0
    this.#tick = later(now, wait)
    this.#probes = 1
    this.#at(this.#tick, () => {
      this.#begun = true
      this.#visit()
    })
  }

  get uid(): string {
    return this.task.pod.metadata.uid ?? ""
  }

  /** Somebody wants to know now; the ticker starts anew (K-151, K-158). `early`: before anything else happens. */
  trigger(early: boolean): void {
    this.settle()
    if (this.#ended) return
    if (!this.#begun || this.#flight !== undefined) this.#triggered = true
    else if (early) {
      this.#unschedule()
      this.#tick = this.#host.engine.now
      this.#visit()
    } else this.#restart()
  }

  /** A probe under way comes to its end. */
  stop(): void {
    this.settle()
    this.#stopping = true
    if (this.#begun && this.#flight === undefined) this.#end()
  }

  /** The pod is to end: a command under way is called off, later ones fail at once. Connections do not care. */
  cancel(): void {
    this.settle()
    this.#canceled = true
    if (this.#target()._tag === "Exec") this.#flight?.end(canceled)
  }

  /** The kubelet's process ends. */
  abandon(): void {
    this.#ended = true
    this.#unschedule()
  }

  /** Catches up with the ticks that were skipped, then ticks on. To be called whenever something changed that a probe could see. */
  settle(): void {
    this.#disturbed = true
    const sleep = this.#sleep
    if (sleep === undefined || this.#ended) return
    this.#sleep = undefined
    this.#unschedule()
    const passed = this.#passed()
    this.#tick = later(this.#tick, passed * this.#period)
    if (sleep !== "Wait" && passed > 0 && this.#catchUp(sleep, passed)) return
    this.#next(undefined)
  }

  /** How many ticks of the ticker are over by now. */
  #passed(): number {
    const { engine } = this.#host
    const elapsed = engine.now - this.#tick
    const ticks = Math.floor(elapsed / this.#period)
    return ticks > 0 && elapsed % this.#period === 0 && !engine.passed(this.#entity) ? ticks - 1 : ticks
  }

  /** Counts the successes of so many ticks; `true`: the last one's probe is still under way. */
  #catchUp({ course, probed, takes }: SteadySuccess, ticks: number): boolean {
    const { engine } = this.#host
    this.#probes += ticks
    const arrives = later(this.#tick, this.#overhead(this.#probes - 1))
    const lands = later(arrives, takes)
    const flying = lands > engine.now || (lands === engine.now && !engine.passed(this.#entity))
    this.#state = { ...this.#state, resultRun: this.#state.resultRun + ticks - (flying ? 1 : 0) }
    if (!flying) return false
    const container = probed.runtime.status(probed.uid).containers.find(({ id }) => id === probed.id)
    // An answer that lands in the moment of the death was on its way before.
    const dies = lands > engine.now && container?.finishedAt === engine.now
    const death = dies ? course.death?.(engine.now - arrives) : undefined
    const plan = { probed, sent: this.#tick, arrives, lands: death === undefined ? lands : engine.now }
    this.#fly({ ...plan, course: death === undefined ? course : { outcome: death, death: undefined } })
    return true
  }

  #visit(): void {
    const { engine, status, visited } = this.#host
    visited()
    this.#disturbed = false
    const known = status(this.uid)
    const { drop, next, publish, state, until } = prepareProbe(this.task, this.#state, known, engine.now)
    if (drop !== undefined) this.#host.drop(this.task, drop)
    this.#state = state
    const id = state.containerID ?? ""
    for (const result of publish) this.#host.publish(this.task, id, result)
    if (next === "End") return this.#end()
    if (next === "Wait") return this.#next("Wait", until)
    this.#probe({ runtime: this.#host.runtime, uid: this.uid, id, podIP: known?.podIP ?? "" })
  }

  #probe(probed: Probed): void {
    const target = this.#target(probed.podIP)
    const overhead = this.#overhead(this.#probes++)
    if (this.#canceled && target._tag === "Exec") return this.#finish(canceled, undefined)
    const timeout = (this.task.probe.timeoutSeconds ?? 1) * SECOND
    const course = probeCourse(probed, { target, timeout, overhead })
    const changes = this.#host.engine.now + overhead + course.holds
    const sleep: SteadySuccess = { probed, course, takes: course.after - overhead, changes }
    if (course.after === 0) return this.#finish(course.outcome, sleep)
    const { now } = this.#host.engine
    this.#fly({ probed, course, sent: now, arrives: later(now, overhead), lands: later(now, course.after) }, sleep)
  }

  #fly(plan: Omit<FlightPlan, "engine" | "entity">, sleep?: SteadySuccess): void {
    const { engine, visited } = this.#host
    this.#flight = new ProbeFlight({ ...plan, engine, entity: this.#entity }, (outcome) => {
      visited()
      this.#finish(outcome, outcome === plan.course.outcome ? sleep : undefined)
    })
  }

  #finish(outcome: ProbeOutcome, sleep: SteadySuccess | undefined): void {
    this.#flight = undefined
    if (this.#ended) return
    const event = probeEvent(this.task.type, outcome)
    if (event !== undefined) this.#host.record(this.task, event)
    const result = countedResult(outcome)
    if (result !== undefined) {
      const counted = countResult(this.task, this.#state, result)
      this.#state = counted.state
      if (counted.publish) this.#host.publish(this.task, this.#state.containerID ?? "", result)
    }
    this.#next(outcome._tag === "Success" && !this.#disturbed ? sleep : undefined)
  }

  /** The tick after this one. A sleep that is given lasts as long as nothing can change. */
  #next(sleep: Sleep | undefined, until?: Instant): void {
    if (this.#stopping) return this.#end()
    if (this.#triggered) return this.#restart()
    const { engine, everyTick } = this.#host
    const first = later(this.#tick, this.#period)
    // The ticker keeps one tick for a worker that comes too late for it.
    if (first < engine.now) {
      this.#tick = later(this.#tick, Math.floor((engine.now - this.#tick) / this.#period) * this.#period)
      return this.#at(engine.now, () => this.#visit())
    }
    const wake = everyTick || sleep === undefined ? first : this.#wake(sleep, until, first)
    if (wake !== first) this.#sleep = sleep
    if (wake !== undefined) this.#at(wake, () => this.#awake(wake))
  }

  #awake(wake: Instant): void {
    const skipped = (wake - this.#tick) / this.#period - 1
    if (this.#sleep !== undefined && this.#sleep !== "Wait") {
      this.#probes += skipped
      this.#state = { ...this.#state, resultRun: this.#state.resultRun + skipped }
    }
    this.#sleep = undefined
    this.#tick = wake
    this.#visit()
  }

  /** The first tick that might show something new; `undefined`: none, as things are. */
  #wake(sleep: Sleep, until: Instant | undefined, first: Instant): Instant | undefined {
    if (sleep === "Wait") return until === undefined ? undefined : this.#tickFrom(until, first)
    const { profile, published } = this.#host
    const longest = overheads(profile, this.#target(sleep.probed.podIP))[3]
    const settled = this.#state.lastResult === "Success" && published(this.task, sleep.probed.id) === "Success"
    if (!settled || sleep.takes + longest >= this.#period) return first
    return Number.isFinite(sleep.changes) ? this.#tickFrom((sleep.changes - longest) as Instant, first) : undefined
  }

  /** The first tick at or after a moment. */
  #tickFrom(at: Instant, first: Instant): Instant {
    return at <= first ? first : later(first, Math.ceil((at - first) / this.#period) * this.#period)
  }

  /** A manual trigger: now, and from now on every period. */
  #restart(): void {
    this.#triggered = false
    this.#sleep = undefined
    this.#unschedule()
    this.#tick = this.#host.engine.now
    this.#at(this.#tick, () => this.#visit())
  }

  #end(): void {
    if (this.#ended) return
    this.abandon()
    if (this.#state.containerID !== undefined) this.#host.drop(this.task, this.#state.containerID)
    this.#host.ended(this.task)
  }

  #target(podIP = ""): ProbeTarget {
    return probeTarget(this.task.probe, this.task.container, podIP)
  }

  /** What the n-th probe takes beside its answer, whichever probes were skipped before it. */
  #overhead(index: number): Micros {
    return quantile(overheads(this.#host.profile, this.#target()), this.#random.at(index))
  }

  #at(at: Instant, run: () => void): void {
    this.#scheduled = this.#host.engine.schedule(this.#entity, at, () => {
      this.#scheduled = undefined
      run()
    })
  }

  #unschedule(): void {
    if (this.#scheduled !== undefined) this.#host.engine.cancel(this.#scheduled)
    this.#scheduled = undefined
  }
}
