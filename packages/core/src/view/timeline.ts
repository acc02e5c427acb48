/** The lives of objects as people read them: what changed when, and the Events about it. */
import type { ClusterEvent, Gap, Horizon, ObjectChanged } from "../event/ClusterEvent.ts"
import { type Instant, type Micros, parseInstant, SECOND } from "../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../event/Json.ts"
import { asObject, type KubernetesObject } from "../event/KubernetesObject.ts"
import { occurrences } from "./compare/History.ts"
import { gone, type Shape } from "./compare/Shape.ts"
import { shaper } from "./compare/shaper.ts"
import { gapWords } from "./gapWords.ts"
import { type Words, wordsOf } from "./timelineWords.ts"

export interface TimelineMoment {
  /** Since the start, on the recorder's clock; `undefined` where the recording has no times. */
  readonly at: Micros | undefined
  /** Which event of the history this is: 1, 2, 3, … */
  readonly order: number
  /** The object changed; an Event about it was reported; a fact that no API server shows. */
  readonly kind: "Change" | "Event" | "Fact"
  readonly words: Words
  /** A Warning Event. */
  readonly warning: boolean
  /** Written, but nothing that is shown changed. */
  readonly quiet: boolean
}

/** One life of one object: two lives of a name are two objects. */
export interface TimelineLife {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** 1 for the first life of the name, 2 for the second, … */
  readonly turn: number
  readonly moments: ReadonlyArray<TimelineMoment>
}

/** What concerns the whole recording: where nobody looked, what its reader must know. */
export interface TimelineNote {
  readonly at: Micros | undefined
  readonly order: number
  readonly kind: "Gap" | "Warning"
  readonly text: string
  /** When something was seen again after a gap. */
  readonly until: Micros | undefined
}

export interface Timeline {
  /** The moment from which `at` counts: `t0` of the header, else the first observed. */
  readonly start: Instant | undefined
  readonly header: JsonObject
  readonly lives: ReadonlyArray<TimelineLife>
  readonly notes: ReadonlyArray<TimelineNote>
}

interface Growing extends Omit<TimelineLife, "moments"> {
  readonly moments: Array<TimelineMoment>
  shape: Shape | undefined
}

interface Seen {
  readonly change: ObjectChanged["change"]
  readonly observed: Instant | undefined
  /** Read out of a list: nobody saw it happen. */
  readonly found: boolean
}

type Note = { -readonly [K in keyof TimelineNote]: TimelineNote[K] }

interface Place {
  readonly at: Micros | undefined
  readonly order: number
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")
const only = (what: ReadonlyArray<string>): Words => ({ what, conditions: [], detail: [] })

/** An object that stood before anybody looked. */
const stoodBefore = (object: KubernetesObject, observed: Instant | undefined): string | undefined => {
  const created = object.metadata.creationTimestamp
  const at = created === undefined ? undefined : parseInstant(created)
  return at !== undefined && observed !== undefined && observed - at > 2 * SECOND ? created : undefined
}

class TimelineBuilder {
  start: Instant | undefined
  header: JsonObject = {}
  readonly #lives = new Map<string, Growing>()
  /** The latest life of a name, by kind, namespace and name. */
  readonly #latest = new Map<string, Growing>()
  readonly #counts = new Map<string, string>()
  readonly #notes: Array<Note> = []
  /** The gap of each resource that nothing has ended yet; `""`: of all. */
  readonly #open = new Map<string, Note>()
  readonly #shape = shaper((message) => message)
  #order = 0

  add(event: ClusterEvent): void {
    const order = ++this.#order
    if (event._tag === "RecordingStarted") {
      this.header = event.header
      this.start = parseInstant(text(event.header["t0"])) ?? event.observed ?? this.start
      return
    }
    if (event.observed !== undefined) this.start ??= event.observed
    const place = {
      at: event.observed === undefined || this.start === undefined ? undefined : event.observed - this.start,
      order
    }
    this.#endGaps(place.at)
    if (event._tag === "ObjectChanged") this.#object(event, place)
    else if (event._tag === "PodFact") this.#fact(event.pod.uid, event.pod, event.event, place)
    else if (event._tag === "Gap") this.#gap(event, place)
    else if (event._tag === "Horizon")
      this.#notes.push({ ...place, kind: "Gap", text: horizonText(event), until: undefined })
    else {
      const text =
        event._tag === "Warned"
          ? event.message
          : `an event of a newer version (${event.version}) of this program is not shown`
      this.#notes.push({ ...place, kind: "Warning", text, until: undefined })
    }
  }

  finish(): Timeline {
    const lives = [...this.#lives.values()].map(({ shape: _, ...life }) => life)
    return { start: this.start, header: this.header, lives, notes: this.#notes }
  }

  /** Whatever is seen ends a gap that was not said to be of one resource. */
  #endGaps(at: Micros | undefined): void {
    const open = this.#open.get("")
    if (open !== undefined) open.until ??= at
    this.#open.delete("")
  }

  #gap(gap: Gap, place: Place): void {
    const resource = gap.resource ?? ""
    const since = gap.from?.at === undefined || this.start === undefined ? place.at : gap.from.at - this.start
    const open = this.#open.get(resource)
    if (gap.to !== undefined && open !== undefined) {
      open.text = gapWords(gap)
      open.until = place.at
    } else
      this.#note(
        { ...place, at: since, text: gapWords(gap), until: gap.to === undefined ? undefined : place.at },
        resource
      )
    if (gap.to !== undefined) this.#open.delete(resource)
  }

