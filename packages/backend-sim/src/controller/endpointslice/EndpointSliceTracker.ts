/** Which generations of slices the controller has written itself, so that its own writes do not wake it (`k8s.io/endpointslice/util/endpointslice_tracker.go`). */
import type { KubernetesObject } from "@kubereel/core"

const DELETION_EXPECTED = -1

const uidOf = ({ metadata }: KubernetesObject): string => metadata.uid ?? ""
const generationOf = ({ metadata }: KubernetesObject): number => metadata.generation ?? 0

export class EndpointSliceTracker {
  /** By the service's key, then by the slice's UID. */
  readonly #generations = new Map<string, Map<string, number>>()

  update(service: string, slice: KubernetesObject | undefined): void {
    if (slice !== undefined) this.#of(service).set(uidOf(slice), generationOf(slice))
  }

  expectDeletion(service: string, slice: KubernetesObject): void {
    this.#of(service).set(uidOf(slice), DELETION_EXPECTED)
  }

  /** Was it expected? */
  handleDeletion(service: string, slice: KubernetesObject): boolean {
    const generations = this.#generations.get(service)
    const known = generations?.get(uidOf(slice))
    generations?.delete(uidOf(slice))
    return known === undefined || known === DELETION_EXPECTED
  }

  /** Is it newer than what was written here? */
  shouldSync(service: string, slice: KubernetesObject): boolean {
    const known = this.#generations.get(service)?.get(uidOf(slice))
    return known === undefined || generationOf(slice) > known
  }

  /** Is the cache behind what was written here? */
  isStale(service: string, slices: ReadonlyArray<KubernetesObject>): boolean {
    const generations = this.#generations.get(service)
    if (generations === undefined) return false
    const provided = new Map(slices.map((slice) => [uidOf(slice), generationOf(slice)]))
    for (const [uid, known] of generations) {
      const generation = provided.get(uid)
      if (generation === undefined ? known !== DELETION_EXPECTED : known === DELETION_EXPECTED || known > generation)
        return true
    }
    return false
  }

  deleteService(service: string): void {
    this.#generations.delete(service)
  }

  #of(service: string): Map<string, number> {
    const known = this.#generations.get(service) ?? new Map<string, number>()
    this.#generations.set(service, known)
    return known
  }
}
