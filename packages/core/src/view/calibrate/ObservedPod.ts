/** What a recording shows of one pod, arranged for measuring: its versions and its Events, each with the moment of its arrival. */
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import { type Instant, type Micros, parseInstant, SECOND } from "../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { asObject, isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"

export interface Version {
  readonly at: Instant
  readonly pod: PodObject
  readonly deleted: boolean
}

/** One occurrence: an Event that counts up is one for each time that it was seen to. */
export interface Occurrence {
  readonly at: Instant
  readonly reason: string
  readonly message: string
  readonly fieldPath: string
  readonly component: string
  /** The recorder saw it for the first time, and one occurrence only: the moment is that of its writing. */
  readonly exact: boolean
}

export interface ObservedPod {
  readonly uid: string
  readonly versions: ReadonlyArray<Version>
  readonly events: ReadonlyArray<Occurrence>
  /** Its creation was seen, too: what was listed at the start of a recording is older than it looks. */
  readonly fresh: boolean
}

interface Growing {
  readonly versions: Array<Version>
  readonly events: Array<Occurrence>
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")
const child = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

/** An object is listed, not created, if it is older than the resolution of its own stamp. */
const listedAfter: Micros = 1.5 * SECOND

const isFresh = ([first]: ReadonlyArray<Version>): boolean => {
  const created = parseInstant(text(first?.pod.metadata["creationTimestamp"]))
  return first !== undefined && created !== undefined && first.at - created < listedAfter
}

/** Reads a history while it streams by. */
export class ObservedPods {
  readonly #pods = new Map<string, Growing>()
  readonly #counts = new Map<string, number>()

  add(event: ClusterEvent): void {
    if (event._tag !== "ObjectChanged" || event.observed === undefined) return
    if (event.change === "BOOKMARK" || event.change === "ERROR") return
    const object = asObject(event.object)
    if (object.kind === "Event") {
      // That its time is over is no occurrence.
      if (event.change !== "DELETED") this.#occur(object, event.observed)
    } else if (isPod(object)) {
      const version = { at: event.observed, pod: object, deleted: event.change === "DELETED" }
      this.#of(object.metadata.uid ?? "").versions.push(version)
    }
  }

  #of(uid: string): Growing {
    const known = this.#pods.get(uid)
    if (known !== undefined) return known
    const made: Growing = { versions: [], events: [] }
    this.#pods.set(uid, made)
    return made
  }

  #occur(event: KubernetesObject, at: Instant): void {
    const about = child(event, "involvedObject")
    if (about["kind"] !== "Pod") return
    const key = `${event.metadata.namespace ?? ""}/${event.metadata.name}`
    const before = this.#counts.get(key) ?? 0
    const count = Number(event["count"] || 1)
    this.#counts.set(key, count)
    this.#of(text(about["uid"])).events.push({
      at,
      reason: text(event["reason"]),
      message: text(event["message"]),
      fieldPath: text(about["fieldPath"]),
      component: text(child(event, "source")["component"]) || text(event["reportingComponent"]),
      exact: count === before + 1
    })
  }

  finish(): ReadonlyArray<ObservedPod> {
    return [...this.#pods]
      .filter(([, { versions }]) => versions.length > 0)
      .map(([uid, { events, versions }]) => ({ uid, versions, events, fresh: isFresh(versions) }))
  }
}