  #note(gap: Omit<Note, "kind">, resource: string): void {
    const note: Note = { ...gap, kind: "Gap" }
    this.#notes.push(note)
    this.#open.set(resource, note)
  }

  #life(kind: string, namespace: string, name: string, uid: string | undefined): Growing {
    const path = `${kind}/${namespace}/${name}`
    const latest = this.#latest.get(path)
    const known = uid === undefined ? undefined : this.#lives.get(uid)
    if (known !== undefined) return known
    if (uid === undefined && latest !== undefined && latest.shape !== gone) return latest
    const turn = (latest?.turn ?? 0) + 1
    const life: Growing = { kind, namespace, name, uid: uid ?? `${path}#${turn}`, turn, moments: [], shape: undefined }
    this.#lives.set(life.uid, life)
    this.#latest.set(path, life)
    return life
  }

  #object(changed: ObjectChanged, place: Place): void {
    const { change, observed } = changed
    const object = asObject(changed.object)
    if (change === "BOOKMARK") return
    if (change === "ERROR") {
      this.#note({ ...place, text: `the watch ended in an error: ${text(object["message"])}`, until: undefined }, "")
      return
    }
    if (object.kind !== "Event") this.#version(object, { change, observed, found: changed.found !== undefined }, place)
    else if (change !== "DELETED") this.#event(object, place)
  }

  #version(object: KubernetesObject, { change, observed, found }: Seen, place: Place): void {
    const life = this.#life(object.kind, object.metadata.namespace ?? "", object.metadata.name, object.metadata.uid)
    const before = life.shape
    life.shape = change === "DELETED" ? gone : this.#shape(object)
    const words = wordsOf(before, life.shape)
    const quiet = before !== undefined && words.what.length + words.conditions.length + words.detail.length === 0
    const since = before === undefined && change === "ADDED" ? stoodBefore(object, observed) : undefined
    const opening =
      before !== undefined
        ? found
          ? ["found after a gap"]
          : []
        : change === "ADDED"
          ? [since === undefined ? (found ? "listed" : "ADDED") : `listed (created ${since})`]
          : change === "MODIFIED"
            ? ["first seen"]
            : []
    const node = isJsonObject(object["spec"]) ? text(object["spec"]["nodeName"]) : ""
    const what = words.what.map((word) => (word === "bound to a node" ? `bound to ${node}` : word))
    life.moments.push({
      ...place,
      kind: "Change",
      words: { ...words, what: [...opening, ...what] },
      warning: false,
      quiet
    })
  }

  #event(event: KubernetesObject, place: Place): void {
    const about = event["involvedObject"] ?? event["regarding"]
    if (!isJsonObject(about)) return
    const [kind, namespace, name, uid] = [
      text(about["kind"]),
      text(about["namespace"]),
      text(about["name"]),
      text(about["uid"])
    ]
    const known = this.#lives.get(uid) ?? this.#latest.get(`${kind}/${namespace}/${name}`)
    const life = known ?? this.#life(kind, namespace, name, uid === "" ? undefined : uid)
    const count = occurrences(event)
    const said = `${event.metadata.namespace ?? ""}/${event.metadata.name}`
    const message = text(event["message"] ?? event["note"])
      .trim()
      .replace(/\s+/g, " ")
    const again = this.#counts.get(said) === `${count} ${message}`
    this.#counts.set(said, `${count} ${message}`)
    const warning = event["type"] !== "Normal"
    const times = count > 1 ? ` ×${count}` : ""
    const words = only([
      `Event ${warning ? `${text(event["type"])} ` : ""}${text(event["reason"])}${times}: ${message}`
    ])
    life.moments.push({ ...place, kind: "Event", words, warning, quiet: again })
  }

  #fact(uid: string, pod: { namespace: string; name: string }, event: { readonly _tag: string }, place: Place): void {
    const life = this.#life("Pod", pod.namespace, pod.name, uid === "" ? undefined : uid)
    const fields = Object.entries(event).filter(([key]) => key !== "_tag" && key !== "kind")
    const words = only([
      `fact ${event._tag}${fields.map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`).join("")}`
    ])
    life.moments.push({ ...place, kind: "Fact", words, warning: false, quiet: false })
  }
}

/** The sentence of a horizon. */
export const horizonText = ({ detail, removed }: Horizon): string =>
  `before recorded history: ${removed === 1 ? "the first event was" : `the first ${removed} events were`} removed (${detail})`

export const timeline = (events: Iterable<ClusterEvent>): Timeline => {
  const builder = new TimelineBuilder()
  for (const event of events) builder.add(event)
  return builder.finish()
}

/** The lives of the pods of that name (`name` or `namespace/name`) and nothing else; gaps stay. */
export const onlyPod = (self: Timeline, name: string): Timeline => ({
  ...self,
  lives: self.lives.filter(
    (life) => life.kind === "Pod" && (life.name === name || `${life.namespace}/${life.name}` === name)
  )
})

/** What had happened up to that moment (since the start, inclusive). Without times nothing can be left out. */
export const upTo = (self: Timeline, at: Micros): Timeline => {
  const before = (place: { readonly at: Micros | undefined }): boolean => place.at === undefined || place.at <= at
  const lives = self.lives.map((life) => ({ ...life, moments: life.moments.filter(before) }))
  return { ...self, lives: lives.filter(({ moments }) => moments.length > 0), notes: self.notes.filter(before) }
}
