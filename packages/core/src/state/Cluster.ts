/** What is true of a cluster after what one recorder saw of it: every pod's state, every other object's current version. */
import { HashMap, HashSet, Option } from "effect"
import type { ClusterEvent, ObjectChanged, PodFact } from "../event/ClusterEvent.ts"
import { type JsonObject, jsonEqual } from "../event/Json.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"
import { unobservable } from "../event/PodEvent.ts"
import { compareResourceVersions } from "../event/resourceVersion.ts"
import { evolve } from "./evolve.ts"
import { object, text } from "./fields.ts"
import type { Pod } from "./Pod.ts"
import { parsePod } from "./parsePod.ts"

/** What was seen of one object's life. */
export interface Versions {
  /** The newest resourceVersion; `undefined` while none was said. */
  readonly latest: string | undefined
  /** Every version that was seen, so that a repeat is told from a latecomer. */
  readonly seen: HashSet.HashSet<string>
  readonly isGone: boolean
  /** How often the server had gone back in time: what was seen before that says nothing about what is new. */
  readonly era: number
  /** News that came too late to be true: older than the newest version, or of an object that is gone. */
  readonly anomalies: number
}

export interface Cluster {
  /** By uid (by `namespace/name` where it has none). A pod stays here when it is gone (`present` is false then). */
  readonly pods: HashMap.HashMap<string, Pod>
  /** Objects of other kinds that are there now, by `identityOf`. */
  readonly objects: HashMap.HashMap<string, KubernetesObject>
  /** By `identityOf`, of pods too. */
  readonly versions: HashMap.HashMap<string, Versions>
}

export const initialCluster: Cluster = { pods: HashMap.empty(), objects: HashMap.empty(), versions: HashMap.empty() }

/** The uid; where an object has none, its place in its namespace. */
const lifeOf = (object: JsonObject): string => {
  const { uid, namespace, name } = metadataOf(object)
  return text(uid) ?? `${text(namespace) ?? ""}/${text(name) ?? ""}`
}

/** An object may be served under several groups (Events are), each with versions of its own. */
export const identityOf = (object: JsonObject): string =>
  `${text(object.apiVersion) ?? ""} ${text(object.kind) ?? ""} ${lifeOf(object)}`

const metadataOf = (value: JsonObject): JsonObject => object(value.metadata) ?? {}

/**
 * The cluster after the event: total and pure. A version that was seen before is absorbed without a trace; one that is older
 * than the newest, or comes after the object's end, changes nothing but the count of anomalies.
 */
export const evolveCluster = (cluster: Cluster, event: ClusterEvent): Cluster => {
  switch (event._tag) {
    case "ObjectChanged":
      return event.change === "BOOKMARK" || event.change === "ERROR" ? cluster : objectChanged(cluster, event)
    case "PodFact":
      return podFact(cluster, event)
    case "RecordingStarted":
    case "Gap":
    case "Horizon":
    case "Warned":
    case "Unknown":
      return cluster
  }
}

const never: Versions = { latest: undefined, seen: HashSet.empty(), isGone: false, era: 0, anomalies: 0 }

const versionsIn = (era: number, known: Versions): Versions =>
  era > known.era ? { ...never, era, anomalies: known.anomalies } : known

const objectChanged = (cluster: Cluster, event: ObjectChanged): Cluster => {
  const { change, object } = event
  const id = identityOf(object)
  const known = versionsIn(
    event.era ?? 0,
    Option.getOrElse(HashMap.get(cluster.versions, id), () => never)
  )
  const version = versionOf(object)
  if (isRepeat(cluster, event, known)) return cluster
  if ((known.isGone && metadataOf(object).uid !== undefined) || isStale(known, version)) {
    return withVersions(cluster, id, { ...known, anomalies: known.anomalies + 1 })
  }
  const versions = {
    latest: version ?? known.latest,
    seen: version === undefined ? known.seen : HashSet.add(known.seen, sightOf(change, version)),
    isGone: change === "DELETED",
    era: known.era,
    anomalies: known.anomalies
  }
  return withObject(withVersions(cluster, id, versions), object, change === "DELETED")
}

