/** Objects as clients see them: with their managed fields. One version is put together once, whoever asks for it. */
import type { Json, KubernetesObject, ManagedFields } from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"

interface Version {
  readonly fields: ManagedFields
  whole: KubernetesObject | undefined
}

export class Shown {
  readonly #store: Store
  readonly #versions = new WeakMap<KubernetesObject, Version>()

  constructor(store: Store) {
    this.#store = store
    for (const kind of store.kinds) for (const object of store.list(kind)) this.remember(object)
  }

  /** While it is the newest version, or is just told to be gone: afterwards nobody knows who owned its fields. */
  remember(object: KubernetesObject): void {
    this.#versions.set(object, { fields: this.#store.managedFields(object), whole: undefined })
  }

  of(object: KubernetesObject): KubernetesObject {
    const version = this.#versions.get(object)
    if (version === undefined || version.fields.length === 0) return object
    version.whole ??= {
      ...object,
      metadata: { ...object.metadata, managedFields: version.fields as unknown as Json }
    } as KubernetesObject
    return version.whole
  }
}
