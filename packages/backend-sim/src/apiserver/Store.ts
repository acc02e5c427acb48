/** Every object of the simulated cluster, one resourceVersion for all, and who watches (etcd and the watch cache in one). */
import { type Instant, type KubernetesObject, type ManagedFields, noManagedFields } from "@kubereel/core"
import { SharedSets } from "./SharedSets.ts"

export type Change = "ADDED" | "MODIFIED" | "DELETED"
/** `previous`: the version before, if it was there. */
export type Listener = (change: Change, object: KubernetesObject, previous?: KubernetesObject) => void
/** `silentSince`: of one that is renewed no longer, when it was for the last time. */
export type RenewalListener = (kind: string, name: string, silentSince: Instant | undefined) => void

const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ""}/${name}`

interface Entry {
  object: KubernetesObject
  /** Beside the object: components of the cluster do not look at them, and pass their objects on and on. */
  fields: ManagedFields
}

/** The objects of one kind. No keys are put together to find one: that would take longer than all else here. */
interface Kind {
  /** In the order of creation. */
  readonly entries: Set<Entry>
  /** By namespace ("" for none) and name. */
  readonly byName: Map<string, Map<string, Entry>>
}

export class Store {
  readonly #kinds = new Map<string, Kind>()
  readonly #sets = new SharedSets()
  /** What is being told to be gone, and who owned its fields. */
  #leaving: Entry | undefined
  readonly #listeners: Array<Listener> = []
  readonly #looks = new Map<string, () => void>()
  /** Of which some object is brought up to date before a look. */
  readonly #lookKinds = new Set<string>()
  readonly #renewalListeners: Array<RenewalListener> = []
  #version: number

  /** `version`: the resourceVersion before the first write. */
  constructor(version: number) {
    this.#version = version
  }

  /** Called for every write, in the order of registration. */
  watch(listener: Listener): void {
    this.#listeners.push(listener)
  }

  /** Writes that nobody notices may wait: `bringUpToDate` makes up for those of an object before somebody looks at it. */
  beforeLook(kind: string, namespace: string, name: string, bringUpToDate: () => void): void {
    this.#lookKinds.add(kind)
    this.#looks.set(keyOf(kind, namespace, name), bringUpToDate)
  }

  /** An object is renewed again and again from now on, or no longer: who waits for silence need not look at every write. */
  renewed(kind: string, name: string, silentSince: Instant | undefined): void {
    for (const listener of this.#renewalListeners) listener(kind, name, silentSince)
  }

  watchRenewals(listener: RenewalListener): void {
    this.#renewalListeners.push(listener)
  }

  /** The newest of all objects' versions. */
  get version(): number {
    return this.#version
  }

  get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    const entry = this.#entry(kind, namespace, name)
    if (entry === undefined) return undefined
    if (!this.#lookKinds.has(kind)) return entry.object
    this.#looks.get(keyOf(kind, namespace, name))?.()
    return this.#entry(kind, namespace, name)?.object
  }

  /** In the order of creation. */
  list(kind: string): ReadonlyArray<KubernetesObject> {
    const found: Array<KubernetesObject> = []
    const entries = this.#kinds.get(kind)?.entries ?? []
    if (!this.#lookKinds.has(kind)) {
      for (const { object } of entries) found.push(object)
      return found
    }
    for (const { object } of [...entries]) {
      const now = this.get(kind, object.metadata.namespace, object.metadata.name)
      if (now !== undefined) found.push(now)
    }
    return found
  }

  nextVersion(): string {
    this.#version++
    return String(this.#version)
  }

  /** Is some object of the kind there? */
  has(kind: string): boolean {
    return (this.#kinds.get(kind)?.entries.size ?? 0) > 0
  }

  /** The kinds of which there are objects. */
  get kinds(): ReadonlyArray<string> {
    return [...this.#kinds.keys()]
  }

  /** Who owns which field of it. */
  managedFields(object: KubernetesObject): ManagedFields {
    const { name, namespace } = object.metadata
    const entry = object === this.#leaving?.object ? this.#leaving : this.#entry(object.kind, namespace, name)
    return entry?.fields ?? noManagedFields
  }

  /** Stores a new object; it carries its own `nextVersion`. */
  create(object: KubernetesObject, fields = noManagedFields): KubernetesObject {
    this.#put(object, fields)
    return this.#tell("ADDED", object)
  }

  /** Stores the next version of an object that is there. `fields`: as they were if absent. */
  update(object: KubernetesObject, fields?: ManagedFields): KubernetesObject {
    const next = this.#versioned(object)
    const previous = this.#entry(next.kind, next.metadata.namespace, next.metadata.name)?.object
    this.#put(next, fields)
    return this.#tell("MODIFIED", next, previous)
  }

  remove(object: KubernetesObject): KubernetesObject {
    const entry = this.#drop(object)
    const last = this.#versioned(object)
    this.#leaving = entry && { ...entry, object: last }
    this.#tell("DELETED", last, entry?.object)
    this.#leaving = undefined
    return last
  }

  /** Keeps what another server has stored, in its version: for a store that mirrors that one. */
  keep(change: Change, object: KubernetesObject): void {
    if (change === "DELETED") this.#drop(object)
    else this.#put(object, undefined)
    this.#tell(change, object)
  }

  #drop({ kind, metadata: { name, namespace = "" } }: KubernetesObject): Entry | undefined {
    const objects = this.#kinds.get(kind)
    const names = objects?.byName.get(namespace)
    const entry = names?.get(name)
    if (entry !== undefined) objects?.entries.delete(entry)
    names?.delete(name)
    if (names?.size === 0) objects?.byName.delete(namespace)
    return entry
  }

  #entry(kind: string, namespace: string | undefined, name: string): Entry | undefined {
    return this.#kinds
      .get(kind)
      ?.byName.get(namespace ?? "")
      ?.get(name)
  }

  #put(object: KubernetesObject, given: ManagedFields | undefined): void {
    const { name, namespace = "" } = object.metadata
    const known = this.#entry(object.kind, namespace, name)
    const before = known?.fields ?? noManagedFields
    const fields = given === undefined || given === before ? before : this.#sets.of(object.kind, given, before)
    if (known !== undefined) {
      known.object = object
      known.fields = fields
      return
    }
    const kind = this.#kinds.get(object.kind) ?? { entries: new Set(), byName: new Map() }
    const names = kind.byName.get(namespace) ?? new Map<string, Entry>()
    const entry = { object, fields }
    this.#kinds.set(object.kind, kind)
    kind.byName.set(namespace, names)
    names.set(name, entry)
    kind.entries.add(entry)
  }

  #versioned(object: KubernetesObject): KubernetesObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: this.nextVersion() } }
  }

  #tell(change: Change, object: KubernetesObject, previous?: KubernetesObject): KubernetesObject {
    for (const listener of this.#listeners) listener(change, object, previous)
    return object
  }
}
