/** What a file of watch lines cannot show, gathered while it is read. */
import type { Gap, Instant, ObjectChanged, Warned } from "@kubereel/core"
import { isEvent, occurrencesOf } from "./eventTime.ts"
import { lifeOf } from "./objects.ts"

/** So many Events are remembered at a time; of older ones the next count says nothing. */
const EVENTS_KNOWN = 100_000

export class WatchNotices {
  /** By Event: for how many occurrences it stands. */
  readonly #counts = new Map<string, number>()
  #unseen = 0
  #expired = 0
  #untimed = 0
  #last: ObjectChanged["change"] | undefined

  see(event: ObjectChanged): void {
    this.#last = event.change
    if (event.observed === undefined && event.observedText === undefined) this.#untimed++
    if (isEvent(event.object)) this.#event(event)
  }

  /** One row stands for many occurrences: a count that rises by more than one tells of some that nobody saw. */
  #event({ change, object }: ObjectChanged): void {
    const life = lifeOf(object)
    const before = this.#counts.get(life)
    const count = occurrencesOf(object)
    this.#counts.delete(life)
    if (change === "DELETED") {
      this.#expired++
      return
    }
    this.#unseen += Math.max(0, count - (before ?? 0) - 1)
    this.#counts.set(life, count)
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= EVENTS_KNOWN) return
      this.#counts.delete(oldest)
    }
  }

  /** kubectl ends with status 0 and without a word when its watch is closed, so its end is one of sight. */
  end(file: string, observed: Instant | undefined): ReadonlyArray<Gap> {
    if (this.#untimed === 0 || this.#last === "ERROR") return []
    const detail = `${file} ends here; kubectl does not say whether its watch was closed`
    return [{ _tag: "Gap", ...(observed === undefined ? {} : { observed }), cause: "closed", detail }]
  }

  said(): ReadonlyArray<Warned> {
    const messages: Array<string> = []
    if (this.#untimed > 0)
      messages.push(
        `watch lines: ${this.#untimed} of them say no time, as kubectl writes them: when things happened is known only as far as the objects say it; the version of the list that kubectl began with is lost, and so are bookmarks`
      )
    if (this.#unseen > 0)
      messages.push(
        `Events: ${this.#unseen} occurrences were counted that no line shows; of them only the count is known`
      )
    if (this.#expired > 0)
      messages.push(
        `Events: ${this.#expired} were DELETED: they expire (after an hour by default), which deletes nothing else in the cluster`
      )
    return messages.map((message) => ({ _tag: "Warned" as const, message }))
  }
}
