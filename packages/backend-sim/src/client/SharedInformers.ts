/**
 * The caches of one process (`client-go/tools/cache/shared_informer.go`): all its controllers look into the same objects, a little
 * behind the API server. Each kind is a watch of its own, so what happened to two kinds may be heard in another order.
 */
import { type Instant, type KubernetesObject, later, type Micros } from "@kubereel/core"
import type { Change, Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import { heardAt, type Staleness } from "./StaleWatch.ts"

/** What a controller wants to hear of a kind. Objects that were there before are added. */
export interface ResourceHandler {
  readonly added?: (object: KubernetesObject) => void
  readonly updated?: (object: KubernetesObject, old: KubernetesObject) => void
  /** `object`: its last version. */
  readonly deleted?: (object: KubernetesObject) => void
}

/** By which values objects of a kind are to be found. */
type Indexer = (object: KubernetesObject) => ReadonlyArray<string>

export interface InformersOptions {
  readonly engine: Engine
  readonly store: Store
  /** `kube-controller-manager/informers`. */
  readonly entity: string
  /** From the write to the handlers. */
  readonly delay: (kind: string) => Micros
  /** Does it arrive at all? It does if absent. */
  readonly arrives?: (change: Change, object: KubernetesObject) => boolean
}

interface Index {
  readonly of: Indexer
  readonly found: Map<string, Map<string, KubernetesObject>>
}

interface Informer {
  readonly objects: Map<string, KubernetesObject>
  /** The keys of its objects by namespace and name: to put one together for every version takes longer than all else here. */
  readonly keys: Map<string, Map<string, string>>
  readonly indexes: Map<string, Index>
  readonly handlers: Array<ResourceHandler>
  heardUntil: Instant
  /** The resourceVersion of what was heard last. */
  lastSync: string
  stale: Staleness | undefined
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`

const knownKey = ({ keys }: Informer, namespace: string | undefined, name: string): string | undefined =>
  keys.get(namespace ?? "")?.get(name)

const ownKey = (informer: Informer, { metadata: { name, namespace = "" } }: KubernetesObject): string => {
  const known = knownKey(informer, namespace, name)
  if (known !== undefined) return known
  const names = informer.keys.get(namespace) ?? new Map<string, string>()
  informer.keys.set(namespace, names)
  const key = keyOf(namespace, name)
  names.set(name, key)
  return key
}

const forgetKey = ({ keys }: Informer, { metadata: { name, namespace = "" } }: KubernetesObject): void => {
  const names = keys.get(namespace)
  names?.delete(name)
  if (names?.size === 0) keys.delete(namespace)
}

export class SharedInformers {
  readonly #o: InformersOptions
  readonly #informers = new Map<string, Informer>()

  constructor(options: InformersOptions) {
    this.#o = options
    options.store.watch((change, object) => this.#hear(change, object))
  }

  /** Call it before the first object of the kind is made. */
  on(kind: string, handler: ResourceHandler): void {
    this.#informer(kind).handlers.push(handler)
  }

  /** Objects of a kind by what `of` says of them, for `byIndex`. */
  index(kind: string, name: string, of: Indexer): void {
    const { indexes } = this.#informer(kind)
    if (!indexes.has(name)) indexes.set(name, { of, found: new Map() })
  }

  get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    const informer = this.#informers.get(kind)
    const key = informer && knownKey(informer, namespace, name)
    return key === undefined ? undefined : informer?.objects.get(key)
  }

  /** All of a kind, in the order in which they were first heard of. */
  list(kind: string): ReadonlyArray<KubernetesObject> {
    return [...(this.#informers.get(kind)?.objects.values() ?? [])]
  }

  byIndex(kind: string, index: string, value: string): ReadonlyArray<KubernetesObject> {
    return [...(this.#informers.get(kind)?.indexes.get(index)?.found.get(value)?.values() ?? [])]
  }

  /** Up to which resourceVersion the cache of a kind is (LastSyncRVGetter). */
  lastSync(kind: string): string {
    return this.#informers.get(kind)?.lastSync ?? "0"
  }

  /** The watches of these kinds, of all if absent, are late from now on: controllers work with what they knew. */
  makeStale(stale: Staleness, kinds: Iterable<string> = this.#informers.keys()): void {
    for (const kind of kinds) this.#informer(kind).stale = stale
  }

  #informer(kind: string): Informer {
    const known = this.#informers.get(kind)
    if (known !== undefined) return known
    const { now } = this.#o.engine
    const made: Informer = {
      objects: new Map(),
      keys: new Map(),
      indexes: new Map(),
      handlers: [],
      heardUntil: now,
      lastSync: "0",
      stale: undefined
    }
    this.#informers.set(kind, made)
    return made
  }

  #hear(change: Change, object: KubernetesObject): void {
    const informer = this.#informers.get(object.kind)
    const { arrives, delay, engine, entity } = this.#o
    if (informer === undefined || arrives?.(change, object) === false) return
    const at = later(engine.now, delay(object.kind))
    informer.heardUntil = Math.max(informer.heardUntil, heardAt(informer.stale, engine.now, at)) as Instant
    if (!Number.isFinite(informer.heardUntil)) return
    engine.schedule(entity, informer.heardUntil, () => this.#arrive(informer, change, object))
  }

  #arrive(informer: Informer, change: Change, object: KubernetesObject): void {
    const key = ownKey(informer, object)
    informer.lastSync = object.metadata.resourceVersion ?? informer.lastSync
    const old = informer.objects.get(key)
    const gone = change === "DELETED"
    if (gone) {
      informer.objects.delete(key)
      forgetKey(informer, object)
    } else informer.objects.set(key, object)
    for (const index of informer.indexes.values()) move(index, key, old, gone ? undefined : object)
    for (const handler of informer.handlers) {
      if (gone) handler.deleted?.(object)
      else if (old === undefined) handler.added?.(object)
      else handler.updated?.(object, old)
    }
  }
}

const move = (
  { found, of }: Index,
  key: string,
  old: KubernetesObject | undefined,
  next: KubernetesObject | undefined
): void => {
  const values = next === undefined ? [] : of(next)
  for (const value of old === undefined ? [] : of(old)) {
    if (values.includes(value)) continue
    const bucket = found.get(value)
    bucket?.delete(key)
    if (bucket?.size === 0) found.delete(value)
  }
  if (next === undefined) return
  for (const value of values) {
    const bucket = found.get(value) ?? new Map<string, KubernetesObject>()
    bucket.set(key, next)
    found.set(value, bucket)
  }
}
