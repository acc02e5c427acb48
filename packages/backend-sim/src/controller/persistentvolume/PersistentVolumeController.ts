/** Binds claims to volumes (`pkg/controller/volume/persistentvolume/pv_controller_base.go`). */
import {
  claimKeyOf,
  claimRefOf,
  type Instant,
  isFullyBound,
  type KubernetesObject,
  later,
  SECOND,
  volumeNameOf
} from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { indexPodsByClaim, keyOf, splitKey } from "../keys.ts"
import { PeriodicPasses } from "../PeriodicPasses.ts"
import { Provisioning } from "./Provisioning.ts"
import { syncClaim } from "./syncClaim.ts"
import { syncVolume } from "./syncVolume.ts"
import { VolumeWriter } from "./VolumeWriter.ts"

/** `--pvclaimbinder-sync-period`: all claims and volumes are looked at again that often. */
const RESYNC = 15 * SECOND

class PersistentVolumeController {
  readonly #tools: ControllerTools
  readonly #writer: VolumeWriter
  readonly #claimQueue: WorkQueue
  readonly #volumeQueue: WorkQueue
  readonly #resyncs: PeriodicPasses
  /** Claims that have no volume for good: of the others a resync has nothing to say. */
  readonly #unbound = new Set<string>()

  constructor(tools: ControllerTools) {
    const { engine, entity, informers, random } = tools
    this.#tools = tools
    this.#writer = new VolumeWriter(tools)
    const provisioning = new Provisioning(tools, this.#writer)
    const provision = (claim: KubernetesObject) => provisioning.start(claim)
    const writer = this.#writer
    this.#claimQueue = new WorkQueue({
      engine,
      entity: `${entity}/claims`,
      workers: 1,
      sync: (key) => this.#syncClaim(key, { tools, writer, provision })
    })
    this.#volumeQueue = new WorkQueue({
      engine,
      entity: `${entity}/volumes`,
      workers: 1,
      sync: (key) => this.#syncVolume(key, { tools, writer, wakeClaim: (claim) => this.#claimQueue.add(claim) })
    })
    this.#resyncs = new PeriodicPasses({
      engine,
      entity: `${entity}/resync`,
      period: RESYNC,
      phase: random.int(RESYNC),
      pass: () => this.#resync(),
      due: () => this.#due()
    })
    indexPodsByClaim(informers)
    informers.on("StorageClass", {})
    informers.on(
      "PersistentVolume",
      this.#enqueue(this.#volumeQueue, () => {})
    )
    informers.on(
      "PersistentVolumeClaim",
      this.#enqueue(this.#claimQueue, (claim, gone) => this.#known(claim, gone))
    )
  }

  #enqueue(queue: WorkQueue, heard: (object: KubernetesObject, gone: boolean) => void) {
    const add = (object: KubernetesObject, gone = false): void => {
      heard(object, gone)
      queue.add(keyOf(object))
    }
    return {
      added: (object: KubernetesObject) => add(object),
      updated: (object: KubernetesObject) => add(object),
      deleted: (object: KubernetesObject) => add(object, true)
    }
  }

  #known(claim: KubernetesObject, gone: boolean): void {
    if (gone || isFullyBound(claim)) this.#unbound.delete(keyOf(claim))
    else this.#unbound.add(keyOf(claim))
    this.#resyncs.plan()
  }

  #due(): Instant | undefined {
    // Not once more at this very moment.
    return this.#unbound.size === 0 ? undefined : later(this.#tools.engine.now, 1)
  }

  *#resync(): Course {
    for (const key of this.#unbound) this.#claimQueue.add(key)
    yield 0
  }

  *#syncClaim(key: string, sync: Parameters<typeof syncClaim>[0]): Course<Synced> {
    const { claims } = this.#writer
    const [namespace, name] = splitKey(key)
    const claim = this.#tools.informers.get("PersistentVolumeClaim", namespace, name)
    if (claim !== undefined) return !claims.store(claim) || (yield* syncClaim(sync, claim)) ? undefined : "retry"
    const known = claims.get(key)
    claims.delete(key)
    if (known !== undefined && volumeNameOf(known) !== "") this.#volumeQueue.add(`/${volumeNameOf(known)}`)
    return undefined
  }

  *#syncVolume(key: string, sync: Parameters<typeof syncVolume>[0]): Course<Synced> {
    const { volumes } = this.#writer
    const volume = this.#tools.informers.get("PersistentVolume", undefined, splitKey(key)[1])
    if (volume !== undefined) return !volumes.store(volume) || (yield* syncVolume(sync, volume)) ? undefined : "retry"
    const ref = claimRefOf(volumes.get(key) ?? NO_VOLUME)
    volumes.delete(key)
    if (ref !== undefined) this.#claimQueue.add(claimKeyOf(ref))
    return undefined
  }
}

const NO_VOLUME: KubernetesObject = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "" } }

export const startPersistentVolumeController = (context: ControllerContext): void => {
  new PersistentVolumeController(controllerTools(context, "persistentvolume", "persistentvolume-controller"))
}
