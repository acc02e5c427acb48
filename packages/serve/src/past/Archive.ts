/** A reel as those look at it who ask for moments of it: its states, the objects in them, and what came after. */
import type {
  BlindSpot,
  Entry,
  EventLog,
  Instant,
  JsonObject,
  KubernetesObject,
  Moment,
  Recorded,
  StateAt
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { changeIn } from "./changes.ts"

type Log = (typeof EventLog)["Service"]

/** A whole pass over so many events takes no time that anybody notices. */
const SCANNED = 20_000
/** Where a longer one is looked at instead. */
const SAMPLES = 8
const STATES_KEPT = 32
const OBJECTS_KEPT = 50_000
/** How often a reel is looked at that somebody may be writing, in milliseconds. */
const LOOK_EVERY = 100

/** What a recording says of itself, from an event on. */
export interface Session {
  readonly seq: number
  readonly header: JsonObject
}

/** What is known of the whole reel. */
export interface Contents {
  readonly first: Instant | undefined
  readonly last: Instant | undefined
  /** Number of the last event. */
  readonly end: number
  readonly sessions: ReadonlyArray<Session>
  /** `apps/v1 Deployment`, as far as they were met. */
  readonly kinds: ReadonlySet<string>
  /** With how many pods each was met. */
  readonly namespaces: ReadonlyMap<string, number>
  /** Each time that nobody was looking. */
  readonly gaps: ReadonlyArray<BlindSpot>
  /** Objects of the kind CustomResourceDefinition. */
  readonly definitions: ReadonlyArray<KubernetesObject>
}

const keyOf = (moment: Moment): string => ("seq" in moment ? `#${moment.seq}` : `${moment.observed}`)

/** Keeps what was put in last. */
const keep = <K, V>(map: Map<K, V>, size: number, key: K, value: V): V => {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= size) break
    map.delete(oldest)
  }
  return value
}

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

export class Archive {
  readonly #log: Log
  readonly #states = new Map<string, Promise<StateAt>>()
  readonly #objects = new Map<number, KubernetesObject>()
  readonly #lists = new WeakMap<StateAt, Map<string, Promise<ReadonlyArray<KubernetesObject>>>>()
  #waiting = new Set<{ readonly seq: number; readonly go: () => void }>()
  #looking: NodeJS.Timeout | undefined
  readonly contents: Contents

  private constructor(log: Log, contents: Contents) {
    this.#log = log
    this.contents = contents
  }

  /** Looks through the whole of a short reel, and at some moments of a long one. */
  static async open(log: Log): Promise<Archive> {
    const { seq: end } = await run(log.head)
    return new Archive(log, await readContents(log, end))
  }

