/**
 * Events of the newer kind, as the scheduler's client writes them (`client-go/tools/events/event_broadcaster.go`).
 *
 * Two Events are of one series when they agree in type, action, reason, reporter and in the object *with its resourceVersion*;
 * the note does not matter. The second one of a series turns the stored Event into a series of two; further ones are only
 * counted in memory and reach the API every half hour, or when the series ends: after six minutes of silence, which are looked
 * for every six minutes. So of a pod that stays unschedulable one sees an Event for the first attempt, a second Event for the
 * next one (because the first attempt's condition gave the pod a new resourceVersion), and this second one soon with
 * `series.count: 2`, however often it is tried.
 */
import { type Instant, type JsonObject, later, type Micros, type PodObject, SECOND, toMicroTime } from "@kubereel/core"
import { RateLimiter } from "../client/RateLimiter.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"

const FINISH: Micros = 6 * 60 * SECOND
const REFRESH: Micros = 30 * 60 * SECOND

export interface Note {
  readonly type: "Normal" | "Warning"
  readonly reason: string
  readonly action: string
  readonly note: string
}

/** An Event as `core/v1` shows it, without what the API server gives it (uid, resourceVersion, creationTimestamp). */
export interface NewEvent extends JsonObject {
  readonly kind: "Event"
  readonly apiVersion: "v1"
  readonly metadata: { readonly name: string; readonly namespace: string }
}

export interface Series extends JsonObject {
  readonly count: number
  readonly lastObservedTime: string
}

/** Where Events go. */
export interface EventSink {
  readonly create: (event: NewEvent) => void
  /** PATCH of `series`. `false`: there is no such Event (any more). */
  readonly patch: (namespace: string, name: string, series: Series) => boolean
}

export interface BroadcasterOptions {
  readonly engine: Engine
  /** Who does it, in the order of the engine. */
  readonly entity: string
  readonly random: RandomStream
  readonly sink: EventSink
  /** From an Event's moment until it is stored. */
  readonly latency: () => Micros
  /** `reportingComponent`; `reportingInstance` is this and the host's name. */
  readonly component: string
  readonly host: string
}

interface Cached {
  readonly event: NewEvent
  readonly at: Instant
  series: { count: number; last: Instant } | undefined
}

export class EventBroadcaster {
  readonly #o: BroadcasterOptions
  readonly #start: Instant
  readonly #cache = new Map<string, Cached>()
  /** Events have a client of their own. */
  readonly #limiter = new RateLimiter()
  #ticking = false

  constructor(options: BroadcasterOptions) {
    this.#o = options
    this.#start = options.engine.now
  }

  /** Says something of a pod, as it is in this version. */
  record(pod: PodObject, note: Note): void {
    const { now } = this.#o.engine
    const { uid, resourceVersion } = pod.metadata
    const key = [uid, resourceVersion, note.type, note.action, note.reason].join("/")
    const known = this.#cache.get(key)
    if (known?.series !== undefined) {
      known.series.count++
      known.series.last = now
      return
    }
    if (known !== undefined) {
      known.series = { count: 2, last: now }
      this.#write(known)
      return
    }
    const cached: Cached = { event: this.#event(pod, note, now), at: now, series: undefined }
    this.#cache.set(key, cached)
    this.#write(cached)
    this.#tick()
  }

  #event(pod: PodObject, { type, reason, action, note }: Note, at: Instant): NewEvent {
    const { name, namespace = "default", uid = "", resourceVersion = "" } = pod.metadata
    const { component, host, random } = this.#o
    // Nanoseconds do not fit a double.
    const nanos = BigInt(at) * 1_000n + BigInt(random.int(1_000))
    return {
      kind: "Event",
      apiVersion: "v1",
      metadata: { name: `${name}.${nanos.toString(16)}`, namespace },
      involvedObject: { kind: "Pod", namespace, name, uid, apiVersion: "v1", resourceVersion },
      reason,
      message: note,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: toMicroTime(at),
      action,
      reportingComponent: component,
      reportingInstance: `${component}-${host}`
    }
  }

  /** Stores the Event as it is now; what happens to it before that is stored with it only if it is written again. */
  #write({ event, series }: Cached): void {
    const { engine, entity, sink, latency } = this.#o
    const written =
      series === undefined ? undefined : { count: series.count, lastObservedTime: toMicroTime(series.last) }
    engine.schedule(entity, later(this.#limiter.reserve(engine.now), latency()), () => {
      if (written === undefined) return sink.create(event)
      if (!sink.patch(event.metadata.namespace, event.metadata.name, written))
        sink.create({ ...event, series: written })
    })
  }

  /** The next of the moments six minutes apart since the start, half an hour included, while there is something to look after. */
  #tick(): void {
    if (this.#ticking || this.#cache.size === 0) return
    this.#ticking = true
    const { engine, entity } = this.#o
    const passed = Math.floor((engine.now - this.#start) / FINISH)
    engine.schedule(entity, later(this.#start, (passed + 1) * FINISH), () => {
      this.#ticking = false
      if ((engine.now - this.#start) % REFRESH === 0)
        for (const cached of this.#cache.values()) if (cached.series !== undefined) this.#write(cached)
      this.#finish(engine.now)
      this.#tick()
    })
  }

  /** Ends series that have gone silent, with their last count, and forgets what stayed single. */
  #finish(now: Instant): void {
    for (const [key, cached] of this.#cache) {
      if (now - (cached.series?.last ?? cached.at) <= FINISH) continue
      if (cached.series !== undefined) this.#write(cached)
      this.#cache.delete(key)
    }
  }
}
