/** The sightings of one name, in order of time, as facts: versions in their own order, and what lies unseen between them. */
import { compareResourceVersions, type Gap, type JsonObject, resourceName, SECOND, type Warned } from "@kubereel/core"
import { blindSpot, type Placed, refsOf, timesOf, titleOf, toldOf, type Unseen } from "./blindSpot.ts"
import { mergeSent } from "./mergeSent.ts"
import type { Sighting } from "./sightings.ts"

/** Clocks of API servers differ by less. A version that runs back by more is no matter of clocks. */
const SKEW = 60 * SECOND

/** A sighting in the place (the moment) that its version has among the others. */
interface Slot {
  readonly at: number
  sighting: Sighting
  /** It was stamped later than a version that follows it. */
  contradicts: Sighting | undefined
  /** Its version is lower than one long before: the store was put back. */
  restored: Sighting | undefined
}

interface Run extends Unseen {
  last: Sighting
  count: number
  readonly words: Map<string, number>
  readonly ids: Set<string>
}

export interface Tally {
  versions: number
  repeats: number
  unseen: number
  /** Put together from what was sent. */
  merged: number
  /** Ends of pods: the version that says so, with a grace period of 0, is written by the same request and not shown. */
  graced: number
}

const versionOf = (object: JsonObject | undefined): string => {
  const { resourceVersion } = (object?.metadata ?? {}) as JsonObject
  return typeof resourceVersion === "string" ? resourceVersion : ""
}

const graceOf = (object: JsonObject | undefined): unknown =>
  ((object?.metadata ?? {}) as JsonObject).deletionGracePeriodSeconds

export class ObjectOrder {
  readonly #tally: Tally
  #slots: Array<Slot> = []
  #last: Sighting | undefined
  #gone = ""
  #run: Run | undefined
  #saidIncomparable = false
  /** How often the store was put back. */
  #era = 0
  #everSeen = false

  constructor(tally: Tally) {
    this.#tally = tally
  }

  /** Sightings come in the order of their time. Answers with what cannot change any more. */
  push(sighting: Sighting): ReadonlyArray<Placed> {
    this.#place(sighting)
    const settled = this.#slots.findIndex((slot) => slot.at >= sighting.at - SKEW)
    const out: Array<Placed> = []
    const done = this.#slots.splice(0, Math.max(0, settled))
    for (const [i, slot] of done.entries()) this.#emit(slot, done[i + 1] ?? this.#slots[0], out)
    return out
  }

