/** A component's Events, one after the other, counted and combined as client-go does (`tools/record/event.go`; K-320…K-327). */
import { type Instant, type JsonObject, type KubernetesObject, SECOND, toTime } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"
import { EventMemory, type Observed } from "./EventMemory.ts"
import type { EventSink } from "./EventSink.ts"

/** How often, and how long after each other, an Event is sent that cannot be sent. */
const MAX_TRIES = 12
const RETRY = 10 * SECOND

/** How many may wait for their turn; what comes then is lost. */
const MAX_QUEUED = 1_000

export interface EventSubject {
  /** `v1` if absent. */
  readonly apiVersion?: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string | undefined
  /** `spec.containers{main}`, absent for the pod itself. */
  readonly fieldPath: string | undefined
}

export interface NewEvent {
  readonly annotations?: { readonly [key: string]: string }
  readonly subject: EventSubject
  readonly type: "Normal" | "Warning"
  readonly reason: string
  readonly message: string
}

interface Stamped extends NewEvent {
  readonly at: Instant
}

export interface RecorderOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly sink: EventSink
  readonly write: Quantiles
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  readonly component: string
  /** Of a component that lives on a node; absent for the control plane's. */
  readonly host?: string
}

/** ObjectReference: what is empty is left out. */
const involvedObject = (subject: EventSubject): JsonObject => {
  const { apiVersion = "v1", kind, namespace, name, uid, resourceVersion, fieldPath } = subject
  const reference: { [field: string]: string } = { kind }
  if (namespace !== "") reference["namespace"] = namespace
  reference["name"] = name
  if (uid !== "") reference["uid"] = uid
  reference["apiVersion"] = apiVersion
  if (resourceVersion !== undefined) reference["resourceVersion"] = resourceVersion
  if (fieldPath !== undefined) reference["fieldPath"] = fieldPath
  return reference
}

/** Five hexadecimal digits. */
const LOW = 2 ** 20

export class EventRecorder {
  readonly #o: RecorderOptions
  readonly #queue: Array<Stamped> = []
  /** The same in all its Events. */
  readonly #source: JsonObject
  readonly #memory = new EventMemory()
  #busy = false

  constructor(options: RecorderOptions) {
    this.#o = options
    const { component, host } = options
    this.#source = host === undefined ? { component } : { component, host }
  }

  /** Stamped now, written when its turn comes. */
  record(event: NewEvent): void {
    if (this.#queue.length < MAX_QUEUED) this.#queue.push({ ...event, at: this.#o.engine.now })
    if (!this.#busy) this.#next()
  }

  #next(): void {
    const event = this.#queue.shift()
    this.#busy = event !== undefined
    if (event === undefined) return
    this.#o.engine.after(this.#o.entity, quantile(this.#o.write, this.#o.random.next()), () => this.#try(event, 1))
  }

  /** Recorded as often as it takes, up to twelve times; the others wait (`tools/record/event.go`, recordToSink). */
  #try(event: Stamped, tries: number): void {
    const { engine, entity, random, reachable } = this.#o
    if (!reachable() && tries < MAX_TRIES) {
      const pause = tries === 1 ? random.int(RETRY) : RETRY
      engine.after(entity, pause, () => this.#try(event, tries + 1))
      return
    }
    if (reachable()) this.#write(event)
    else this.#next()
  }

  #write(event: Stamped): void {
    const combined = this.#memory.isCombined(event, this.#o.random.next())
    const observed = this.#memory.observe(event, combined, () => `${event.subject.name}.${this.#nanos(event.at)}`)
    if (!this.#memory.mayBeSent(event)) return this.#next()
    const message = combined ? `(combined from similar events): ${event.message}` : event.message
    this.#send(this.#event({ ...event, message }, observed, combined), 1)
  }

  /** Whatever the server says is its last word; where nobody says anything it is sent again. */
  #send(event: KubernetesObject, tries: number): void {
    const { engine, entity, random, sink } = this.#o
    sink.write(event, ({ status }) => {
      if (status !== 0 || tries >= MAX_TRIES) return this.#next()
      engine.after(entity, tries === 1 ? random.int(RETRY) : RETRY, () => this.#send(event, tries + 1))
    })
  }

  /** But for what the server gives it. */
  #event(event: Stamped, observed: Observed, combined: boolean): KubernetesObject {
    const { component, host } = this.#o
    const { annotations, subject } = event
    // Events about what has no namespace are in the default one.
    const metadata = { name: observed.name, namespace: subject.namespace || "default" }
    return {
      kind: "Event",
      apiVersion: "v1",
      metadata: annotations === undefined ? metadata : { ...metadata, annotations },
      involvedObject: involvedObject(subject),
      reason: event.reason,
      message: event.message,
      source: this.#source,
      firstTimestamp: toTime(observed.first),
      lastTimestamp: toTime(event.at),
      count: observed.count,
      type: event.type,
      eventTime: null,
      reportingComponent: combined ? "" : component,
      reportingInstance: combined ? "" : (host ?? "")
    } as KubernetesObject
  }

  /** In hexadecimal: more than a number holds, so its last five digits are counted apart. */
  #nanos(at: Instant): string {
    const low = (at % LOW) * 1_000 + this.#o.random.int(1_000)
    const high = Math.floor(at / LOW) * 1_000 + Math.floor(low / LOW)
    return high.toString(16) + (low % LOW).toString(16).padStart(5, "0")
  }
}
