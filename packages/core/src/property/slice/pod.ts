/** Slices of pods: one life of a pod, from its creation to its deletion. */
import { isJsonObject } from "../../event/Json.ts"
import { isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import type { PodEvent } from "../../event/PodEvent.ts"
import { derive } from "../../view/derive.ts"
import type { Seen, SliceKind, Touched } from "./Slice.ts"
import type { Change, World } from "./World.ts"

/** A pod at one moment. */
export class PodSeen implements Seen {
  readonly pod: PodObject
  readonly change: Change
  readonly world: World
  /** It is gone; `pod` is what its deletion showed. */
  readonly isDeleted: boolean
  /** The moment before; of that one none is known. `undefined`: this is the first one. */
  readonly before: PodSeen | undefined
  #words: ReadonlyArray<PodEvent> | undefined

  constructor(pod: PodObject, before: PodObject | undefined, change: Change, world: World) {
    this.pod = pod
    this.change = change
    this.world = world
    this.isDeleted = change.isDeleted && change.object === pod
    this.before = before === undefined ? undefined : new PodSeen(before, undefined, change, world)
  }

  /** What happened to it, in the kubelet's words; a fact of the simulator's, where that is what happened. */
  get words(): ReadonlyArray<PodEvent> {
    if (this.change.fact !== undefined) return [this.change.fact]
    if (!isPod(this.change.object)) return []
    this.#words ??= derive(this.before?.pod, this.isDeleted ? undefined : this.pod)
    return this.#words
  }

  get node(): KubernetesObject | undefined {
    const { nodeName } = this
    return nodeName === undefined ? undefined : this.world.named("Node", "", nodeName)
  }

  get nodeName(): string | undefined {
    return this.pod.spec.nodeName
  }

  get podUid(): string {
    return this.pod.metadata.uid ?? this.change.life
  }
}

/** Several kinds of slices look at one change one after another: they share what is seen of it. */
let latest: { readonly change: Change; readonly touched: ReadonlyArray<Touched<PodSeen>> } | undefined

const ofItself = (change: Change, world: World): ReadonlyArray<Touched<PodSeen>> => {
  if (latest?.change === change) return latest.touched
  const touched = seen(change, world)
  latest = { change, touched }
  return touched
}

const seen = (change: Change, world: World): ReadonlyArray<Touched<PodSeen>> => {
  const { before, fact, isDeleted, life, object } = change
  if (!isPod(object)) return []
  const was = before !== undefined && isPod(before) ? before : undefined
  const view = new PodSeen(object, fact === undefined ? was : object, change, world)
  return [{ key: life, view, begins: change.joins === "begins", ends: isDeleted }]
}

/** Pods that something else concerns are as they were. */
const unchanged = (pods: ReadonlyArray<PodObject>, change: Change, world: World): ReadonlyArray<Touched<PodSeen>> =>
  pods.map((pod) => ({
    key: pod.metadata.uid ?? "",
    view: new PodSeen(pod, pod, change, world),
    begins: false,
    ends: false
  }))

/** What can be told to a pod's slice besides its own changes. */
export type Related = "node" | "events" | "endpoints"

const resources: { readonly [R in Related]: string } = {
  node: "nodes",
  events: "events",
  endpoints: "endpointslices.discovery.k8s.io"
}

const podsOf: { readonly [R in Related]: (change: Change, world: World) => ReadonlyArray<PodObject> } = {
  node: ({ object }, world) => (object.kind === "Node" ? world.podsOn(object.metadata.name) : []),
  events: ({ isDeleted, object }, world) => {
    if (object.kind !== "Event" || isDeleted) return []
    const regarding = isJsonObject(object.involvedObject) ? object.involvedObject : object.regarding
    const pod = isJsonObject(regarding) ? world.pod(String(regarding.uid)) : undefined
    return pod === undefined ? [] : [pod]
  },
  endpoints: ({ before, object }, world) => {
    if (object.kind !== "EndpointSlice") return []
    const uids = new Set([...targetsOf(before), ...targetsOf(object)])
    return [...uids].flatMap((uid) => world.pod(uid) ?? [])
  }
}

/** The pods that an EndpointSlice names, by uid. */
export const targetsOf = (slice: KubernetesObject | undefined): ReadonlyArray<string> => {
  const endpoints = slice?.endpoints
  if (!Array.isArray(endpoints)) return []
  return endpoints.flatMap((endpoint) => {
    const target = isJsonObject(endpoint) ? endpoint.targetRef : undefined
    return isJsonObject(target) && typeof target.uid === "string" ? [target.uid] : []
  })
}

const kinds = new Map<string, SliceKind<PodSeen>>()

const podWith = (...related: ReadonlyArray<Related>): SliceKind<PodSeen> => {
  const name = related.length === 0 ? "pod" : `pod with ${related.join(", ")}`
  const known = kinds.get(name)
  if (known !== undefined) return known
  const kind: SliceKind<PodSeen> = {
    name,
    sees: ["pods", ...related.map((one) => resources[one])],
    touch: (change, world) => {
      if (isPod(change.object)) return ofItself(change, world)
      for (const one of related) {
        const pods = podsOf[one](change, world)
        if (pods.length > 0) return unchanged(pods, change, world)
      }
      return []
    }
  }
  kinds.set(name, kind)
  return kind
}

/** Each pod; `pod.with("node")`: also told when its node changes. */
export const pod: SliceKind<PodSeen> & { readonly with: typeof podWith } = { ...podWith(), with: podWith }
