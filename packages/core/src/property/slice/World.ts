/** What a history has shown so far, as far as properties ask: which objects there are, whose they are, what became of nodes. */
import type { ClusterEvent, ObjectChanged } from "../../event/ClusterEvent.ts"
import { type Instant, parseInstant, SECOND } from "../../event/Instant.ts"
import { isJsonObject } from "../../event/Json.ts"
import { asObject, isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import type { PodEvent } from "../../event/PodEvent.ts"
import { compareResourceVersions } from "../../event/resourceVersion.ts"
import { DEAD_KNOWN } from "../../state/Inventory.ts"
import type { Moment } from "../monitor/Moment.ts"
import { Endpoints } from "./Endpoints.ts"
import { Names } from "./Names.ts"
import { Nodes } from "./Nodes.ts"
import { Processes } from "./Processes.ts"
import { Sandboxes } from "./Sandboxes.ts"

/** What one event of a history changed. */
export interface Change {
  readonly seq: number
  readonly at: Instant
  readonly event: ClusterEvent
  /** As it is now; of an object that is gone, as its deletion showed it. */
  readonly object: KubernetesObject
  /** As it was seen before. */
  readonly before: KubernetesObject | undefined
  /** Names its life. */
  readonly life: string
  readonly isDeleted: boolean
  /** How it joins what was seen of the object before, gaps aside: what they hide depends on who looks. */
  readonly joins: Moment<unknown>["joins"]
  /** What only a simulator knows; the object is a pod, and is as it was. */
  readonly fact: PodEvent | undefined
  /**
   * It changed nothing: a watch told of an object that it had said to be gone (`gone`), or of a version that is not newer than
   * the one before (`old`), and neither a gap nor a server that went back in time explains it.
   */
  readonly late: "gone" | "old" | undefined
}

/** Of an object that is gone. */
interface Death {
  readonly seq: number
  readonly era: number
}

interface Known {
  readonly object: KubernetesObject
  readonly seq: number
  readonly era: number
}

/** A creation that is told within that time was seen. */
const SEEN_BORN = 2 * SECOND

const nameKey = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`

/** Several groups serve one object (Events are): each has a life of its own. */
const lifeOf = (object: KubernetesObject): string => {
  const { name, namespace = "", uid } = object.metadata
  if (object.kind === "Event") return `${object.apiVersion} ${uid ?? `${namespace}/${name}`}`
  return uid ?? `${object.kind} ${namespace}/${name}`
}

export class World {
  readonly #known = new Map<string, Known>()
  readonly #names = new Names()
  /** Which pods have an address. */
  readonly #addresses = new Names()
  readonly #owned = new Map<string, Set<string>>()
  readonly #podsOn = new Map<string, Set<string>>()
  #gapAt = 0
  readonly #gone = new Map<string, Death>()
  readonly nodes = new Nodes()
  readonly sandboxes = new Sandboxes()
  readonly endpoints = new Endpoints()
  readonly processes = new Processes()
  /** The version of Kubernetes, where the recording says it: `1.36.3`. */
  kubernetes: string | undefined
  now = 0 as Instant

  object(life: string): KubernetesObject | undefined {
    return this.#known.get(life)?.object
  }

  pod(uid: string): PodObject | undefined {
    const object = this.object(uid)
    return object !== undefined && isPod(object) ? object : undefined
  }

  named(kind: string, namespace: string, name: string): KubernetesObject | undefined {
    const life = this.#names.newest(nameKey(kind, namespace, name))
    return life === undefined ? undefined : this.object(life)
  }

  /** The lives of objects of that kind and name that are not known to be over, in the order in which they were seen first. */
  livesNamed(kind: string, namespace: string, name: string): ReadonlyArray<string> {
    return this.#names.all(nameKey(kind, namespace, name))
  }

  /** What has that object for its controller, in the order in which it was seen first. */
  controlledBy(uid: string): ReadonlyArray<KubernetesObject> {
    return this.#all(this.#owned.get(uid))
  }

  podsOn(node: string): ReadonlyArray<PodObject> {
    return this.#all(this.#podsOn.get(node)).filter(isPod)
  }

  /** Those that have an address of their own. */
  podsWithAddress(address: string): ReadonlyArray<PodObject> {
    return this.#addresses.all(address).flatMap((life) => this.pod(life) ?? [])
  }

  #all(lives: ReadonlySet<string> | undefined): ReadonlyArray<KubernetesObject> {
    return [...(lives ?? [])].flatMap((life) => this.object(life) ?? [])
  }

  /** What the event changed; `undefined`: nothing that was not known, or nothing about an object. */
  see(seq: number, event: ClusterEvent): Change | undefined {
    if (event.observed !== undefined && event.observed > this.now) this.now = event.observed
    switch (event._tag) {
      case "RecordingStarted": {
        const { kubernetes } = event.header
        if (typeof kubernetes === "string") this.kubernetes = kubernetes
        return undefined
      }
      case "Gap":
      case "Horizon":
        this.#gapAt = seq
        return undefined
      case "PodFact": {
        const object = this.pod(event.pod.uid)
        if (object === undefined) return undefined
        return this.#told({
          seq,
          at: this.now,
          event,
          object,
          before: object,
          life: event.pod.uid,
          isDeleted: false,
          joins: "continues",
          fact: event.event,
          late: undefined
        })
      }
      case "ObjectChanged":
        return event.change === "BOOKMARK" || event.change === "ERROR" ? undefined : this.#changed(seq, event)
      default:
        return undefined
    }
  }

  #changed(seq: number, event: ObjectChanged): Change | undefined {
    if (!isJsonObject(event.object) || !isJsonObject(event.object.metadata)) return undefined
    const object = asObject(event.object)
    const life = lifeOf(object)
    const known = this.#known.get(life)
    const isDeleted = event.change === "DELETED"
    const change = {
      seq,
      at: this.now,
      event,
      object,
      before: known?.object,
      life,
      isDeleted,
      joins: this.#joins(event, object, known),
      fact: undefined
    }
    if (this.#isOld(event, object, known, life)) {
      const late = this.#isLate(event, known, this.#gone.get(life))
      return late === undefined ? undefined : { ...change, late }
    }
    if (isDeleted) this.#forget(life, known?.object ?? object, { seq, era: event.era ?? 0 })
    else this.#keep(life, { object, seq, era: event.era ?? 0 })
    return this.#told({ ...change, late: undefined })
  }

  #told(change: Change): Change {
    const { kind } = change.object
    if (kind === "Node" || kind === "Event") this.nodes.see(change)
    if (kind === "EndpointSlice") this.endpoints.see(change)
    if (kind === "Pod") {
      this.sandboxes.see(change)
      this.processes.see(change)
    }
    return change
  }

  /** A version that was seen before, an older one, or of an object that is gone. */
  #isOld(event: ObjectChanged, object: KubernetesObject, known: Known | undefined, life: string): boolean {
    if (this.#gone.has(life)) return true
    if (known === undefined || (event.era ?? 0) > known.era) return false
    const [was, is] = [known.object.metadata.resourceVersion, object.metadata.resourceVersion]
    if (was === undefined || is === undefined) return false
    const order = compareResourceVersions(is, was)
    return (order ?? 1) < 0 || (is === was && event.change !== "DELETED")
  }

  /** What a list shows may be older, and so may what a watch begins with: each object there is, as `ADDED`. */
  #isLate(
    { change, era = 0, found }: ObjectChanged,
    known: Known | undefined,
    gone: Death | undefined
  ): Change["late"] {
    const last = gone ?? known
    if (last === undefined || found !== undefined || era !== last.era || last.seq < this.#gapAt) return undefined
    if (gone !== undefined) return "gone"
    return change === "ADDED" ? undefined : "old"
  }

  #joins(event: ObjectChanged, object: KubernetesObject, known: Known | undefined): Change["joins"] {
    if (event.found !== undefined) return "after-gap"
    if (known !== undefined) return (event.era ?? 0) > known.era ? "after-gap" : "continues"
    if (event.change !== "ADDED") return "after-gap"
    const born = parseInstant(object.metadata.creationTimestamp ?? "")
    if (born === undefined || event.observed === undefined) return "begins"
    return event.observed - born <= SEEN_BORN ? "begins" : "after-gap"
  }

  #keep(life: string, now: Known): void {
    const { object } = now
    const isNew = !this.#known.has(life)
    this.#known.set(life, now)
    if (isNew) {
      const { name, namespace = "" } = object.metadata
      this.#names.add(nameKey(object.kind, namespace, name), life)
      for (const owner of object.metadata.ownerReferences ?? []) {
        if (owner.controller === true) into(this.#owned, owner.uid).add(life)
      }
    }
    if (isPod(object) && object.spec.nodeName !== undefined) into(this.#podsOn, object.spec.nodeName).add(life)
    if (isPod(object) && object.spec.hostNetwork !== true && object.status.podIP !== undefined) {
      this.#addresses.add(object.status.podIP, life)
    }
  }

  #forget(life: string, object: KubernetesObject, death: Death): void {
    const { name, namespace = "", ownerReferences } = object.metadata
    this.#known.delete(life)
    if (object.metadata.uid !== undefined) this.#bury(life, death)
    this.#names.remove(nameKey(object.kind, namespace, name), life)
    for (const owner of ownerReferences ?? []) this.#owned.get(owner.uid)?.delete(life)
    if (!isPod(object)) return
    if (object.spec.nodeName !== undefined) this.#podsOn.get(object.spec.nodeName)?.delete(life)
    if (object.status.podIP !== undefined) this.#addresses.remove(object.status.podIP, life)
  }

  /** Latecomers of what died lately are known; of older deaths nothing is kept. */
  #bury(life: string, death: Death): void {
    this.#gone.set(life, death)
    const [oldest] = this.#gone.keys()
    if (this.#gone.size > DEAD_KNOWN && oldest !== undefined) this.#gone.delete(oldest)
  }
}

const into = (map: Map<string, Set<string>>, key: string): Set<string> => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = new Set<string>()
  map.set(key, made)
  return made
}
