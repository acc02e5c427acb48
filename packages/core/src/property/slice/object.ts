/** Slices of objects of any kind: one life, from the creation to the deletion. */
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import type { Seen, SliceKind } from "./Slice.ts"
import type { Change, World } from "./World.ts"

/** An object at one moment. */
export class ObjectSeen implements Seen {
  readonly object: KubernetesObject
  readonly change: Change
  readonly world: World
  readonly isDeleted: boolean
  /** The moment before; of that one none is known. */
  readonly before: ObjectSeen | undefined
  readonly nodeName = undefined

  constructor(object: KubernetesObject, before: KubernetesObject | undefined, change: Change, world: World) {
    this.object = object
    this.change = change
    this.world = world
    this.isDeleted = change.isDeleted && change.object === object
    this.before = before === undefined ? undefined : new ObjectSeen(before, undefined, change, world)
  }

  get podUid(): string | undefined {
    return this.object.kind === "Pod" ? this.object.metadata.uid : undefined
  }
}

const objectsOfKind = (kind: string | undefined): SliceKind<ObjectSeen> => ({
  name: kind ?? "object",
  sees: [],
  touch: (change, world) => {
    const { before, fact, isDeleted, joins, life, object } = change
    if (fact !== undefined || (kind !== undefined && object.kind !== kind)) return []
    const view = new ObjectSeen(object, before, change, world)
    return [{ key: life, view, begins: joins === "begins", ends: isDeleted }]
  }
})

const kinds = new Map<string, SliceKind<ObjectSeen>>()

/** Each object of any kind; `object.of("Job")`: of one. */
export const object: SliceKind<ObjectSeen> & { readonly of: (kind: string) => SliceKind<ObjectSeen> } = {
  ...objectsOfKind(undefined),
  of: (kind) => {
    const known = kinds.get(kind) ?? objectsOfKind(kind)
    kinds.set(kind, known)
    return known
  }
}

/** Each object of any kind, as watches tell of it: also of what comes too late. */
export const delivered: SliceKind<ObjectSeen> = {
  name: "delivered object",
  sees: [],
  seesLate: true,
  touch: (change, world) => {
    const { before, fact, isDeleted, joins, late, life, object } = change
    if (fact !== undefined) return []
    const view = new ObjectSeen(object, before, change, world)
    return [{ key: life, view, begins: joins === "begins", ends: isDeleted || late === "gone" }]
  }
}

/** Each name of a kind and namespace: the objects that have it, one after the other. Events are too many to have names of their own. */
export const name: SliceKind<ObjectSeen> = {
  name: "name",
  sees: [],
  touch: (change, world) => {
    const { before, fact, isDeleted, joins, object } = change
    const { kind } = object
    if (fact !== undefined || kind === "Event") return []
    const { name: called, namespace = "" } = object.metadata
    const view = new ObjectSeen(object, before, change, world)
    const ends = isDeleted && world.livesNamed(kind, namespace, called).length === 0
    return [{ key: `${kind} ${namespace}/${called}`, view, begins: joins === "begins", ends }]
  }
}
