/** One side of a comparison: the lives of its objects as states over time, and how often each Event was reported. */
import type { ClusterEvent, Gap } from "../../event/ClusterEvent.ts"
import { type Instant, type Micros, parseInstant } from "../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { asObject, type KubernetesObject } from "../../event/KubernetesObject.ts"
import { gapWords } from "../gapWords.ts"
import { NameBook, normaliseText } from "../normalise.ts"
import type { ObjectName } from "./Comparison.ts"
import { type Fields, gone, type Shape } from "./Shape.ts"
import { shaper } from "./shaper.ts"

export interface Moment {
  /** Since the start of the recording, on the recorder's clock; `undefined` where the recording has no times. */
  readonly at: Micros | undefined
  readonly shape: Shape
  /** Equal for equal states. */
  readonly key: string
}

/** One object from its first to its last version. A name that lives twice is two lives. */
export interface Life {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** The name without its generated parts. */
  readonly plain: string
  readonly uid: string
  readonly moments: ReadonlyArray<Moment>
}

export const nameOf = ({ kind, namespace, name, plain }: Life): ObjectName => ({ kind, namespace, name, plain })

/** All reports of one Event: same object, reason and plain message. */
export interface Tally {
  readonly kind: string
  readonly namespace: string
  readonly object: string
  readonly fieldPath: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly source: string
  readonly count: number
  readonly first: Micros | undefined
}

export interface History {
  readonly lives: ReadonlyArray<Life>
  readonly tallies: ReadonlyMap<string, Tally>
  /** What was not observed, in words, each with its moment. */
  readonly gaps: ReadonlyArray<{ readonly at: Micros | undefined; readonly words: string }>
  /** The last moment at which anything was seen. */
  readonly end: Micros | undefined
}

/** Kinds that beat without saying anything about a pod's life, or that stood before it began. */
export const leftOut = ["Lease", "Namespace", "Node", "Service"] as const
const isLeftOut = (kind: string): boolean => (leftOut as ReadonlyArray<string>).includes(kind)

interface Growing extends Omit<Life, "plain" | "moments"> {
  readonly moments: Array<Moment>
}

interface Reported extends Omit<Tally, "message" | "object"> {
  readonly object: string
  readonly message: string
}

