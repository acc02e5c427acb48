/** Objects without watch events around them, on their way into a history: Events by their own time, then everything else. */
import {
  type ClusterEvent,
  type Instant,
  isJsonObject,
  type JsonObject,
  type ObjectChanged,
  type Redactor,
  toObserved
} from "@kubereel/core"
import { ExternalSort, sortKey } from "./ExternalSort.ts"
import { eventTime, isEvent, occurrencesOf } from "./eventTime.ts"
import { lifeOf, versionOf } from "./objects.ts"

interface Kept {
  readonly object: JsonObject
  readonly at?: number
  readonly text?: string
  /** Said by who watched; else it follows from what came before. */
  readonly change?: ObjectChanged["change"]
}

export const timeOf = (
  at: number | undefined,
  text: string | undefined
): Pick<ClusterEvent, "observed" | "observedText"> => {
  if (at === undefined) return {}
  const observed = at as Instant
  return text === undefined || toObserved(observed) === text ? { observed } : { observed, observedText: text }
}

const HIDDEN = "***HIDDEN***"

/** event-exporter adds the cluster's name, and to the object of the Event what it knows of it. */
const isExported = ({ clusterName, involvedObject }: JsonObject): boolean =>
  isJsonObject(involvedObject) &&
  (typeof clusterName === "string" ||
    ["labels", "annotations", "ownerReferences", "deleted"].some((field) => involvedObject[field] !== undefined))

/** What the collected objects say of themselves that a reader must hear. */
export class Notices {
  rows = 0
  occurrences = 0
  combined = 0
  hidden = 0
  exported = 0

  see(object: JsonObject): void {
    if (isEvent(object)) {
      this.rows++
      this.occurrences += occurrencesOf(object)
      const said = object.message ?? object.note
      if (isExported(object)) this.exported++
      if (typeof said === "string" && said.startsWith("(combined from similar events)")) this.combined++
    } else if (JSON.stringify(object).includes(HIDDEN)) this.hidden++
  }

  said(): ReadonlyArray<ClusterEvent> {
    const messages: Array<string> = []
    if (this.occurrences > this.rows)
      messages.push(
        `Events: ${this.rows} rows stand for ${this.occurrences} occurrences; of a row only the first time, the last time and the count are known`
      )
    if (this.combined > 0)
      messages.push(`Events: ${this.combined} rows were combined from similar Events; their own words are lost`)
    if (this.rows > 0)
      messages.push(
        "Events: they expire (after an hour by default) and clients leave some out, so what is not here may have happened"
      )
    if (this.exported > 0)
      messages.push(
        `event-exporter: ${this.exported} lines show the first occurrence of an Event only, its count never rises; what was older than 5 s when it started is missing, and with deDot the keys of labels have "_" for "."`
      )
    if (this.hidden > 0)
      messages.push(
        `${this.hidden} objects have values that their collector replaced by ${HIDDEN}; these are no real values`
      )
    return messages.map((message) => ({ _tag: "Warned" as const, message }))
  }
}

/**
 * Sorts objects into the order of a history: Events by the time of their last occurrence, then the objects of the moment,
 * versions of one object by their resourceVersions. The same version twice is said once.
 */
export class Moments {
  readonly notices = new Notices()
  readonly #sort: ExternalSort
  readonly #redactor: Redactor | undefined
  #count = 0

  constructor(redactor: Redactor | undefined, sortBytes?: number) {
    this.#redactor = redactor
    this.#sort = new ExternalSort(sortBytes)
  }

  get count(): number {
    return this.#count
  }

  add(object: JsonObject): void {
    this.#count++
    this.notices.see(object)
    const time = isEvent(object) ? eventTime(object) : undefined
    const kept: Kept = {
      object: this.#redactor === undefined ? object : this.#redactor.redact(object),
      ...(time === undefined ? {} : { at: time.at, text: time.text })
    }
    const version = versionOf(object)
    // Whole numbers compare by length, then by digit; anything else stays in the order of arrival.
    const order = /^\d{1,39}$/.test(version) ? version.padStart(39, "0") : String(this.#count).padStart(39, "0")
    const key = isEvent(object)
      ? sortKey("0", time?.at ?? 0, lifeOf(object), order)
      : sortKey("1", lifeOf(object), order, this.#count)
    this.#sort.add(key, JSON.stringify(kept))
  }

  /** A version that somebody saw come, at its time. */
  see(
    object: JsonObject,
    change: ObjectChanged["change"],
    moment: { readonly at: number; readonly text: string }
  ): void {
    this.#count++
    const shown = this.#redactor === undefined ? object : this.#redactor.redact(object)
    const kept: Kept = { object: shown, at: moment.at, text: moment.text, change }
    this.#sort.add(sortKey("0", moment.at, lifeOf(object), this.#count), JSON.stringify(kept))
  }

  /** `moment`: when the collector looked, if that is known by now. */
  async *facts(moment?: { readonly at: number; readonly text: string }): AsyncGenerator<ClusterEvent> {
    let life = ""
    let version = ""
    for await (const { text } of this.#sort.sorted()) {
      const { at, change: seen, object, text: time } = JSON.parse(text) as Kept
      if (seen !== undefined) {
        yield { _tag: "ObjectChanged", ...timeOf(at, time), change: seen, object: object as never }
        continue
      }
      const [next, nextVersion] = [lifeOf(object), versionOf(object)]
      if (next === life && nextVersion === version && nextVersion !== "") continue
      const change = next === life ? "MODIFIED" : "ADDED"
      ;[life, version] = [next, nextVersion]
      const when = at === undefined && !isEvent(object) ? timeOf(moment?.at, moment?.text) : timeOf(at, time)
      yield { _tag: "ObjectChanged", ...when, change, object: object as never }
    }
  }

  close(): void {
    this.#sort.close()
  }
}
