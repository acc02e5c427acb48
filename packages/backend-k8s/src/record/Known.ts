/** What the recorder knows to be there, of one resource: of each object its version, and its last content packed small. */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { compareResourceVersions, isJsonObject, type JsonObject } from "@kubereel/core"

export interface Ref {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

interface Entry {
  readonly resourceVersion: string
  readonly packed: Uint8Array
}

/** An object that can be told from others and from its own other versions. */
export interface Identified {
  readonly ref: Ref
  readonly resourceVersion: string
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")

/** `undefined` for what has no name, no uid or no version: no API server sends that. */
export const identified = (object: JsonObject): Identified | undefined => {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  const ref = { namespace: text(metadata.namespace), name: text(metadata.name), uid: text(metadata.uid) }
  const resourceVersion = text(metadata.resourceVersion)
  return ref.name === "" || ref.uid === "" || resourceVersion === "" ? undefined : { ref, resourceVersion }
}

export const refOf = (object: JsonObject): Ref => identified(object)?.ref ?? { namespace: "", name: "", uid: "" }

/** What a list shows that was not known. */
export interface Difference {
  readonly resourceVersion: string
  readonly created: ReadonlyArray<JsonObject>
  readonly changed: ReadonlyArray<JsonObject>
  /** By uid. */
  readonly vanished: ReadonlyArray<string>
  /** An object, or the whole list, is older than what was known, or than it can be: the server went back in time. */
  readonly restored: boolean
}

export const isEmpty = ({ created, changed, vanished }: Difference): boolean =>
  created.length + changed.length + vanished.length === 0

export class Known {
  readonly #objects = new Map<string, Entry>()

  get size(): number {
    return this.#objects.size
  }

  versionOf(uid: string): string | undefined {
    return this.#objects.get(uid)?.resourceVersion
  }

  /** The object as it was last known. */
  lastOf(uid: string): JsonObject | undefined {
    const entry = this.#objects.get(uid)
    return entry === undefined
      ? undefined
      : (JSON.parse(zstdDecompressSync(entry.packed).toString("utf8")) as JsonObject)
  }

  note(object: JsonObject): void {
    const who = identified(object)
    if (who === undefined) return
    // What zstd answers with is a small part of a large buffer, which would live as long.
    const packed = new Uint8Array(zstdCompressSync(JSON.stringify(object)))
    this.#objects.set(who.ref.uid, { resourceVersion: who.resourceVersion, packed })
  }

  forget(uid: string): void {
    this.#objects.delete(uid)
  }

  uids(): Iterable<string> {
    return this.#objects.keys()
  }
}

const isOlder = (a: string, b: string): boolean => (compareResourceVersions(a, b) ?? 0) < 0
const isNewer = (a: string, b: string | undefined): boolean =>
  b === undefined || (compareResourceVersions(a, b) ?? 1) > 0

/** A list that is read piece by piece beside what is known. Keeps only the objects that differ. */
export class Comparison {
  readonly #known: Known
  readonly #position: string | undefined
  readonly #begun: string | undefined
  readonly #created = new Map<string, JsonObject>()
  readonly #changed = new Map<string, JsonObject>()
  readonly #seen = new Set<string>()
  #restored = false

  /** `position`: everything up to it is known. `begun`: the version of a first list that did not come to its end. */
  constructor(known: Known, position: string | undefined, begun: string | undefined) {
    this.#known = known
    this.#position = position
    this.#begun = begun
  }

  /** The object is there; said again, it has changed while the list was on its way. */
  see(item: JsonObject): void {
    const who = identified(item)
    if (who === undefined) return
    const { uid } = who.ref
    this.#seen.add(uid)
    const before = this.#known.versionOf(uid)
    if (before === who.resourceVersion) return
    if (before === undefined) this.#created.set(uid, item)
    else this.#changed.set(uid, item)
    // What is older than what was seen of it, or than all that was heard of, belongs to another history.
    this.#restored ||= !isNewer(who.resourceVersion, before) || !isNewer(who.resourceVersion, this.#position)
  }

  /** It went while the list was on its way. */
  miss(uid: string): void {
    for (const where of [this.#created, this.#changed, this.#seen]) where.delete(uid)
  }

  /** The list is whole; `resourceVersion` is its own. */
  finish(resourceVersion: string): Difference {
    const before = this.#position ?? this.#begun
    return {
      resourceVersion,
      created: [...this.#created.values()],
      changed: [...this.#changed.values()],
      vanished: [...this.#known.uids()].filter((uid) => !this.#seen.has(uid)),
      restored: this.#restored || (before !== undefined && isOlder(resourceVersion, before))
    }
  }
}
