/** A watch that began anew: what is listed again, compared with what was known before. */
import type { JsonObject, ObjectChanged } from "@kubereel/core"
import { metadataOf, titleOf } from "./Moments.ts"

interface Known {
  version: string
  readonly title: string
  readonly namespace: string
}

/** A list that is being said again: everything of the kind that is added, until anything else comes. */
interface Relist {
  readonly seen: Set<string>
  readonly namespaces: Set<string>
  readonly created: Array<string>
  readonly changed: Array<string>
}

const TOLD = 5

const told = (what: string, titles: ReadonlyArray<string>): string =>
  titles.length === 0
    ? ""
    : ` ${what} ${titles.length} (${titles.slice(0, TOLD).join(", ")}${titles.length > TOLD ? ", …" : ""})`

const kindOf = (object: JsonObject): string => `${String(object.apiVersion)} ${String(object.kind)}`

const text = (value: unknown): string => (typeof value === "string" ? value : "")

export class Relists {
  /** By kind, by uid: what is there. */
  readonly #known = new Map<string, Map<string, Known>>()
  readonly #relists = new Map<string, Relist>()

  /** Sentences for the gaps before this change: that the watch began anew; what the list that has just ended had found. */
  see({ change, object }: ObjectChanged): readonly [before: ReadonlyArray<string>, after: ReadonlyArray<string>] {
    if (change === "BOOKMARK" || change === "ERROR") return [[], []]
    const kind = kindOf(object)
    const { namespace, resourceVersion, uid } = metadataOf(object)
    // Events come and go by the thousand, and nothing follows from one that is not there any more.
    if (typeof uid !== "string" || object.kind === "Event") return [[], []]
    const known = this.#known.get(kind) ?? new Map<string, Known>()
    this.#known.set(kind, known)
    const after = change === "ADDED" ? [] : this.#ended(kind)
    const before = change === "ADDED" ? this.#added(kind, uid, object, known) : []
    if (change === "DELETED") known.delete(uid)
    else known.set(uid, { version: text(resourceVersion), title: titleOf(object), namespace: text(namespace) })
    return [before, after]
  }

  end(): ReadonlyArray<string> {
    return [...this.#relists.keys()].flatMap((kind) => this.#ended(kind))
  }

  #added(kind: string, uid: string, object: JsonObject, known: ReadonlyMap<string, Known>): ReadonlyArray<string> {
    const before = known.get(uid)
    let relist = this.#relists.get(kind)
    if (relist === undefined && before === undefined) return []
    // The same object twice in one list: yet another list.
    const again = relist?.seen.has(uid) === true ? this.#ended(kind) : []
    relist = again.length > 0 ? undefined : relist
    const begins = relist === undefined
    relist ??= { seen: new Set(), namespaces: new Set(), created: [], changed: [] }
    this.#relists.set(kind, relist)
    relist.seen.add(uid)
    relist.namespaces.add(text(metadataOf(object).namespace))
    if (before === undefined) relist.created.push(titleOf(object))
    else if (before.version !== text(metadataOf(object).resourceVersion)) relist.changed.push(titleOf(object))
    return begins
      ? [
          ...again,
          `${titleOf(object)} is added again: the watch had ended and began anew, and nobody looked in between`
        ]
      : []
  }

  #ended(kind: string): ReadonlyArray<string> {
    const relist = this.#relists.get(kind)
    if (relist === undefined) return []
    this.#relists.delete(kind)
    const known = this.#known.get(kind) ?? new Map<string, Known>()
    const gone = [...known].filter(([uid, { namespace }]) => !relist.seen.has(uid) && relist.namespaces.has(namespace))
    for (const [uid] of gone) known.delete(uid)
    const found = [
      told("created", relist.created),
      told("changed", relist.changed),
      told(
        "vanished",
        gone.map(([, { title }]) => title)
      )
    ].join("")
    return [`found when the watch began anew:${found === "" ? " nothing new" : found}`]
  }
}
