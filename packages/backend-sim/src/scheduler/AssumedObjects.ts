/** What the scheduler takes for granted of claims and volumes until the API server shows it (`pkg/scheduler/util/assumecache/assume_cache.go`). */
import type { KubernetesObject, ObjectLookup } from "@kubereel/core"

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}/${namespace}/${name}`

export class AssumedObjects implements ObjectLookup {
  readonly #objects: ObjectLookup
  readonly #assumed = new Map<string, KubernetesObject>()

  constructor(objects: ObjectLookup) {
    this.#objects = objects
  }

  /** As the API server has it. */
  stored(kind: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(kind, namespace, name)
  }

  get(kind: string, namespace: string, name: string): KubernetesObject | undefined {
    const stored = this.#objects.get(kind, namespace, name)
    const key = keyOf(kind, namespace, name)
    const assumed = this.#assumed.get(key)
    if (assumed === undefined) return stored
    if (assumed.metadata.resourceVersion === stored?.metadata.resourceVersion) return assumed
    // Somebody has written it since: what is stored counts.
    this.#assumed.delete(key)
    return stored
  }

  list(kind: string): ReadonlyArray<KubernetesObject> {
    const stored = this.#objects.list(kind)
    if (this.#assumed.size === 0) return stored
    return stored.map((one) => this.get(kind, one.metadata.namespace ?? "", one.metadata.name) ?? one)
  }

  /** The next version of one that is stored. */
  assume(object: KubernetesObject): void {
    const { name, namespace = "" } = object.metadata
    this.#assumed.set(keyOf(object.kind, namespace, name), object)
  }

  restore({ kind, metadata }: KubernetesObject): void {
    this.#assumed.delete(keyOf(kind, metadata.namespace ?? "", metadata.name))
  }
}
