/** What an audit log does not show, as gaps: of one object between two of its versions, of a resource of which it shows nothing. */
import { type ClusterEvent, type Gap, type Instant, type PodRef, resourceName, toObserved } from "@kubereel/core"
import type { Sighting } from "./sightings.ts"

/** A fact and the moment that is its place in the whole. */
export interface Placed {
  readonly at: number
  readonly event: ClusterEvent
}

/** Changes of one name, one after the other, of which the log does not show the result. */
export interface Unseen {
  /** The last version before them. */
  readonly since: Sighting | undefined
  readonly from: Sighting
  readonly last: Sighting
  readonly count: number
  /** Who did what, how often. Not all of it where there is much. */
  readonly words: ReadonlyMap<string, number>
}

/** When it was stamped, with the text where a moment has another. */
export const timesOf = ({ at, time }: Sighting): { readonly observed?: Instant; readonly observedText?: string } => {
  if (time === "") return {}
  const observed = at as Instant
  return toObserved(observed) === time ? { observed } : { observed, observedText: time }
}

export const titleOf = (sighting: Sighting): string =>
  `${resourceName(sighting)} ${sighting.namespace === "" ? "" : `${sighting.namespace}/`}${sighting.name === "" ? "(no name)" : sighting.name}`

const times = (count: number): string => (count === 1 ? "" : `, ${count} times`)

export const toldOf = ({ count, words }: Unseen): string => {
  const told = [...words].slice(0, 5).map(([one, often]) => `${one}${times(often)}`)
  const rest = count - [...words.values()].slice(0, 5).reduce((sum, often) => sum + often, 0)
  return `${told.join("; ")}${rest === 0 ? "" : `; ${rest} more`}`
}

export const refsOf = ({ name, namespace, uid }: Sighting): ReadonlyArray<PodRef> =>
  name === "" ? [] : [{ namespace, name, uid }]

/**
 * From the last version that is known (from always, if there is none) to where one is known again, or to the last change that
 * was not seen. It stands where it ends.
 */
export const blindSpot = (
  { from, since }: Unseen,
  last: Sighting,
  detail: string,
  changed: ReadonlyArray<PodRef>
): Gap => {
  const side = (sighting: Sighting | undefined) =>
    sighting === undefined || sighting.time === "" ? {} : { at: sighting.at as Instant }
  return {
    _tag: "Gap",
    ...timesOf(last),
    cause: "unreadable",
    detail,
    resource: resourceName(from),
    from: side(since),
    to: side(last),
    ...(changed.length === 0 ? {} : { found: { created: [], changed, vanished: [] } })
  }
}

/** One blind spot for all names of a resource of which no version was ever seen. */
export const neverSeenGap = (runs: ReadonlyArray<Unseen>): Placed => {
  const first = runs.reduce((least, { from }) => (from.at < least.at ? from : least), (runs[0] as Unseen).from)
  const last = runs.reduce((most, one) => (one.last.at > most.at ? one.last : most), first)
  const words = new Map<string, number>()
  for (const run of runs)
    for (const [one, often] of run.words)
      if (words.has(one) || words.size < 5) words.set(one, (words.get(one) ?? 0) + often)
  const count = runs.reduce((sum, run) => sum + run.count, 0)
  const all: Unseen = { since: undefined, from: first, last, count, words }
  const who = runs.length === 1 ? titleOf(first) : `${runs.length} ${resourceName(first)}`
  const detail = `${who}: ${count === 1 ? "a change" : `${count} changes until ${last.time}`}, and the log shows no version of ${runs.length === 1 ? "it" : "them"}: ${toldOf(all)}`
  return { at: last.at, event: blindSpot(all, last, detail, []) }
}