  /** There are no more. */
  end(): ReadonlyArray<Placed> {
    const out: Array<Placed> = []
    for (const [i, slot] of this.#slots.entries()) this.#emit(slot, this.#slots[i + 1], out)
    this.#slots = []
    if (this.#run !== undefined && this.#everSeen) out.push(this.#unseen(this.#run, undefined))
    return out
  }

  /** After the end: the changes of a name of which no version was ever seen. */
  get neverSeen(): Unseen | undefined {
    return this.#everSeen ? undefined : this.#run
  }

  #place(sighting: Sighting): void {
    if (sighting.kind === "seen" && this.#isRepeat(sighting)) return
    const slots = this.#slots
    slots.push({ at: sighting.at, sighting, contradicts: undefined, restored: undefined })
    if (sighting.kind !== "seen") return
    // Versions change places among themselves; what has no version stays where its time puts it.
    let here = slots.length - 1
    for (let k = here - 1; k >= 0; k--) {
      const slot = slots[k] as Slot
      const other = slot.sighting
      if (other.kind !== "seen") continue
      if (other.uid !== sighting.uid) break
      const compared = compareResourceVersions(versionOf(other.object), versionOf(sighting.object))
      if (compared === undefined || compared <= 0) break
      const current = slots[here] as Slot
      if (sighting.at - slot.at > SKEW) {
        if (sighting.how === "write") current.restored = other
        break
      }
      const moved = current.contradicts
      current.sighting = other
      current.contradicts = slot.contradicts
      slot.sighting = sighting
      slot.contradicts = sighting.how === "write" && other.how === "write" ? (moved ?? other) : moved
      here = k
    }
  }

  /** Was this very version seen? A read of it, or a write that changed nothing, says nothing new. */
  #isRepeat(sighting: Sighting): boolean {
    const version = versionOf(sighting.object)
    const isSame = (other: Sighting) =>
      other.kind === "seen" &&
      other.uid === sighting.uid &&
      versionOf(other.object) === version &&
      (other.change === "DELETED") === (sighting.change === "DELETED")
    const known = this.#slots.find((slot) => isSame(slot.sighting))
    if (known !== undefined) {
      // The answer of the write knows more than a read that was faster.
      if (known.sighting.how === "read" && sighting.how === "write") {
        known.sighting = { ...sighting, at: known.sighting.at, time: known.sighting.time }
      }
      this.#tally.repeats++
      return true
    }
    const emitted = this.#last
    if (emitted !== undefined && isSame(emitted)) {
      this.#tally.repeats++
      return true
    }
    return false
  }

  #emit(slot: Slot, next: Slot | undefined, out: Array<Placed>): void {
    const { sighting } = slot
    // Where somebody read what had come of a change there is no need to put it together.
    const isRead =
      next?.sighting.kind === "seen" && next.sighting.how === "read" && next.sighting.mayBeStale === undefined
    switch (sighting.kind) {
      case "unseen":
        return !isRead && this.#merged(slot, out) ? undefined : this.#missed(sighting)
      case "gone":
        return this.#ended(slot, out)
      case "seen":
        return this.#version(slot, out)
    }
  }

