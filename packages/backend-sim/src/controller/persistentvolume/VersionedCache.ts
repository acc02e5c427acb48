/** The controller's own cache of a kind: what it wrote itself is in it before its watch shows it (`pkg/controller/volume/persistentvolume/pv_controller_base.go`, storeObjectUpdate). */
import type { KubernetesObject } from "@kubereel/core"
import { keyOf } from "../keys.ts"

const versionOf = ({ metadata }: KubernetesObject): number => Number(metadata.resourceVersion ?? 0)

export class VersionedCache {
  readonly #objects = new Map<string, KubernetesObject>()

  /** `false`: a newer version of it is known. */
  store(object: KubernetesObject): boolean {
    const key = keyOf(object)
    const known = this.#objects.get(key)
    if (known !== undefined && versionOf(known) > versionOf(object)) return false
    this.#objects.set(key, object)
    return true
  }

  /** `namespace/name`; of kinds without a namespace `/name`. */
  get(key: string): KubernetesObject | undefined {
    return this.#objects.get(key)
  }

  delete(key: string): void {
    this.#objects.delete(key)
  }

  get all(): Iterable<KubernetesObject> {
    return this.#objects.values()
  }
}
