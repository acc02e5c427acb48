/** Every object of the simulated cluster, one resourceVersion for all, and who watches (etcd and the watch cache in one). */
import type { Instant, KubernetesObject } from "@kubereel/core"

export type Change = "ADDED" | "MODIFIED" | "DELETED"
export type Listener = (change: Change, object: KubernetesObject) => void
/** `silentSince`: of one that is renewed no longer, when it was for the last time. */
export type RenewalListener = (kind: string, name: string, silentSince: Instant | undefined) => void

const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ""}/${name}`

export class Store {
  readonly #objects = new Map<string, KubernetesObject>()
  readonly #byKind = new Map<string, Set<string>>()
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

  get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.#look(kind, keyOf(kind, namespace, name))
  }

  /** In the order of creation. */
  list(kind: string): ReadonlyArray<KubernetesObject> {
    return [...(this.#byKind.get(kind) ?? [])].flatMap((key) => this.#look(kind, key) ?? [])
  }

  nextVersion(): string {
    this.#version++
    return String(this.#version)
  }

  /** Stores a new object; it carries its own `nextVersion`. */
  create(object: KubernetesObject): KubernetesObject {
    const key = this.#key(object)
    this.#objects.set(key, object)
    const kind = this.#byKind.get(object.kind) ?? new Set()
    kind.add(key)
    this.#byKind.set(object.kind, kind)
    return this.#tell("ADDED", object)
  }

  /** Stores the next version of an object that is there. */
  update(object: KubernetesObject): KubernetesObject {
    const next = this.#versioned(object)
    this.#objects.set(this.#key(next), next)
    return this.#tell("MODIFIED", next)
  }

  remove(object: KubernetesObject): KubernetesObject {
    const key = this.#key(object)
    this.#objects.delete(key)
    this.#byKind.get(object.kind)?.delete(key)
    return this.#tell("DELETED", this.#versioned(object))
  }

  #look(kind: string, key: string): KubernetesObject | undefined {
    if (this.#lookKinds.has(kind) && this.#objects.has(key)) this.#looks.get(key)?.()
    return this.#objects.get(key)
  }

  #key(object: KubernetesObject): string {
    return keyOf(object.kind, object.metadata.namespace, object.metadata.name)
  }

  #versioned(object: KubernetesObject): KubernetesObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: this.nextVersion() } }
  }

  #tell(change: Change, object: KubernetesObject): KubernetesObject {
    for (const listener of this.#listeners) listener(change, object)
    return object
  }
}
