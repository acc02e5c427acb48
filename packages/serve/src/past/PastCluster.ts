/** One moment of a reel as a cluster that can be asked, or a moment that moves. Nothing can be written. */
import {
  type Answer,
  type BlindSpot,
  expiredList,
  groupVersionOf,
  type Instant,
  type KubernetesObject,
  type LogOptions,
  later,
  type Moment,
  type Recorded,
  refusedWith,
  resourceName,
  type Scope,
  SECOND,
  type ServedCluster,
  type ServedList,
  type ServedListener,
  type ServedResource,
  type ServedWatch,
  type ServedWrite,
  type StateAt,
  type Status,
  type TryWrite,
  toObserved,
  tooLargeResourceVersion
} from "@kubereel/core"
import { readOnly } from "../http/refusals.ts"
import type { Archive } from "./Archive.ts"
import { changeOf, isWithin } from "./changes.ts"
import type { MomentAddress } from "./momentInPath.ts"
import { Pace, type Wall } from "./Pace.ts"
import { recordedIn } from "./recordedResources.ts"
import { noLogs, notKnown, outsideHistory } from "./refusals.ts"
import { newestVersion, Versions } from "./Versions.ts"

/** A node says at least every five minutes that it is there (nodeStatusReportFrequency): after so much silence nobody was recording. */
const SILENCE = 300 * SECOND

export interface PastOptions {
  readonly archive: Archive
  readonly address: MomentAddress
  /** `v1.36.3` */
  readonly version: string
  readonly resources: ReadonlyArray<ServedResource>
  readonly wall: Wall
  /** Absent: the past answers no writes, not even those that would change nothing. */
  readonly tryWrite?: TryWrite
}

const EPOCH = 0 as Instant

export class PastCluster implements ServedCluster {
  readonly #o: PastOptions
  /** Of the moment itself, as far as it moves. */
  readonly pace: Pace
  readonly #versions = new Versions()
  /** How those are ended who watch the moving moment. */
  readonly #watches = new Set<(why: Status) => void>()
  /** The newest state that anybody asked for. */
  #seen: StateAt | undefined

  private constructor(options: PastOptions, from: Instant) {
    this.#o = options
    const { place, speed } = options.address
    this.pace = new Pace(from, place._tag === "Live" ? speed : 0, options.wall)
  }

  /** Fails with BeforeHistory where what was then is removed. */
  static async open(options: PastOptions): Promise<PastCluster> {
    const { address, archive } = options
    const start = archive.contents.first ?? EPOCH
    const cluster = new PastCluster(options, address.place._tag === "At" ? address.place.observed : start)
    const { observed } = await cluster.#state()
    if (address.place._tag === "Seq" || address.place._tag === "Latest") cluster.pace.set({ now: observed ?? start })
    return cluster
  }

  readonly now = (): Instant => this.pace.now

  get version(): string {
    return this.#o.version
  }

  readonly resources = (): ReadonlyArray<ServedResource> => this.#o.resources

  readonly warnings = (of: Scope | undefined): ReadonlyArray<string> => {
    const state = this.#seen
    const { first, last } = this.#o.archive.contents
    const { now } = this
    if (state === undefined || first === undefined || last === undefined) return []
    const at = toObserved(now())
    if (now() < first)
      return [`${at} is before the recording, which begins at ${toObserved(first)}: nothing is known of it`]
    if (this.#o.address.place._tag === "At" && now() > later(last, SILENCE))
      return [`${at} is after the end of the recording (${toObserved(last)}): this is what was known then`]
    return this.#gaps(state, of).map(
      ({ cause, detail, from, resource, to }) =>
        `reading the past at ${at}: ${resource === "" ? "nothing was" : `${resource} were not`} observed ${spanOf(from, to)} (${cause}: ${detail})`
    )
  }

