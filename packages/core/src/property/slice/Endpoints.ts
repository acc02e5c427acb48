/** Which EndpointSlices name which pods. */
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { targetsOf } from "./pod.ts"
import type { Change } from "./World.ts"

export class Endpoints {
  readonly #slices = new Map<string, Map<string, KubernetesObject>>()

  see({ before, isDeleted, life, object }: Change): void {
    for (const uid of targetsOf(before)) this.#drop(uid, life)
    for (const uid of isDeleted ? targetsOf(object) : []) this.#drop(uid, life)
    for (const uid of isDeleted ? [] : targetsOf(object)) {
      const known = this.#slices.get(uid)
      if (known === undefined) this.#slices.set(uid, new Map([[life, object]]))
      else known.set(life, object)
    }
  }

  #drop(uid: string, life: string): void {
    const known = this.#slices.get(uid)
    known?.delete(life)
    if (known?.size === 0) this.#slices.delete(uid)
  }

  /** Those that name the pod, as they are now. */
  of(podUid: string): Iterable<KubernetesObject> {
    return this.#slices.get(podUid)?.values() ?? []
  }
}
