/**
 * Against which earlier event a version of an object is written. Writer and reader keep the same ones by the same rules, so
 * that reading in order never has to search for a base; where they differ (reading from the middle), the reader looks it up.
 */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"

/** Versions of one object from one whole version to the next: as far as damage to one of them can spread. */
export const VERSIONS_MAX = 64
/** How many events later an object may still be written against a sibling: as far as damage to that one can spread. */
export const SIBLING_DISTANCE_MAX = 4_096
/** Text of the events that are remembered; what was not heard of for longest goes first. */
const REMEMBERED_CHARS_MAX = 32 * 1024 * 1024

/** `value`: what a reader or a writer needs of the event. */
export interface Base<A> {
  readonly seq: number
  readonly version: number
  readonly value: A
  /** Length of its text. */
  readonly chars: number
  /** Versions since the last whole one. */
  readonly age: number
}

interface Kin {
  readonly apiVersion: string
  readonly kind: string
  readonly uid: string
  readonly family: string
  readonly subject: string
  readonly siblings: string
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")

/** Whose version it is, and of which family: the children of one owner, or the kind in its namespace. `like`: perhaps the same. */
const kinOf = (content: JsonObject, like: Kin | undefined): Kin | undefined => {
  const object = content._tag === "ObjectChanged" ? content.object : undefined
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) return undefined
  const { namespace, ownerReferences } = object.metadata
  const uid = text(object.metadata.uid)
  if (uid === "") return undefined
  const owner = Array.isArray(ownerReferences) ? (ownerReferences[0] as Json | undefined) : undefined
  const family = isJsonObject(owner) ? text(owner.uid) : text(namespace)
  const [apiVersion, kind] = [text(object.apiVersion), text(object.kind)]
  if (like?.uid === uid && like.family === family && like.kind === kind && like.apiVersion === apiVersion) return like
  const served = `${apiVersion} ${kind}`
  return { apiVersion, kind, uid, family, subject: `${served} ${uid}`, siblings: `${served} ${family}` }
}

/** As it is remembered. */
interface Held<A> extends Base<A> {
  readonly kin: Kin
}

export class Bases<A> {
  readonly #latest = new Map<string, Held<A>>()
  readonly #whole = new Map<string, Held<A>>()
  /** In the order of `seq`, with the names under which they stand in the other two. */
  readonly #held = new Map<number, Held<A>>()
  #chars = 0

  /** The base for a new event; `undefined`: write it whole. */
  choose(content: JsonObject, version: number, seq: number): Base<A> | undefined {
    const kin = kinOf(content, undefined)
    if (kin === undefined) return undefined
    const latest = this.#latest.get(kin.subject)
    if (latest !== undefined) return latest.version === version && latest.age < VERSIONS_MAX ? latest : undefined
    const sibling = this.#whole.get(kin.siblings)
    return sibling?.version === version && seq - sibling.seq <= SIBLING_DISTANCE_MAX ? sibling : undefined
  }

  at(seq: number): Base<A> | undefined {
    return this.#held.get(seq)
  }

  /** Remembers an event that was written, against `base` or whole. */
  note(event: Omit<Base<A>, "age">, content: JsonObject, base: Base<A> | undefined): void {
    const { chars, seq, value, version } = event
    const kin = kinOf(content, base === undefined ? undefined : this.#held.get(base.seq)?.kin)
    if (kin === undefined) return
    const held: Held<A> = { seq, version, value, chars, kin, age: base === undefined ? 0 : base.age + 1 }
    const superseded = [this.#latest.get(kin.subject), base === undefined ? this.#whole.get(kin.siblings) : undefined]
    if (content.change === "DELETED") this.#latest.delete(kin.subject)
    else this.#latest.set(kin.subject, held)
    if (base === undefined) this.#whole.set(kin.siblings, held)
    this.#held.set(held.seq, held)
    this.#chars += held.chars
    for (const old of superseded) if (old !== undefined) this.#release(old.seq)
    this.#release(held.seq)
    while (this.#chars > REMEMBERED_CHARS_MAX) this.#forgetOldest()
  }

  /** Lets go of an event under whose seq nobody will ask. */
  #release(seq: number): void {
    const held = this.#held.get(seq)
    if (
      held === undefined ||
      this.#latest.get(held.kin.subject)?.seq === seq ||
      this.#whole.get(held.kin.siblings)?.seq === seq
    )
      return
    this.#held.delete(seq)
    this.#chars -= held.chars
  }

  /** Lets go of every event for which that holds. */
  forget(isGone: (seq: number) => boolean): void {
    for (const held of this.#held.values()) if (isGone(held.seq)) this.#drop(held)
  }

  #forgetOldest(): void {
    const [oldest] = this.#held.values()
    if (oldest !== undefined) this.#drop(oldest)
  }

  #drop(oldest: Held<A>): void {
    if (this.#latest.get(oldest.kin.subject)?.seq === oldest.seq) this.#latest.delete(oldest.kin.subject)
    if (this.#whole.get(oldest.kin.siblings)?.seq === oldest.seq) this.#whole.delete(oldest.kin.siblings)
    this.#release(oldest.seq)
  }
}