  readonly unknown = (of: Scope): Status | undefined => {
    const { sessions } = this.#o.archive.contents
    const name = resourceName(of.resource)
    const denied = this.#seen?.gaps.find(({ cause, resource }) => cause === "denied" && resource === name)
    if (denied !== undefined) return notKnown(of, `the recorder was not allowed to look: ${denied.detail}`)
    const seq = this.#seen?.seq ?? 0
    const since = sessions.find((session) => recordedIn(session).includes(name))
    if (since === undefined || since.seq <= seq || sessions[0]?.seq === since.seq) return undefined
    return notKnown(of, `it was recorded from event ${since.seq} on only`)
  }

  readonly list = async (of: Scope, at?: string): Promise<ServedList | Status> => {
    if (at === undefined) return this.#listOf(await this.#state(), of)
    const seq = this.#versions.seqOf(of.resource, at) ?? (await this.#search(of, at))
    if (typeof seq !== "number") return seq
    return this.#listOf(await this.#o.archive.at({ seq }), of)
  }

  readonly get = async (of: Scope, name: string): Promise<KubernetesObject | undefined> => {
    const state = await this.#state()
    const found = state.entries.find(
      (entry) =>
        entry.name === name &&
        entry.kind === of.resource.kind &&
        entry.apiVersion === groupVersionOf(of.resource) &&
        entry.namespace === (of.namespace ?? "")
    )
    const object = found && (await this.#o.archive.object(found))
    return object && this.#annotated(state, of, [object])[0]
  }

  readonly resourceVersion = async (of: Scope): Promise<string> => this.#versionOf(await this.#state(), of)

  readonly watch = async (of: Scope, from: string, listener: ServedListener): Promise<ServedWatch | Status> => {
    const seq = this.#versions.seqOf(of.resource, from) ?? (await this.#search(of, from))
    if (typeof seq !== "number") return seq
    const known = new Map<string, KubernetesObject>()
    const state = await this.#o.archive.at({ seq })
    for (const object of await this.#o.archive.objects(state, groupVersionOf(of.resource), of.resource.kind))
      if (isWithin(object, of)) known.set(idOf(object), object)
    const { address, wall } = this.#o
    // A moment that stands has a clock for each watch; one that moves has the same for all.
    const began = state.observed ?? this.pace.now
    const standing = address.place._tag === "At" ? this.pace.now : began
    const pace = address.place._tag === "Live" ? this.pace : new Pace(standing, address.speed, wall)
    return this.#replay({ of, seq, known, pace, listener })
  }

  readonly tryWrite = async (write: ServedWrite): Promise<Answer> => {
    const { tryWrite } = this.#o
    if (tryWrite === undefined || write.verb === "deletecollection") return refusedWith(readOnly)
    const { name, namespace, resource } = { name: undefined, ...write }
    const there = name === undefined ? undefined : await this.get({ resource, ...(namespace && { namespace }) }, name)
    return tryWrite(there === undefined ? [] : [there], write, { now: this.now(), version: this.version })
  }

  readonly pods = {
    log: async (namespace: string, pod: string, _options: LogOptions): Promise<Status> =>
      noLogs(await this.#pod(namespace, pod), pod)
  }

  /** Puts a moment that moves somewhere else, or lets it run otherwise. Who watched it has to look anew if it went back. */
  move(at: { readonly now?: Instant; readonly speed?: number }): void {
    const back = at.now !== undefined && at.now < this.pace.now
    this.pace.set(at)
    if (!back) return
    for (const end of this.#watches) end(expiredList)
  }

  /** Who watches hears of nothing before the moment of his list, and of everything after it. */
  #replay(how: Replay): ServedWatch {
    const { known, listener, of, pace, seq } = how
    let closed = false
    let cancel = () => {}
    let wake = () => {}
    const due = (at: Instant) =>
      new Promise<void>((resolve) => {
        wake = resolve
        cancel = pace.reached(at, resolve)
      })
    // Where everything is told at once, the clock is that of what was told last.
    let reached = pace.now
    const tell = ({ event, seq }: Recorded) => {
      if (event.observed !== undefined) reached = event.observed
      const change = changeOf(event, of, known)
      if (change === undefined) return
      this.#versions.issue(of.resource, change.object.metadata.resourceVersion ?? String(seq), seq)
      listener.changed(change)
    }
    const go = async () => {
      for await (const recorded of this.#o.archive.from(seq + 1, () => closed)) {
        const { observed } = recorded.event
        if (observed !== undefined && pace.speed !== Number.POSITIVE_INFINITY) await due(observed)
        if (closed) return
        tell(recorded)
      }
    }
    const close = () => {
      closed = true
      this.#watches.delete(end)
      cancel()
      wake()
    }
    const end = (why: Status) => {
      close()
      listener.ended(why)
    }
    if (pace === this.pace) this.#watches.add(end)
    go().catch((cause: unknown) => end(outsideHistory(cause instanceof Error ? cause.message : String(cause))))
    return { close, now: () => Math.max(reached, pace.now) as Instant }
  }

  async #pod(namespace: string, name: string): Promise<KubernetesObject | undefined> {
    const resource = this.#o.resources.find(({ group, resource }) => group === "" && resource === "pods")
    return resource && this.get({ resource, namespace }, name)
  }

  async #state(): Promise<StateAt> {
    const { address, archive } = this.#o
    const { place } = address
    const state = await (place._tag === "Latest" ? archive.newest() : archive.at(this.#moment()))
    if (place._tag === "Latest" && state.observed !== undefined) this.pace.set({ now: state.observed })
    this.#seen = state
    return state
  }

  #moment(): Moment {
    const { place } = this.#o.address
    return place._tag === "Seq" ? { seq: place.seq } : { observed: this.pace.now }
  }

  async #listOf(state: StateAt, of: Scope): Promise<ServedList> {
    const all = await this.#o.archive.objects(state, groupVersionOf(of.resource), of.resource.kind)
    const items = of.namespace === undefined ? all : all.filter((object) => isWithin(object, of))
    return { items: this.#annotated(state, of, items), resourceVersion: this.#versionOf(state, of) }
  }

  /** What was told of a time that nobody saw is marked as that. */
  #annotated(state: StateAt, of: Scope, items: ReadonlyArray<KubernetesObject>): ReadonlyArray<KubernetesObject> {
    const [gap] = this.#gaps(state, of)
    if (gap === undefined) return items
    const text = `${spanOf(gap.from, gap.to)} (${gap.cause}: ${gap.detail})`
    return items.map((object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, "kubereel.dev/not-observed": text }
      }
    }))
  }

  #gaps(state: StateAt, of: Scope | undefined): ReadonlyArray<BlindSpot> {
    const name = of === undefined ? undefined : resourceName(of.resource)
    return state.gaps.filter(({ resource }) => resource === "" || resource === name)
  }

  #versionOf(state: StateAt, { resource }: Scope): string {
    const version = newestVersion(state)
    this.#versions.issue(resource, version, state.seq)
    return version
  }

  /** A version that this server did not give out: where its events are. */
  async #search(of: Scope, version: string): Promise<number | Status> {
    const state = await this.#state()
    const newest = this.#versionOf(state, of)
    const found = await this.#versions.search(this.#o.archive, of.resource, { version, newest })
    if (found === "newer") return tooLargeResourceVersion(version, newest)
    return found ?? expiredList
  }
}

interface Replay {
  readonly of: Scope
  /** The first event that is told is the one after it. */
  readonly seq: number
  /** What was there then, by namespace and name. */
  readonly known: Map<string, KubernetesObject>
  readonly pace: Pace
  readonly listener: ServedListener
}

const idOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ""}/${metadata.name}`

const spanOf = (from: Instant | undefined, to: Instant | undefined): string =>
  to === undefined
    ? from === undefined
      ? "here"
      : `since ${toObserved(from)}`
    : `from ${from === undefined ? "before" : toObserved(from)} to ${toObserved(to)}`
