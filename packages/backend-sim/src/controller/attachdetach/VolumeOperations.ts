/** At most one thing is done to a volume at a time, and what failed is tried again ever later (`pkg/volume/util/nestedpendingoperations`, `pkg/util/goroutinemap/exponentialbackoff`). */
import { type Attachable, type Instant, later, type Micros, nextVolumeBackOff } from "@kubereel/core"

interface Operation {
  running: boolean
  backOff: Micros | undefined
  retry: Instant
}

/** What many nodes may have is done for each node apart. */
const keyOf = (volume: Attachable, node: string): string =>
  volume.multiAttach ? `${volume.uniqueName} ${node}` : volume.uniqueName

export class VolumeOperations {
  readonly #operations = new Map<string, Operation>()

  isRunning(volume: Attachable, node: string): boolean {
    return this.#operations.get(keyOf(volume, node))?.running === true
  }

  /** From when on it may be begun; `undefined`: something is being done. */
  readyAt(volume: Attachable, node: string): Instant | undefined {
    const operation = this.#operations.get(keyOf(volume, node))
    if (operation === undefined) return 0 as Instant
    return operation.running ? undefined : operation.retry
  }

  begin(volume: Attachable, node: string): void {
    const key = keyOf(volume, node)
    const known = this.#operations.get(key)
    this.#operations.set(key, { running: true, backOff: known?.backOff, retry: 0 as Instant })
  }

  end(volume: Attachable, node: string, failedAt: Instant | undefined): void {
    const key = keyOf(volume, node)
    const known = this.#operations.get(key)
    if (failedAt === undefined || known === undefined) return void this.#operations.delete(key)
    known.running = false
    known.backOff = nextVolumeBackOff(known.backOff)
    known.retry = later(failedAt, known.backOff)
  }
}