/** Was this very version seen before? Without a resourceVersion only the content can tell. */
const isRepeat = (cluster: Cluster, { change, object }: ObjectChanged, known: Versions): boolean => {
  const version = versionOf(object)
  if (version !== undefined) return HashSet.has(known.seen, sightOf(change, version))
  if (known.isGone || change === "DELETED") return known.isGone && change === "DELETED"
  const pod = object.kind === "Pod" ? podOf(cluster, lifeOf(object)) : undefined
  if (pod !== undefined) return jsonEqual({ ...pod, anomalies: 0 } as never, parsePod(object) as never)
  return Option.exists(HashMap.get(cluster.objects, identityOf(object)), (current) =>
    jsonEqual(current, object as JsonObject)
  )
}

const versionOf = (object: JsonObject): string | undefined => text(metadataOf(object).resourceVersion)

/** A deletion may carry the number of the version before it; how a version came into sight makes no other difference. */
const sightOf = (change: ObjectChanged["change"], version: string): string =>
  change === "DELETED" ? `DELETED ${version}` : version

const isStale = ({ latest }: Versions, version: string | undefined): boolean =>
  latest !== undefined && version !== undefined && (compareResourceVersions(version, latest) ?? 1) < 0

const withVersions = (cluster: Cluster, id: string, versions: Versions): Cluster => ({
  ...cluster,
  versions: HashMap.set(cluster.versions, id, versions)
})

const withObject = (cluster: Cluster, object: JsonObject, isGone: boolean): Cluster => {
  const id = identityOf(object)
  if (object.kind === "Pod") {
    const known = podOf(cluster, lifeOf(object))
    return {
      ...cluster,
      pods: HashMap.set(cluster.pods, lifeOf(object), sharing(known, { ...parsePod(object), present: !isGone }))
    }
  }
  const objects = isGone
    ? HashMap.remove(cluster.objects, id)
    : HashMap.set(cluster.objects, id, object as KubernetesObject)
  return { ...cluster, objects }
}

/** Parts that are as they were stay the same objects: versions of a pod share most of their memory. */
const sharing = (known: Pod | undefined, next: Pod): Pod =>
  known === undefined
    ? next
    : {
        ...next,
        spec: jsonEqual(known.spec, next.spec) ? known.spec : next.spec,
        conditions: shared(known.conditions, next.conditions, "type"),
        containers: shared(known.containers, next.containers, "name"),
        anomalies: known.anomalies
      }

const shared = <T extends object>(known: ReadonlyArray<T>, next: ReadonlyArray<T>, key: keyof T): ReadonlyArray<T> => {
  const items = next.map((item) => {
    const before = known.find((other) => other[key] === item[key])
    return before !== undefined && jsonEqual(before as never, item as never) ? before : item
  })
  return items.length === known.length && items.every((item, i) => item === known[i]) ? known : items
}

const unobservableTags: ReadonlySet<string> = new Set(unobservable.map(({ fields }) => fields._tag.schema.literal))

/** What the API shows is told by versions of the object: as a fact beside them it would be told twice, and is an anomaly. */
const podFact = (cluster: Cluster, { pod: { uid }, event }: PodFact): Cluster => {
  const pod = HashMap.get(cluster.pods, uid)
  if (Option.isNone(pod)) return cluster
  const next = unobservableTags.has(event._tag)
    ? evolve(pod.value, event)
    : { ...pod.value, anomalies: pod.value.anomalies + 1 }
  return next === pod.value ? cluster : { ...cluster, pods: HashMap.set(cluster.pods, uid, next) }
}

export const podOf = (cluster: Cluster, uid: string): Pod | undefined =>
  Option.getOrUndefined(HashMap.get(cluster.pods, uid))

/** How much of what was seen did not fit, in the whole cluster. */
export const anomaliesOf = (cluster: Cluster): number =>
  HashMap.reduce(cluster.versions, 0, (sum, { anomalies }) => sum + anomalies) +
  HashMap.reduce(cluster.pods, 0, (sum, { anomalies }) => sum + anomalies)