  /** What was sent on top of a state that is known. After a change that was not seen nothing can be put together. */
  #merged({ at, sighting }: Slot, out: Array<Placed>): boolean {
    const last = this.#last
    const object = this.#run === undefined && last !== undefined ? mergeSent(last.object, sighting) : undefined
    if (last === undefined || object === undefined) return false
    this.#tally.merged++
    this.#last = { ...last, object }
    const line = { merged: `${sighting.words}: as it was sent, the answer is not in the log` }
    out.push({ at, event: { ...this.#changed(sighting, "MODIFIED"), object: object as never, line } })
    return true
  }

  #missed(sighting: Sighting): void {
    if (this.#run?.ids.has(sighting.id + sighting.words)) return
    // Another line of the request whose answer was seen.
    const last = this.#last
    if (this.#run === undefined && last?.how === "write" && sighting.id !== "" && sighting.id === last.id) {
      this.#tally.repeats++
      return
    }
    this.#tally.unseen++
    this.#run ??= { since: this.#last, from: sighting, last: sighting, count: 0, words: new Map(), ids: new Set() }
    const run = this.#run
    run.last = sighting
    run.count++
    // Enough to know a repeat of the same line; the same requests lie near each other.
    if (run.ids.size > 10_000) run.ids.clear()
    run.ids.add(sighting.id + sighting.words)
    if (run.words.has(sighting.words) || run.words.size < 5)
      run.words.set(sighting.words, (run.words.get(sighting.words) ?? 0) + 1)
  }

  #ended(slot: Slot, out: Array<Placed>): void {
    const { sighting } = slot
    const last = this.#last
    if (last?.object === undefined || (sighting.uid !== "" && sighting.uid !== last.uid)) return this.#missed(sighting)
    const gap = this.#close(slot, "write")
    this.#change(slot.at, { ...sighting, object: last.object, uid: last.uid }, "DELETED", out)
    out.push(...gap)
  }

  #version(slot: Slot, out: Array<Placed>): void {
    const { contradicts, restored, sighting } = slot
    // A late read may come from a cache that has not heard of the end.
    if (sighting.how === "read" && sighting.uid === this.#gone) {
      this.#tally.repeats++
      return
    }
    // What a cache says does not show what came of a change.
    const gap = sighting.mayBeStale ? [] : this.#close(slot, sighting.how)
    if (contradicts !== undefined) out.push({ at: slot.at, event: this.#contradiction(sighting, contradicts) })
    if (restored !== undefined) {
      this.#era++
      out.push({ at: slot.at, event: this.#restored(sighting, restored) })
    }
    this.#incomparable(slot, out)
    const known = this.#last?.uid === sighting.uid
    if (sighting.change === "DELETED" && graceOf(sighting.object) === 0 && graceOf(this.#last?.object) !== 0)
      this.#tally.graced++
    const change = sighting.change ?? (known ? "MODIFIED" : "ADDED")
    this.#change(slot.at, sighting, change, out)
    out.push(...gap)
  }

  #changed(sighting: Sighting, change: "ADDED" | "MODIFIED" | "DELETED") {
    const era = this.#era === 0 ? {} : { era: this.#era }
    return { _tag: "ObjectChanged" as const, ...timesOf(sighting), change, ...era }
  }

  #change(at: number, sighting: Sighting, change: "ADDED" | "MODIFIED" | "DELETED", out: Array<Placed>): void {
    this.#tally.versions++
    this.#everSeen = true
    const isGone = change === "DELETED"
    this.#last = isGone ? undefined : sighting
    this.#gone = isGone ? sighting.uid : this.#gone
    out.push({ at, event: { ...this.#changed(sighting, change), object: sighting.object as never } })
  }

  /** One change and then a read of a new version: what the change made is seen. Anything else leaves versions in the dark. */
  #close(slot: Slot, how: "read" | "write"): ReadonlyArray<Placed> {
    const run = this.#run
    this.#run = undefined
    if (run === undefined) return []
    const { id, kind } = slot.sighting
    // A read shows what one change made; another line of the same request (Google writes two) shows what that did itself.
    if (run.count === 1 && kind === "seen" && (how === "read" || (id !== "" && id === run.last.id))) return []
    return [{ at: slot.at, event: this.#unseen(run, slot.sighting).event }]
  }

  #unseen(run: Run, next: Sighting | undefined): Placed {
    const until = run.count === 1 ? "" : ` until ${run.last.time}`
    const then =
      next === undefined
        ? "it was not seen again"
        : next.kind === "seen"
          ? `seen again as version ${versionOf(next.object)} at ${next.time}`
          : `then it was deleted at ${next.time}`
    const detail = `${titleOf(run.from)} was changed and the log does not show into what: ${toldOf(run)}${until}; ${then}`
    return { at: (next ?? run.last).at, event: blindSpot(run, next ?? run.last, detail, refsOf(next ?? run.from)) }
  }

  #contradiction(earlier: Sighting, later: Sighting): Warned {
    const message = `${titleOf(earlier)}: version ${versionOf(earlier.object)} is stamped ${earlier.time}, after version ${versionOf(later.object)} (${later.time}); the clocks of the API servers differ, so versions stand in their own order`
    return { _tag: "Warned", ...timesOf(earlier), message }
  }

  #restored(sighting: Sighting, before: Sighting): Gap {
    const detail = `${titleOf(sighting)}: version ${versionOf(sighting.object)} at ${sighting.time} comes after version ${versionOf(before.object)} at ${before.time}; the store seems to have been restored from a backup`
    return { _tag: "Gap", ...timesOf(sighting), cause: "restored", detail, resource: resourceName(sighting) }
  }

  #incomparable({ at, sighting }: Slot, out: Array<Placed>): void {
    const last = this.#last
    if (this.#saidIncomparable || last?.uid !== sighting.uid) return
    const [a, b] = [versionOf(last.object), versionOf(sighting.object)]
    // A version that was put together has no number.
    if (a === "" || compareResourceVersions(a, b) !== undefined) return
    this.#saidIncomparable = true
    const message = `${titleOf(sighting)}: versions ${a} and ${b} cannot be compared, so they stand in the order of their times`
    out.push({ at, event: { _tag: "Warned", ...timesOf(sighting), message } })
  }
}
