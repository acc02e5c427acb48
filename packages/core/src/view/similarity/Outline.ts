/** A history reduced to what is scored: the states of each object in their order, and how often each Event was reported. */
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import { type Instant, type Micros, parseInstant } from "../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { asObject, type KubernetesObject } from "../../event/KubernetesObject.ts"
import { outlineShape } from "./outlineShape.ts"
import { plainMessage, plainName } from "./plainMessage.ts"

export interface OutlineState {
  /** Since the start of the recording. */
  readonly at: Micros
  readonly shape: string
}

export interface OutlineLife {
  readonly kind: string
  /** Without generated parts. */
  readonly name: string
  readonly states: ReadonlyArray<OutlineState>
}

export interface Outline {
  readonly lives: ReadonlyArray<OutlineLife>
  readonly events: ReadonlyMap<string, number>
}

interface Report {
  readonly about: string
  readonly words: readonly [kind: string, fieldPath: string, type: string, reason: string, source: string]
  readonly message: string
  readonly count: number
}

/** What stood before a scenario began, or beats without saying anything about a pod. */
const leftOut = new Set(["Node", "Namespace", "Lease", "Service"])

/** Owners that name what they create with a random suffix. */
const generating = new Set(["ReplicaSet", "Job", "DaemonSet", "Deployment", "CronJob", "Service"])

const text = (value: unknown): string => (typeof value === "string" ? value : "")
const child = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

class OutlineBuilder {
  readonly #lives = new Map<string, { readonly kind: string; readonly name: string; states: Array<OutlineState> }>()
  readonly #reports = new Map<string, Report>()
  readonly #names = new Map<string, string>()
  readonly #shapes = new Map<string, string>()
  #start: Instant | undefined

  add(event: ClusterEvent): void {
    if (event._tag === "RecordingStarted") this.#start = parseInstant(text(event.header["t0"])) ?? this.#start
    if (event._tag !== "ObjectChanged" || event.observed === undefined) return
    if (event.change === "BOOKMARK" || event.change === "ERROR") return
    this.#start ??= event.observed
    const object = asObject(event.object)
    if (object.kind === "Event") this.#report(object)
    else if (!leftOut.has(object.kind)) this.#see(object, event.change === "DELETED", event.observed - this.#start)
  }

  #report(event: KubernetesObject): void {
    const about = child(event, "involvedObject")
    if (about["kind"] === "Node") return
    const source = text(child(event, "source")["component"]) || text(event["reportingComponent"])
    this.#reports.set(event.metadata.name, {
      about: text(about["name"]),
      words: [text(about["kind"]), text(about["fieldPath"]), text(event["type"]), text(event["reason"]), source],
      message: text(event["message"]),
      count: Number(event["count"] || child(event, "series")["count"] || 1)
    })
  }

  #see(object: KubernetesObject, gone: boolean, at: Micros): void {
    const { name, ownerReferences, uid } = object.metadata
    const owner = ownerReferences?.[0]
    if (owner !== undefined && generating.has(owner.kind) && !this.#names.has(name))
      this.#names.set(name, `${this.#names.get(owner.name) ?? plainName(owner.name)}-*`)
    const plain = this.#names.get(name) ?? name
    // Several lives may share a name, several pods an owner.
    const key = `${object.kind}\n${plain}\n${uid ?? ""}`
    const life = this.#lives.get(key) ?? { kind: object.kind, name: plain, states: [] }
    this.#lives.set(key, life)
    const shape = this.#interned(gone ? "gone" : outlineShape(object))
    if (life.states.at(-1)?.shape !== shape) life.states.push({ at, shape })
  }

  #interned(shape: string): string {
    const known = this.#shapes.get(shape)
    if (known === undefined) this.#shapes.set(shape, shape)
    return known ?? shape
  }

  finish(): Outline {
    const names = [...this.#names.keys()].sort((a, b) => b.length - a.length)
    const pattern = new RegExp(names.map(escaped).join("|"), "g")
    const plain = (message: string): string =>
      names.length === 0 ? message : message.replace(pattern, (name) => this.#names.get(name) ?? name)
    const events = new Map<string, number>()
    for (const { about, count, message, words } of this.#reports.values()) {
      const [kind, fieldPath, type, reason, source] = words
      const object = this.#names.get(about) ?? about
      const key = [kind, object, fieldPath, type, reason, plainMessage(plain(message)), source].join("\n")
      events.set(key, (events.get(key) ?? 0) + count)
    }
    return { lives: [...this.#lives.values()], events }
  }
}

export const outlineOf = (events: Iterable<ClusterEvent>): Outline => {
  const builder = new OutlineBuilder()
  for (const event of events) builder.add(event)
  return builder.finish()
}