const stateKey = (state: Fields): string => {
  let key = ""
  for (const [path, value] of state) key += `${path}=${value}\n`
  return key
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")
const child = (object: KubernetesObject | JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

/** How often an Event was reported so far; a patched Event counts up instead of coming again. */
export const occurrences = (event: KubernetesObject): number =>
  Number(event["count"] ?? child(event, "series")["count"] ?? 1) || 1

const reportOf = (event: KubernetesObject, first: Micros | undefined): Reported => {
  const about = child(event, isJsonObject(event["involvedObject"]) ? "involvedObject" : "regarding")
  return {
    kind: text(about["kind"]),
    namespace: text(about["namespace"]),
    object: text(about["name"]),
    fieldPath: text(about["fieldPath"]),
    type: text(event["type"]),
    reason: text(event["reason"]),
    message: text(event["message"] ?? event["note"]),
    source: text(child(event, "source")["component"]) || text(event["reportingComponent"]),
    count: occurrences(event),
    first
  }
}

/** Reads a history while it streams by; what it keeps is the states, not the objects. */
export class HistoryBuilder {
  readonly #lives = new Map<string, Growing>()
  readonly #events = new Map<string, Reported>()
  readonly #gaps: Array<{ at: Micros | undefined; words: string }> = []
  readonly #openGaps = new Map<string, { at: Micros | undefined; words: string }>()
  readonly #names = new NameBook()
  readonly #shape = shaper(normaliseText)
  readonly #turns = new Map<string, number>()
  readonly #keys = new Map<string, string>()
  #start: Instant | undefined
  #end: Micros | undefined

  add(event: ClusterEvent): void {
    if (event._tag === "RecordingStarted") {
      const t0 = event.header["t0"]
      this.#start = (typeof t0 === "string" ? parseInstant(t0) : undefined) ?? event.observed ?? this.#start
      return
    }
    if (event.observed !== undefined) this.#start ??= event.observed
    const at = event.observed === undefined || this.#start === undefined ? undefined : event.observed - this.#start
    if (at !== undefined && (this.#end === undefined || at > this.#end)) this.#end = at
    if (event._tag === "Gap") this.#gap(event, at)
    if (event._tag === "Horizon") this.#gaps.push({ at, words: `recorded history begins here: ${event.detail}` })
    if (event._tag === "Unknown")
      this.#gaps.push({ at, words: `an event of a newer version (${event.version}) is not compared` })
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK") return
    const object = asObject(event.object)
    if (event.change === "ERROR")
      this.#gaps.push({ at, words: `the watch ended in an error: ${text(object["message"])}` })
    else if (object.kind === "Event") {
      // That its time is over is no report.
      if (event.change !== "DELETED") this.#report(object, at)
    } else if (!isLeftOut(object.kind)) this.#see(object, event.change === "DELETED", at)
  }

  /** A gap that ends says again, and better, what was said when it began. */
  #gap(gap: Gap, at: Micros | undefined): void {
    const words = gapWords(gap)
    const began = this.#openGaps.get(gap.resource ?? "")
    if (gap.to !== undefined && began !== undefined) began.words = words
    else {
      const entry = { at, words }
      this.#gaps.push(entry)
      if (gap.to === undefined) this.#openGaps.set(gap.resource ?? "", entry)
    }
    if (gap.to !== undefined) this.#openGaps.delete(gap.resource ?? "")
  }

  #report(event: KubernetesObject, at: Micros | undefined): void {
    const key = `${event.metadata.namespace ?? ""}/${event.metadata.name}`
    const known = this.#events.get(key)
    const report = reportOf(event, known === undefined ? at : known.first)
    if (!isLeftOut(report.kind)) this.#events.set(key, report)
  }

  #see(object: KubernetesObject, deleted: boolean, at: Micros | undefined): void {
    this.#names.learn(object)
    const { namespace = "", name } = object.metadata
    const path = `${object.kind}/${namespace}/${name}`
    const turn = this.#turns.get(path) ?? 0
    const uid = object.metadata.uid ?? `${path}#${turn}`
    if (deleted) this.#turns.set(path, turn + 1)
    let life = this.#lives.get(uid)
    if (life === undefined) {
      life = { kind: object.kind, namespace, name, uid, moments: [] }
      this.#lives.set(uid, life)
    }
    const shape = deleted ? gone : this.#shape(object)
    const key = this.#interned(stateKey(shape.state))
    const last = life.moments.at(-1)
    if (last?.key !== key) life.moments.push({ at, shape, key })
    else life.moments[life.moments.length - 1] = { at: last.at, shape, key }
  }

  #interned(key: string): string {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    this.#keys.set(key, key)
    return key
  }

  finish(): History {
    const tallies = new Map<string, Tally>()
    for (const report of this.#events.values()) {
      const object = this.#names.plainOf(report.object)
      const message = this.#names.normalise(report.message)
      const { kind, namespace, fieldPath, type, reason, source, count, first } = report
      const key = [kind, namespace, object, fieldPath, type, reason, message, source].join("\n")
      const known = tallies.get(key)
      tallies.set(key, {
        ...report,
        object,
        message,
        count: count + (known?.count ?? 0),
        first: known === undefined ? first : known.first
      })
    }
    const lives = [...this.#lives.values()].map((life) => ({ ...life, plain: this.#names.plainOf(life.name) }))
    return { lives, tallies, gaps: this.#gaps, end: this.#end }
  }
}

export const historyOf = (events: Iterable<ClusterEvent>): History => {
  const builder = new HistoryBuilder()
  for (const event of events) builder.add(event)
  return builder.finish()
}
