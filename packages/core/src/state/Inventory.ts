/** Which objects there are after a prefix of a log, and where in the log each one's newest version lies. */
import type { ClusterEvent, Gap } from "../event/ClusterEvent.ts"
import type { Instant } from "../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import { compareResourceVersions } from "../event/resourceVersion.ts"

/** An object that is there. */
export interface Entry {
  /** The event with its newest version. */
  readonly seq: number
  readonly observed: Instant | undefined
  readonly change: string
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  /** How often the server had gone back in time. */
  readonly era: number
  /** Nobody saw this version come: it was found so. */
  readonly isFound: boolean
}

/** A time in which nobody was looking, at one resource or (`""`) at all. */
export interface BlindSpot extends Pick<Gap, "cause" | "detail"> {
  readonly resource: string
  /** As far as the event that ends it says so. */
  readonly from?: Instant
  readonly to?: Instant
}

/** What of an event an inventory looks at. */
export interface Sighting {
  readonly observed: Instant | undefined
  readonly gap?: BlindSpot & { readonly isOver: boolean }
  /** Only of an object's version. */
  readonly entry?: Entry
}

/** So many deaths later a latecomer of an object that is gone is taken for a new sighting. */
export const DEAD_KNOWN = 1_024

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")

const momentIn = (edge: Json | undefined): Instant | undefined =>
  isJsonObject(edge) && Number.isSafeInteger(edge.at) ? (edge.at as Instant) : undefined

const blindSpotIn = (content: JsonObject): BlindSpot & { readonly isOver: boolean } => {
  const [from, to] = [momentIn(content.from), momentIn(content.to)]
  return {
    cause: content.cause as Gap["cause"],
    detail: text(content.detail),
    resource: text(content.resource),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    isOver: content.to !== undefined
  }
}

/** Of an event as it is stored, in the words of any version of the vocabulary. */
export const sightingIn = (seq: number, content: JsonObject): Sighting => {
  const observed = Number.isSafeInteger(content.observed) ? (content.observed as Instant) : undefined
  if (content._tag === "Gap") return { observed, gap: blindSpotIn(content) }
  if (content._tag !== "ObjectChanged") return { observed }
  const { apiVersion, kind, metadata } = isJsonObject(content.object) ? content.object : ({} as JsonObject)
  const { name, namespace, resourceVersion, uid } = isJsonObject(metadata) ? metadata : ({} as JsonObject)
  const entry: Entry = {
    seq,
    observed,
    change: text(content.change),
    apiVersion: text(apiVersion),
    kind: text(kind),
    namespace: text(namespace),
    name: text(name),
    uid: text(uid),
    resourceVersion: text(resourceVersion),
    era: typeof content.era === "number" ? content.era : 0,
    isFound: content.found !== undefined
  }
  return { observed, entry }
}

export const sightingOf = (seq: number, event: ClusterEvent): Sighting =>
  sightingIn(seq, (event._tag === "Unknown" ? event.content : event) as JsonObject)

/** One life of one object, in one served form. */
const idOf = ({ apiVersion, kind, name, namespace, uid }: Entry): string =>
  `${apiVersion} ${kind} ${uid === "" ? `${namespace}/${name}` : uid}`

/** A fold: what it holds depends on the events alone. An older version than the one that is known changes nothing. */
export class Inventory {
  readonly #entries: Map<string, Entry>
  /** What is gone, in the order of death. */
  readonly #dead: Map<string, true>
  /** How many events it has seen. */
  seq: number
  /** The latest moment that was seen. */
  reached: Instant | undefined
  first: Instant | undefined
  /** What nobody has been looking at since, by resource. What is seen ends only the blind spot of all resources. */
  readonly #gaps: Map<string, BlindSpot>

  constructor(from?: InventoryState) {
    this.#entries = new Map(from?.entries.map((entry) => [idOf(entry), entry]))
    this.#dead = new Map(from?.dead.map((id) => [id, true]))
    this.seq = from?.seq ?? 0
    this.reached = from?.reached
    this.first = from?.first
    this.#gaps = new Map(from?.gaps.map((gap) => [gap.resource, gap]))
  }

  see(seq: number, { entry, gap, observed }: Sighting): void {
    this.seq = seq
    if (observed !== undefined) {
      this.first ??= observed
      if (this.reached === undefined || observed > this.reached) this.reached = observed
    }
    if (gap !== undefined) this.#gap(gap)
    if (entry === undefined || entry.change === "BOOKMARK" || entry.change === "ERROR") return
    this.#gaps.delete("")
    const id = idOf(entry)
    const known = this.#entries.get(id)
    if (known !== undefined && known.era === entry.era && isOlder(entry, known)) return
    if (entry.change === "DELETED") this.#bury(id, entry)
    else if (!this.#dead.has(id)) this.#entries.set(id, entry)
  }

  gaps(): ReadonlyArray<BlindSpot> {
    return [...this.#gaps.values()]
  }

  get size(): number {
    return this.#entries.size
  }

  /** In the order in which the objects appeared. */
  entries(): ReadonlyArray<Entry> {
    return [...this.#entries.values()]
  }

  state(): InventoryState {
    const { first, reached, seq } = this
    return {
      seq,
      entries: this.entries(),
      dead: [...this.#dead.keys()],
      gaps: this.gaps(),
      ...(reached === undefined ? {} : { reached }),
      ...(first === undefined ? {} : { first })
    }
  }

  #gap({ isOver, ...gap }: BlindSpot & { readonly isOver: boolean }): void {
    if (isOver) this.#gaps.delete(gap.resource)
    else this.#gaps.set(gap.resource, gap)
  }

  #bury(id: string, { uid }: Entry): void {
    this.#entries.delete(id)
    // Without a uid the next object of that name has the same identity.
    if (uid === "") return
    this.#dead.set(id, true)
    for (const oldest of this.#dead.keys()) {
      if (this.#dead.size <= DEAD_KNOWN) return
      this.#dead.delete(oldest)
    }
  }
}

const isOlder = (a: Entry, b: Entry): boolean =>
  (compareResourceVersions(a.resourceVersion, b.resourceVersion) ?? 0) < 0

/** An inventory as data. */
export interface InventoryState {
  readonly seq: number
  readonly entries: ReadonlyArray<Entry>
  readonly dead: ReadonlyArray<string>
  readonly reached?: Instant
  readonly first?: Instant
  readonly gaps: ReadonlyArray<BlindSpot>
}
