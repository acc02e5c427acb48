/**
 * Volumes that a node has to have attached before it can mount them (`pkg/kubelet/volumemanager/volume_manager.go`, GetVolumesInUse;
 * `pkg/kubelet/volumemanager/reconciler`, waitForVolumeAttach). The kubelet says that it will use them, the attach-detach
 * controller says that they are there.
 */
import { type Instant, later, MILLISECOND, type Micros, type NodeObject, SECOND } from "@kubereel/core"
import { Alarm } from "../engine/Alarm.ts"
import type { Engine } from "../engine/Engine.ts"

/** The reconciler's loop, and how long a pod's sync waits for it. */
const LOOP: Micros = 100 * MILLISECOND
const TIMEOUT: Micros = 123 * SECOND

export interface AttachedVolumesOptions {
  readonly engine: Engine
  readonly entity: string
  /** By volume, the pods that use it: what is mounted outlives the process. */
  readonly inUse: Map<string, Set<string>>
  /** The Node as the API server has it; `undefined`: nobody can be asked. */
  readonly getNode: () => NodeObject | undefined
  /** The next report of the node has something to say. */
  readonly changed: () => void
}

const attachedTo = (node: NodeObject | undefined): ReadonlySet<string> =>
  new Set(((node?.status["volumesAttached"] ?? []) as ReadonlyArray<{ readonly name: string }>).map(({ name }) => name))

export class AttachedVolumes {
  readonly #o: AttachedVolumesOptions
  /** What this process has said to be in use (MarkVolumesAsReportedInUse). */
  #reported: ReadonlySet<string> = new Set()
  readonly #looks = new Set<() => void>()

  constructor(options: AttachedVolumesOptions) {
    this.#o = options
  }

  /** All that is used, or will be: the report of the node names it. */
  get inUse(): ReadonlyArray<string> {
    return [...this.#o.inUse.keys()].sort()
  }

  reported(volumes: ReadonlyArray<string>): void {
    this.#reported = new Set(volumes)
    this.heard()
  }

  /** The Node changed. */
  heard(): void {
    for (const look of [...this.#looks]) look()
  }

  want(uid: string, volumes: ReadonlyArray<string>): void {
    const { changed, inUse } = this.#o
    for (const volume of volumes) {
      const pods = inUse.get(volume) ?? new Set()
      if (!inUse.has(volume)) changed()
      inUse.set(volume, pods.add(uid))
    }
  }

  /** Nothing of the pod is mounted any more. */
  release(uid: string): void {
    const { changed, inUse } = this.#o
    for (const [volume, pods] of [...inUse]) {
      if (!pods.delete(uid) || pods.size > 0) continue
      inUse.delete(volume)
      changed()
    }
  }

  areAttached(volumes: ReadonlyArray<string>): boolean {
    if (volumes.length === 0) return true
    const attached = attachedTo(this.#o.getNode())
    return volumes.every((volume) => this.#reported.has(volume) && attached.has(volume))
  }

  /** Answers whether they came in time. What is returned calls the wait off. */
  whenAttached(volumes: ReadonlyArray<string>, run: (attached: boolean) => void): () => void {
    const { engine, entity } = this.#o
    const began = engine.now
    const deadline = later(began, TIMEOUT)
    const stop = (): void => {
      this.#looks.delete(wake)
      alarm.set(undefined)
    }
    const look = (): void => {
      const attached = this.areAttached(volumes)
      if (!attached && engine.now < deadline) return alarm.set(deadline)
      stop()
      run(attached)
    }
    const alarm = new Alarm(engine, entity, look)
    const wake = (): void => {
      const loop = began + (Math.floor((engine.now - began) / LOOP) + 1) * LOOP
      alarm.set(Math.min(loop, deadline) as Instant)
    }
    this.#looks.add(wake)
    wake()
    return stop
  }
}
