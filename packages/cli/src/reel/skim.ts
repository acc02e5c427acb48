/** Reads of stored changes only what says which object they are about: a fraction of the work of carrying them out. */
import type { Entry, Instant } from "@kubereel/core"
import { isObjectPart, type Part, type Shape } from "./delta.ts"
import type { Written } from "./Line.ts"

/** Which value says it; the change says nothing of it; it went. */
type Place = number | "same" | "gone"

/** Where a change says what an inventory looks at. */
interface Sight {
  readonly change: Place
  readonly era: Place
  readonly observed: Place
  /** It is there afterwards. */
  readonly found: boolean | undefined
  readonly apiVersion: Place
  readonly kind: Place
  readonly name: Place
  readonly namespace: Place
  readonly uid: Place
  readonly resourceVersion: Place
}

const NOTHING: Part = { keys: [], parts: [], gone: [] }

/** What becomes of a key; `undefined` where only carrying the change out can tell. */
const partAt = (part: Part, key: string): Part | undefined => {
  if (!isObjectPart(part) || part.gone.includes(key)) return undefined
  const i = part.keys.indexOf(key)
  return i === -1 ? NOTHING : part.parts[i]
}

/** A change within what should be a text leaves no text. */
const placeIn = (part: Part, key: string): Place => {
  if (!isObjectPart(part)) return "same"
  if (part.gone.includes(key)) return "gone"
  const i = part.keys.indexOf(key)
  const at = part.parts[i]
  return i === -1 ? "same" : typeof at === "number" ? at : "gone"
}

const sightOf = ({ part }: Shape): Sight | undefined => {
  const object = partAt(part, "object")
  const metadata = object === undefined ? undefined : partAt(object, "metadata")
  if (object === undefined || metadata === undefined || !isObjectPart(metadata)) return undefined
  if (placeIn(part, "_tag") !== "same") return undefined
  return {
    change: placeIn(part, "change"),
    era: placeIn(part, "era"),
    observed: placeIn(part, "observed"),
    found:
      isObjectPart(part) && part.keys.includes("found") ? true : placeIn(part, "found") === "gone" ? false : undefined,
    apiVersion: placeIn(object, "apiVersion"),
    kind: placeIn(object, "kind"),
    name: placeIn(metadata, "name"),
    namespace: placeIn(metadata, "namespace"),
    uid: placeIn(metadata, "uid"),
    resourceVersion: placeIn(metadata, "resourceVersion")
  }
}

const sights = new WeakMap<Shape, Sight | "unclear">()

const sightThrough = (shape: Shape): Sight | "unclear" => {
  const known = sights.get(shape)
  if (known !== undefined) return known
  const sight = sightOf(shape) ?? "unclear"
  sights.set(shape, sight)
  return sight
}

/** What an event says that is a change of another's; `undefined` where only carrying it out can tell. */
export const skim = (seq: number, base: Entry, written: Written): Entry | undefined => {
  const sight = sightThrough(written.shape)
  if (sight === "unclear") return undefined
  const text = (place: Place, before: string): string => {
    if (place === "same") return before
    const value = place === "gone" ? "" : written.value(place)
    return typeof value === "string" ? value : ""
  }
  const era = typeof sight.era === "number" ? written.value(sight.era) : 0
  return {
    seq,
    observed:
      sight.observed === "same"
        ? base.observed
        : sight.observed === "gone"
          ? undefined
          : (written.value(sight.observed) as unknown as Instant),
    change: text(sight.change, base.change),
    apiVersion: text(sight.apiVersion, base.apiVersion),
    kind: text(sight.kind, base.kind),
    namespace: text(sight.namespace, base.namespace),
    name: text(sight.name, base.name),
    uid: text(sight.uid, base.uid),
    resourceVersion: text(sight.resourceVersion, base.resourceVersion),
    era: sight.era === "same" ? base.era : typeof era === "number" ? era : 0,
    isFound: sight.found ?? base.isFound
  }
}
