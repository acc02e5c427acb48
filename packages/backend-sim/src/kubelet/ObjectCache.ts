/**
 * The kubelet's ConfigMap and Secret managers (`pkg/kubelet/util/manager/watch_based_manager.go`): an object is watched from the
 * moment on at which the first pod names it, and seen as the watch has shown it. RuntimeClasses are seen as late
 * (`pkg/kubelet/runtimeclass/runtimeclass_manager.go`).
 */
import {
  type ConfigKind,
  type ConfigLookup,
  type KubernetesObject,
  objectReferences,
  type Pod,
  runtimeClassName
} from "@kubereel/core"
import type { Change, Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"

export interface ObjectCacheOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly profile: NodeProfile
  readonly store: Store
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  /** An object that the pod names is seen otherwise. */
  readonly onChange: (uid: string) => void
}

const RUNTIME_CLASS = "RuntimeClass"

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}/${namespace}/${name}`

export class ObjectCache {
  readonly #o: ObjectCacheOptions
  readonly #objects = new Map<string, KubernetesObject | undefined>()
  /** What changed while nobody could be reached: listed anew when somebody can. */
  readonly #missed = new Set<string>()
  readonly #references = new Map<string, ReadonlySet<string>>()

  constructor(options: ObjectCacheOptions) {
    this.#o = options
  }

  /** RegisterPod, also for a new version of the pod. */
  register(pod: Pod): void {
    const { namespace = "", uid = "" } = pod.metadata
    const keys = new Set<string>()
    for (const { kind, name } of objectReferences(pod.spec)) {
      const key = keyOf(kind, namespace, name)
      keys.add(key)
      // The reflector lists first.
      if (!this.#objects.has(key)) this.#objects.set(key, this.#o.store.get(kind, namespace, name))
    }
    const runtimeClass = runtimeClassName(pod.spec)
    if (runtimeClass !== "") {
      const key = keyOf(RUNTIME_CLASS, "", runtimeClass)
      keys.add(key)
      if (!this.#objects.has(key)) this.#objects.set(key, this.#o.store.get(RUNTIME_CLASS, undefined, runtimeClass))
    }
    this.#references.set(uid, keys)
  }

  unregister(uid: string): void {
    const keys = this.#references.get(uid) ?? new Set()
    this.#references.delete(uid)
    const kept = new Set([...this.#references.values()].flatMap((used) => [...used]))
    for (const key of keys) if (!kept.has(key)) this.#objects.delete(key)
  }

  /** An object changed on the API server; the watch shows it a little later. */
  hear(change: Change, object: KubernetesObject): void {
    const { engine, entity, profile, random, reachable } = this.#o
    const key = keyOf(object.kind, object.metadata.namespace ?? "", object.metadata.name)
    if (!this.#objects.has(key)) return
    if (!reachable()) {
      this.#missed.add(key)
      return this.#tell(key)
    }
    engine.after(`${entity}/${key}`, quantile(profile.watch, random.next()), () => {
      if (!this.#objects.has(key)) return
      this.#tell(key)
      this.#objects.set(key, change === "DELETED" ? undefined : object)
    })
  }

  /** Has it missed nothing? */
  get complete(): boolean {
    return this.#missed.size === 0
  }

  #tell(key: string): void {
    for (const [uid, keys] of this.#references) if (keys.has(key)) this.#o.onChange(uid)
  }

  get(kind: ConfigKind, namespace: string, name: string): KubernetesObject | undefined {
    return this.#seen(kind, namespace, name)
  }

  /** LookupRuntimeHandler: "" is that of the runtime; `undefined`: there is no such class. */
  runtimeHandler(pod: Pod): string | undefined {
    const name = runtimeClassName(pod.spec)
    return name === "" ? "" : (this.#seen(RUNTIME_CLASS, "", name)?.["handler"] as string | undefined)
  }

  #seen(kind: string, namespace: string, name: string): KubernetesObject | undefined {
    const key = keyOf(kind, namespace, name)
    if (this.#missed.has(key) && this.#o.reachable()) {
      this.#missed.delete(key)
      this.#objects.set(key, this.#o.store.get(kind, namespace === "" ? undefined : namespace, name))
    }
    return this.#objects.get(key)
  }

  /** What one pod's rules ask. */
  lookup(pod: Pod): ConfigLookup {
    return (kind, name) => this.get(kind, pod.metadata.namespace ?? "", name)
  }
}
