/** A component's Events, one after the other, counted and combined as client-go does (`tools/record/event.go`; K-320…K-327). */
import {
  aggregate,
  type Bucket,
  type Instant,
  type KubernetesObject,
  SECOND,
  type Similar,
  spend,
  toTime
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"

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

interface Observed {
  readonly count: number
  readonly name: string
  readonly first: Instant
}

export interface RecorderOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly store: Store
  readonly write: Quantiles
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  readonly component: string
  /** Of a component that lives on a node; absent for the control plane's. */
  readonly host?: string
}

/** What is remembered of one object: short keys for each, instead of long ones for all. */
interface Remembered {
  /** By type and reason. */
  readonly similar: Map<string, Similar>
  /** By type, reason, place and message; those that were combined, by type and reason. */
  readonly observed: Map<string, Observed>
  /** By type. */
  readonly buckets: Map<string, Bucket>
}

/** Five hexadecimal digits. */
const LOW = 2 ** 20

export class EventRecorder {
  readonly #o: RecorderOptions
  readonly #queue: Array<Stamped> = []
  readonly #remembered = new Map<string, Remembered>()
  #busy = false

  constructor(options: RecorderOptions) {
    this.#o = options
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
    this.#next()
  }

  #write(event: Stamped): void {
    const { subject, type, reason, message } = event
    const known = this.#of(subject)
    const similarKey = `${type}/${reason}`
    const { similar, combined } = aggregate(known.similar.get(similarKey), message, event.at, this.#o.random.next())
    known.similar.set(similarKey, similar)
    const key = combined ? similarKey : `${type}/${reason}/${subject.fieldPath ?? ""}/${message}`
    const before = known.observed.get(key)
    const now: Observed = {
      count: (before?.count ?? 0) + 1,
      name: before?.name ?? `${subject.name}.${this.#nanos(event.at)}`,
      first: before?.first ?? event.at
    }
    known.observed.set(key, now)
    const { bucket, allowed } = spend(known.buckets.get(type), event.at)
    known.buckets.set(type, bucket)
    if (allowed)
      this.#store(
        { ...event, message: combined ? `(combined from similar events): ${message}` : message },
        now,
        combined
      )
  }

  #of({ kind, name, namespace, uid }: EventSubject): Remembered {
    const key = `${kind}/${namespace}/${name}/${uid}`
    const known = this.#remembered.get(key)
    if (known !== undefined) return known
    const made = { similar: new Map(), observed: new Map(), buckets: new Map() }
    this.#remembered.set(key, made)
    return made
  }

  #store(event: Stamped, observed: Observed, combined: boolean): void {
    const { store, engine, random } = this.#o
    // Events about what has no namespace are in the default one.
    const namespace = event.subject.namespace || "default"
    const stored = store.get("Event", namespace, observed.name)
    if (stored !== undefined) {
      store.update({ ...stored, count: observed.count, lastTimestamp: toTime(event.at), message: event.message })
      return
    }
    const metadata = {
      name: observed.name,
      namespace,
      uid: random.uuid(),
      resourceVersion: store.nextVersion(),
      creationTimestamp: toTime(engine.trueTime(engine.now)),
      ...(event.annotations === undefined ? {} : { annotations: event.annotations })
    }
    store.create({
      kind: "Event",
      apiVersion: "v1",
      metadata,
      ...this.#content(event, observed, combined)
    } as KubernetesObject)
  }

  #content(event: Stamped, observed: Observed, combined: boolean) {
    const { component, host } = this.#o
    const { apiVersion = "v1", kind, namespace, name, uid, resourceVersion, fieldPath } = event.subject
    return {
      involvedObject: {
        kind,
        ...(namespace === "" ? {} : { namespace }),
        name,
        ...(uid === "" ? {} : { uid }),
        apiVersion,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
        ...(fieldPath === undefined ? {} : { fieldPath })
      },
      reason: event.reason,
      message: event.message,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: toTime(observed.first),
      lastTimestamp: toTime(event.at),
      count: observed.count,
      type: event.type,
      eventTime: null,
      reportingComponent: combined ? "" : component,
      reportingInstance: combined ? "" : (host ?? "")
    }
  }

  /** In hexadecimal: more than a number holds, so its last five digits are counted apart. */
  #nanos(at: Instant): string {
    const low = (at % LOW) * 1_000 + this.#o.random.int(1_000)
    const high = Math.floor(at / LOW) * 1_000 + Math.floor(low / LOW)
    return high.toString(16) + (low % LOW).toString(16).padStart(5, "0")
  }
}
