/** Mirrors the Endpoints of Services without a selector in EndpointSlices (`pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go`). */
import {
  isMirrored,
  type KubernetesObject,
  MIRRORING_CONTROLLER,
  type Mirrored,
  mirrorEndpoints,
  SECOND,
  specOf
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { EndpointSliceTracker } from "../endpointslice/EndpointSliceTracker.ts"
import { watchManagedSlices } from "../endpointslice/managedSlices.ts"
import { keyOf, splitKey } from "../keys.ts"
import { isNamespaceTerminating } from "../PodControl.ts"

const WORKERS = 5
const MOST_RETRIES = 15
/** defaultSyncBackOff, maxSyncBackOff. */
const BACK_OFF = { first: SECOND, most: 100 * SECOND }
const MOST_PER_SUBSET = 1_000

const isBare = (service: KubernetesObject): boolean => specOf(service)["selector"] === undefined

class EndpointSliceMirroringController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #tracker = new EndpointSliceTracker()
  readonly #slicesOf: (service: string) => ReadonlyArray<KubernetesObject>

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    const sync = (key: string) => this.#syncOrGiveUp(key)
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync, backOff: BACK_OFF })
    const wakeIf = (wanted: boolean, object: KubernetesObject): void => {
      if (wanted) this.#queue.add(keyOf(object))
    }
    informers.on("Endpoints", {
      added: (endpoints) => wakeIf(isMirrored(endpoints), endpoints),
      updated: (endpoints, old) => wakeIf(isMirrored(endpoints) || isMirrored(old), endpoints),
      deleted: (endpoints) => wakeIf(isMirrored(endpoints), endpoints)
    })
    this.#slicesOf = watchManagedSlices({
      informers,
      manager: MIRRORING_CONTROLLER,
      tracker: this.#tracker,
      wake: (key) => this.#queue.add(key)
    })
    informers.on("Service", {
      added: (service) => wakeIf(isBare(service), service),
      updated: (service, old) => wakeIf(isBare(service) !== isBare(old), service),
      deleted: (service) => wakeIf(isBare(service), service)
    })
  }

  *#syncOrGiveUp(key: string): Course<Synced> {
    const synced = yield* this.#sync(key)
    return synced === "retry" && this.#queue.numRequeues(key) >= MOST_RETRIES ? undefined : synced
  }

  *#sync(key: string): Course<Synced> {
    const { informers } = this.#tools
    const endpoints = informers.get("Endpoints", ...splitKey(key))
    const service = informers.get("Service", ...splitKey(key))
    if (endpoints === undefined || !isMirrored(endpoints) || service === undefined || !isBare(service))
      return yield* this.#deleteMirrored(key)
    const slices = this.#slicesOf(key)
    if (this.#tracker.isStale(key, slices)) return "retry"
    const changes = mirrorEndpoints(endpoints, slices)
    this.#tellSkipped(endpoints, changes)
    return yield* this.#carryOut(key, endpoints, changes)
  }

  *#deleteMirrored(key: string): Course<Synced> {
    this.#tracker.deleteService(key)
    let failed = false
    for (const { metadata } of this.#slicesOf(key)) failed = !(yield* this.#delete(metadata)) || failed
    return failed ? "retry" : undefined
  }

  *#delete({ name, namespace = "" }: KubernetesObject["metadata"]): Course<boolean> {
    return refusalOf(yield* this.#tools.client.delete({ kind: "EndpointSlice", namespace, name })) === undefined
  }

  #tellSkipped(endpoints: KubernetesObject, { invalid, skipped }: Mirrored): void {
    const { events } = this.#tools
    const warn = (reason: string, message: string) => events.record(eventAbout(endpoints, "Warning", reason, message))
    if (invalid > 0)
      warn("InvalidIPAddress", `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`)
    if (skipped > invalid)
      warn(
        "TooManyAddressesToMirror",
        `A max of ${MOST_PER_SUBSET} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`
      )
  }

  *#carryOut(key: string, endpoints: KubernetesObject, { create, remove, update }: Mirrored): Course<Synced> {
    const { client } = this.#tools
    const isLeaving = endpoints.metadata.deletionTimestamp !== undefined
    for (const slice of isLeaving ? [] : create) {
      const answer = yield* client.create(slice, endpoints.metadata.namespace ?? "")
      const refusal = refusalOf(answer)
      if (refusal !== undefined) return isNamespaceTerminating(refusal) ? undefined : "retry"
      this.#tracker.update(key, storedOf(answer))
    }
    for (const slice of update) {
      const answer = yield* client.update(slice)
      if (refusalOf(answer) !== undefined) return "retry"
      this.#tracker.update(key, storedOf(answer))
    }
    for (const slice of remove) {
      if (!(yield* this.#delete(slice.metadata))) return "retry"
      this.#tracker.expectDeletion(key, slice)
    }
    return undefined
  }
}

export const startEndpointSliceMirroringController = (context: ControllerContext): void => {
  new EndpointSliceMirroringController(
    controllerTools(context, "endpointslicemirroring", "endpoint-slice-mirroring-controller")
  )
}