  /** What was true then. Fails with BeforeHistory where that was removed. */
  at(moment: Moment): Promise<StateAt> {
    const key = keyOf(moment)
    const known = this.#states.get(key)
    const state = known ?? run(this.#log.stateAt(moment))
    if (known === undefined) state.catch(() => this.#states.delete(key))
    return keep(this.#states, STATES_KEPT, key, state)
  }

  /** The newest state; of a reel that is being written another one each time. */
  async newest(): Promise<StateAt> {
    const { seq } = await run(this.#log.head)
    return this.at({ seq })
  }

  /** The objects of a kind that were there. `namespace` absent: of all. */
  objects(state: StateAt, apiVersion: string, kind: string): Promise<ReadonlyArray<KubernetesObject>> {
    const lists = this.#lists.get(state) ?? new Map<string, Promise<ReadonlyArray<KubernetesObject>>>()
    this.#lists.set(state, lists)
    const key = `${apiVersion} ${kind}`
    const known = lists.get(key)
    if (known !== undefined) return known
    const found = this.#read(state.entries.filter((entry) => entry.kind === kind && entry.apiVersion === apiVersion))
    lists.set(key, found)
    return found
  }

  object(entry: Entry): Promise<KubernetesObject | undefined> {
    return this.#read([entry]).then(([object]) => object)
  }

  /** Events from that number on, each when it is there, until `closed`. */
  async *from(seq: number, closed: () => boolean): AsyncGenerator<Recorded> {
    for (let next = seq; !closed(); ) {
      for await (const recorded of Stream.toAsyncIterable(this.#log.read(next))) {
        if (closed()) return
        // What stands for removed events is no news.
        if (recorded.seq < next) continue
        next = recorded.seq + 1
        yield recorded
      }
      await this.#reaches(next)
    }
  }

  /** Nobody waits for news any more. */
  close(): void {
    clearTimeout(this.#looking)
    for (const { go } of this.#waiting) go()
    this.#waiting.clear()
  }

  async #read(entries: ReadonlyArray<Entry>): Promise<ReadonlyArray<KubernetesObject>> {
    // In the order of the log: a block is opened once.
    const missing = entries.filter(({ seq }) => !this.#objects.has(seq)).toSorted((a, b) => a.seq - b.seq)
    const fresh = new Map<number, KubernetesObject>()
    const log = this.#log
    await run(
      Effect.forEach(
        missing,
        ({ seq }) =>
          Effect.map(log.event(seq), (event) => {
            const object = changeIn(event)?.object
            if (object !== undefined) fresh.set(seq, object)
          }),
        { discard: true }
      )
    )
    const found = entries.flatMap(({ seq }) => fresh.get(seq) ?? this.#objects.get(seq) ?? [])
    for (const [seq, object] of fresh) keep(this.#objects, OBJECTS_KEPT, seq, object)
    return found
  }

  #reaches(seq: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add({ seq, go: resolve })
      this.#looking ??= setTimeout(() => this.#look(), LOOK_EVERY)
    })
  }

  /** One look for all who wait. */
  async #look(): Promise<void> {
    const reached = await run(this.#log.head).then(
      ({ seq }) => seq,
      () => 0
    )
    this.#looking = undefined
    for (const waiting of this.#waiting) {
      if (waiting.seq > reached) continue
      this.#waiting.delete(waiting)
      waiting.go()
    }
    if (this.#waiting.size > 0) this.#looking = setTimeout(() => this.#look(), LOOK_EVERY)
  }
}

/** What a look at some events or states adds up to. */
class Survey {
  readonly sessions: Array<Session> = []
  readonly kinds = new Set<string>()
  readonly namespaces = new Map<string, number>()
  readonly gaps = new Map<string, BlindSpot>()
  readonly definitions = new Map<string, KubernetesObject>()
  first: Instant | undefined
  last: Instant | undefined

  see({ apiVersion, kind, namespace }: Pick<Entry, "apiVersion" | "kind" | "namespace">): void {
    this.kinds.add(`${apiVersion} ${kind}`)
    if (kind === "Pod") this.namespaces.set(namespace, (this.namespaces.get(namespace) ?? 0) + 1)
  }

  hear({ event, seq }: Recorded): void {
    const { observed } = event
    if (observed !== undefined) {
      this.first ??= observed
      if (this.last === undefined || observed > this.last) this.last = observed
    }
    if (event._tag === "RecordingStarted") this.sessions.push({ seq, header: event.header as JsonObject })
    const object = changeIn(event)?.object
    if (object === undefined) return
    const { apiVersion, kind, metadata } = object
    this.see({ apiVersion, kind, namespace: metadata.namespace ?? "" })
    if (kind === "CustomResourceDefinition") this.definitions.set(metadata.name, object)
  }

  blind(gaps: ReadonlyArray<BlindSpot>): void {
    for (const gap of gaps) this.gaps.set(`${gap.resource} ${gap.from}`, gap)
  }
}

const readContents = async (log: Log, end: number): Promise<Contents> => {
  const survey = new Survey()
  const scanned = end <= SCANNED ? end : 1
  for await (const recorded of Stream.toAsyncIterable(log.read())) {
    if (recorded.seq > scanned) break
    survey.hear(recorded)
  }
  const moments =
    end <= SCANNED ? [end] : Array.from({ length: SAMPLES }, (_, i) => Math.ceil((end * (i + 1)) / SAMPLES))
  for (const seq of moments) {
    const state = await run(log.stateAt({ seq })).catch(() => undefined)
    if (state === undefined) continue
    survey.blind(state.gaps)
    for (const entry of state.entries) {
      if (end > SCANNED) survey.see(entry)
      if (end > SCANNED && entry.kind === "CustomResourceDefinition") {
        const object = changeIn(await run(log.event(entry.seq)))?.object
        if (object !== undefined) survey.definitions.set(entry.name, object)
      }
    }
    if (state.observed !== undefined) survey.last = state.observed
  }
  const { definitions, first: began, gaps, kinds, last, namespaces, sessions } = survey
  return {
    ...{ first: began, last, end, sessions, kinds, namespaces },
    gaps: [...gaps.values()],
    definitions: [...definitions.values()]
  }
}
