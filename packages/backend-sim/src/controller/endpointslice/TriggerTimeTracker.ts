/** When what a Service leads to last changed (`k8s.io/endpointslice/util/trigger_time_tracker.go`). */
import { type Instant, type KubernetesObject, type PodObject, parseInstant } from "@kubereel/core"

export class TriggerTimeTracker {
  /** By the service's key: when each of its pods last became ready or unready, as of its last sync. */
  readonly #known = new Map<string, ReadonlyMap<string, Instant>>()

  /** ComputeEndpointLastChangeTriggerTime: the earliest change since the last sync; the service's own making at the first. */
  triggerTime(key: string, { metadata }: KubernetesObject, pods: ReadonlyArray<PodObject>): Instant | undefined {
    const before = this.#known.get(key)
    const now = new Map<string, Instant>()
    const changed: Array<Instant> = []
    for (const pod of pods) {
      const ready = pod.status.conditions?.find(({ type }) => type === "Ready")
      const at = parseInstant(ready?.lastTransitionTime ?? "")
      if (at === undefined) continue
      now.set(pod.metadata.name, at)
      if (at > (before?.get(pod.metadata.name) ?? 0)) changed.push(at)
    }
    this.#known.set(key, now)
    if (before === undefined) return parseInstant(metadata.creationTimestamp ?? "")
    return changed.length === 0 ? undefined : (Math.min(...changed) as Instant)
  }

  deleteService(key: string): void {
    this.#known.delete(key)
  }
}
