/** When a pod's volumes are mounted and unmounted (`pkg/kubelet/volumemanager/volume_manager.go`). */
import { type Instant, later, MILLISECOND, type Micros, type Pod } from "@kubereel/core"
import type { Engine, Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"

/** The waits look at the volumes now and then at every such poll. */
const POLL: Micros = 300 * MILLISECOND

/** Calls a wait off: the only part of a sync that the end of the pod interrupts (K-013). */
export type Interrupt = () => void

export class VolumeManager {
  readonly #engine: Engine
  readonly #profile: NodeProfile
  readonly #mounted = new Set<string>()

  constructor(engine: Engine, profile: NodeProfile) {
    this.#engine = engine
    this.#profile = profile
  }

  /** WaitForAttachAndMount: answers at once (`undefined`) when everything is mounted already. */
  whenMounted(pod: Pod, random: RandomStream, run: () => void): Interrupt | undefined {
    const uid = pod.metadata.uid ?? ""
    if (this.#mounted.has(uid)) {
      run()
      return undefined
    }
    const wait: Handle = this.#engine.after(
      `volumes/${uid}`,
      quantile(this.#profile.volumeMount, random.next()),
      () => {
        this.#mounted.add(uid)
        run()
      }
    )
    return () => this.#engine.cancel(wait)
  }

  /** WaitForUnmount: unmounting began when the last container was gone, at `since`. */
  whenUnmounted(pod: Pod, random: RandomStream, since: Instant, run: () => void): void {
    const uid = pod.metadata.uid ?? ""
    this.#mounted.delete(uid)
    const done = later(since, quantile(this.#profile.volumeUnmount, random.next()))
    const missing = done - this.#engine.now
    this.#engine.after(`volumes/${uid}`, missing <= 0 ? 0 : Math.ceil(missing / POLL) * POLL, run)
  }
}
