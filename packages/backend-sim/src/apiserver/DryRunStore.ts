/** What is written with `dryRun=All`: it can be read back by the request that wrote it, and nobody ever hears of it (`k8s.io/apiserver/pkg/registry/generic/registry/dryrun.go`). */
import { type KubernetesObject, type ManagedFields, noManagedFields } from "@kubereel/core"
import { Store } from "./Store.ts"

interface Written {
  /** `undefined`: removed. */
  readonly object: KubernetesObject | undefined
  readonly fields: ManagedFields
}

const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ""}/${name}`

const ownKey = ({ kind, metadata: { name, namespace } }: KubernetesObject): string => keyOf(kind, namespace, name)

/** Versions stay as they are: an object that is new has none. */
export class DryRunStore extends Store {
  readonly #under: Store
  readonly #written = new Map<string, Written>()

  constructor(under: Store) {
    super(under.version)
    this.#under = under
  }

  override get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    const written = this.#written.get(keyOf(kind, namespace, name))
    return written === undefined ? this.#under.get(kind, namespace, name) : written.object
  }

  override list(kind: string): ReadonlyArray<KubernetesObject> {
    const there = this.#under.list(kind)
    if (this.#written.size === 0) return there
    const kept = there.filter((object) => !this.#written.has(ownKey(object)))
    const made = [...this.#written.values()].flatMap(({ object }) => (object?.kind === kind ? [object] : []))
    return [...kept, ...made]
  }

  override has(kind: string): boolean {
    return this.list(kind).length > 0
  }

  override nextVersion(): string {
    return ""
  }

  override managedFields(object: KubernetesObject): ManagedFields {
    return this.#written.get(ownKey(object))?.fields ?? this.#under.managedFields(object)
  }

  override create(object: KubernetesObject, fields: ManagedFields = noManagedFields): KubernetesObject {
    const { resourceVersion: _, ...metadata } = object.metadata
    return this.#write({ ...object, metadata } as KubernetesObject, fields)
  }

  override update(object: KubernetesObject, fields?: ManagedFields): KubernetesObject {
    return this.#write(object, fields ?? this.managedFields(object))
  }

  override remove(object: KubernetesObject): KubernetesObject {
    this.#written.set(ownKey(object), { object: undefined, fields: this.managedFields(object) })
    return object
  }

  #write(object: KubernetesObject, fields: ManagedFields): KubernetesObject {
    this.#written.set(ownKey(object), { object, fields })
    return object
  }
}
