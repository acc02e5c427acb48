/** A watch that began anew: what is listed again, compared with what was known before. */
import {
  compareResourceVersions,
  type Gap,
  type Instant,
  isJsonObject,
  type JsonObject,
  type ObjectChanged,
  type PodRef
} from "@kubereel/core"
import { lifeOf, metadataOf, refTo, resourceOf, text, titleOf, versionOf } from "./objects.ts"

interface Known {
  readonly version: string
  readonly era: number
  readonly ref: PodRef
}

/** A list that is being said again: everything of the kind that is added, until anything else comes. */
interface Relist {
  readonly from: Instant | undefined
  readonly seen: Set<string>
  readonly namespaces: Set<string>
  readonly created: Array<PodRef>
  readonly changed: Array<PodRef>
}

/** What stood before this was a list; what is added after it was created (`k8s.io/apimachinery/pkg/apis/meta/v1/types.go`). */
const isEndOfList = (object: JsonObject): boolean => {
  const { annotations } = metadataOf(object)
  return isJsonObject(annotations) && annotations["k8s.io/initial-events-end"] === "true"
}

const side = (at: Instant | undefined) => (at === undefined ? {} : { at })

/** Follows the lines of a recording and says the gaps that they mean. */
export class Relists {
  /** By resource, by life: what is there. */
  readonly #known = new Map<string, Map<string, Known>>()
  readonly #relists = new Map<string, Relist>()
  #observed: Instant | undefined
  /** How often the server went back in time. */
  era = 0

  /** The gaps that stand before this change. */
  see(event: ObjectChanged): ReadonlyArray<Gap> {
    const { change, found, object } = event
    if (event.era !== undefined) this.era = event.era
    if (change === "BOOKMARK") return isEndOfList(object) ? this.#ended(resourceOf(object)) : []
    if (change === "ERROR") return []
    // Events come and go by the thousand, and nothing follows from one that is not there any more. kubereel's own recorder
    // says itself what it found.
    if (text(metadataOf(object).uid) === "" || object.kind === "Event" || found !== undefined) return []
    const resource = resourceOf(object)
    const known = this.#known.get(resource) ?? new Map<string, Known>()
    this.#known.set(resource, known)
    const gaps =
      change === "ADDED"
        ? this.#added(resource, event, known)
        : [...this.#ended(resource), ...this.#restored(resource, event, known)]
    if (change === "DELETED") known.delete(lifeOf(object))
    else known.set(lifeOf(object), { version: versionOf(object), era: this.era, ref: refTo(object) })
    this.#observed = event.observed ?? this.#observed
    return gaps
  }

  /** The recording has ended. */
  end(): ReadonlyArray<Gap> {
    return [...this.#relists.keys()].flatMap((resource) => this.#ended(resource))
  }

  /** The versions of one watch only rise. A list may be older than what was seen before it; a change may not. */
  #restored(
    resource: string,
    { era, object, observed }: ObjectChanged,
    known: ReadonlyMap<string, Known>
  ): ReadonlyArray<Gap> {
    const before = known.get(lifeOf(object))
    if (era !== undefined || before === undefined || before.era !== this.era) return []
    if ((compareResourceVersions(versionOf(object), before.version) ?? 0) >= 0) return []
    this.era++
    const detail = `${titleOf(object)}: version ${versionOf(object)} comes after version ${before.version}; the store seems to have been restored from a backup`
    const at = observed === undefined ? {} : { observed }
    return [{ _tag: "Gap", ...at, cause: "restored", detail, resource, from: side(this.#observed), to: side(observed) }]
  }

  #added(resource: string, { object, observed }: ObjectChanged, known: ReadonlyMap<string, Known>): ReadonlyArray<Gap> {
    const before = known.get(lifeOf(object))
    const current = this.#relists.get(resource)
    if (current === undefined && before === undefined) return []
    // The same object twice in one list: yet another list.
    const again = current?.seen.has(lifeOf(object)) === true
    const gaps = again ? [...this.#ended(resource)] : []
    const relist: Relist =
      current === undefined || again
        ? { from: this.#observed, seen: new Set(), namespaces: new Set(), created: [], changed: [] }
        : current
    if (relist !== current) {
      this.#relists.set(resource, relist)
      const detail = `${titleOf(object)} is added again: the watch had ended and began anew`
      gaps.push({ _tag: "Gap", ...(observed === undefined ? {} : { observed }), cause: "closed", detail, resource })
    }
    relist.seen.add(lifeOf(object))
    relist.namespaces.add(refTo(object).namespace)
    if (before === undefined) relist.created.push(refTo(object))
    else if (before.version !== versionOf(object)) relist.changed.push(refTo(object))
    return gaps
  }

  /** A list goes on as long as nothing else happens to its resource; what it does not name is gone. */
  #ended(resource: string): ReadonlyArray<Gap> {
    const relist = this.#relists.get(resource)
    if (relist === undefined) return []
    this.#relists.delete(resource)
    const known = this.#known.get(resource) ?? new Map<string, Known>()
    const gone = [...known].filter(([life, { ref }]) => !relist.seen.has(life) && relist.namespaces.has(ref.namespace))
    for (const [life] of gone) known.delete(life)
    const { changed, created, from } = relist
    const vanished = gone.map(([, { ref }]) => ref)
    return [
      {
        _tag: "Gap",
        ...(this.#observed === undefined ? {} : { observed: this.#observed }),
        cause: "closed",
        detail: "the watch had ended and began anew; this is what its list found",
        resource,
        from: side(from),
        to: side(this.#observed),
        found: { created, changed, vanished }
      }
    ]
  }
}
