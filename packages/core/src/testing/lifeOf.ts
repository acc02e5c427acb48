/** Short histories written by hand: what a watch shows of one object, a second between its versions. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { type Instant, SECOND, toTime } from "../event/Instant.ts"
import type { JsonObject } from "../event/Json.ts"
import type { PodEvent } from "../event/PodEvent.ts"

const START = 1_767_225_600 * SECOND

/** One version: what it has besides a name, a uid and a resourceVersion. `at`: seconds from the start. */
export interface Version {
  readonly at?: number
  readonly change?: "ADDED" | "MODIFIED" | "DELETED"
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata?: JsonObject
  readonly spec?: JsonObject
  readonly status?: JsonObject
  /** No version: what only a simulator knows of the pod at that moment. */
  readonly fact?: PodEvent
  /** Other fields of the object. */
  readonly more?: JsonObject
}

const eventOf = (version: Version, place: number, known: Set<string>): ClusterEvent => {
  const { apiVersion = "v1", at = place, fact, kind = "Pod", metadata, more, spec, status } = version
  const name = typeof metadata?.name === "string" ? metadata.name : "p"
  const uid = typeof metadata?.uid === "string" ? metadata.uid : `uid-of-${kind}-${name}`
  const observed = (START + at * SECOND) as Instant
  if (fact !== undefined) return { _tag: "PodFact", observed, pod: { namespace: "default", name, uid }, event: fact }
  const within = kind === "Node" ? {} : { namespace: "default" }
  const born = { name, ...within, uid, creationTimestamp: toTime(START as Instant) }
  const isNew = !known.has(uid)
  known.add(uid)
  const pod = kind === "Pod" ? { containers: [{ name: "main", image: "i" }] } : {}
  return {
    _tag: "ObjectChanged",
    observed,
    change: version.change ?? (isNew ? "ADDED" : "MODIFIED"),
    object: {
      apiVersion,
      kind,
      metadata: { ...born, resourceVersion: String(place + 1), ...metadata },
      spec: { ...pod, ...spec },
      status: { ...status },
      ...more
    } as never
  }
}

/** A history of these versions: of pods where nothing else is said, each object first `ADDED`, then `MODIFIED`. */
export const lifeOf = (...versions: ReadonlyArray<Version>): ReadonlyArray<ClusterEvent> => {
  const known = new Set<string>()
  return versions.map((version, place) => eventOf(version, place, known))
}

/** The status of a container that has nothing remarkable. */
export const containerStatus = (more: JsonObject = {}): JsonObject => ({
  name: "main",
  ready: false,
  restartCount: 0,
  image: "i",
  imageID: "",
  ...more
})
