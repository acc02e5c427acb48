/** Keeps the EndpointSlices of services (`pkg/controller/endpointslice/endpointslice_controller.go`; C-338…C-341). */
import {
  CONTROLLER_NAME,
  type Instant,
  type KubernetesObject,
  reconcileSlices,
  SECOND,
  type SliceChanges,
  specOf,
  TRIGGER_TIME,
  toTime
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf, splitKey } from "../keys.ts"
import { isNamespaceTerminating } from "../PodControl.ts"
import { EndpointSliceTracker } from "./EndpointSliceTracker.ts"
import { watchManagedSlices } from "./managedSlices.ts"
import { podsOfService, watchServices } from "./servicesOfPods.ts"
import { TriggerTimeTracker } from "./TriggerTimeTracker.ts"

const WORKERS = 5
const MOST_RETRIES = 15
/** defaultSyncBackOff, maxSyncBackOff. */
const BACK_OFF = { first: SECOND, most: 1_000 * SECOND }
/** endpointSliceChangeMinSyncDelay. */
const SLICE_DELAY = SECOND
const ZONE = "topology.kubernetes.io/zone"

class EndpointSliceController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #tracker = new EndpointSliceTracker()
  readonly #slicesOf: (service: string) => ReadonlyArray<KubernetesObject>
  readonly #triggers = new TriggerTimeTracker()

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    const sync = (key: string) => this.#syncOrGiveUp(key)
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync, backOff: BACK_OFF })
    informers.on("Node", {})
    watchServices(informers, (key) => this.#queue.add(key))
    this.#slicesOf = watchManagedSlices({
      informers,
      manager: CONTROLLER_NAME,
      tracker: this.#tracker,
      wake: (key) => this.#queue.addAfter(key, SLICE_DELAY)
    })
  }

  *#syncOrGiveUp(key: string): Course<Synced> {
    const synced = yield* this.#sync(key)
    return synced === "retry" && this.#queue.numRequeues(key) >= MOST_RETRIES ? undefined : synced
  }

  *#sync(key: string): Course<Synced> {
    const { informers } = this.#tools
    const service = informers.get("Service", ...splitKey(key))
    if (service === undefined) {
      this.#triggers.deleteService(key)
      this.#tracker.deleteService(key)
      return undefined
    }
    const { selector, type } = specOf(service)
    if (type === "ExternalName" || selector === undefined) return undefined
    const pods = podsOfService(informers, service)
    const slices = this.#slicesOf(key)
    if (this.#tracker.isStale(key, slices)) return "retry"
    const trigger = this.#triggers.triggerTime(key, service, pods)
    const zoneOf = (name: string) => {
      const node = informers.get("Node", undefined, name)
      return node === undefined ? undefined : (node.metadata.labels?.[ZONE] ?? "")
    }
    const changes = reconcileSlices({ service, pods, zoneOf }, slices)
    return yield* this.#carryOut(service, changes, trigger)
  }

  *#carryOut(service: KubernetesObject, changes: SliceChanges, trigger: Instant | undefined): Course<Synced> {
    const { client } = this.#tools
    const key = keyOf(service)
    const isLeaving = service.metadata.deletionTimestamp !== undefined
    for (const slice of isLeaving ? [] : changes.create) {
      const answer = yield* client.create(stamped(slice, trigger), service.metadata.namespace ?? "")
      const refusal = refusalOf(answer)
      if (refusal !== undefined)
        return isNamespaceTerminating(refusal) ? undefined : this.#failed(service, "create", "", refusal.message)
      this.#tracker.update(key, storedOf(answer))
    }
    for (const slice of changes.update) {
      const answer = yield* client.update(stamped(slice, trigger))
      const refusal = refusalOf(answer)
      if (refusal !== undefined) return this.#failed(service, "update", `${slice.metadata.name} `, refusal.message)
      this.#tracker.update(key, storedOf(answer))
    }
    for (const slice of changes.remove) {
      const { name, namespace = "" } = slice.metadata
      const refusal = refusalOf(yield* client.delete({ kind: "EndpointSlice", namespace, name }))
      if (refusal !== undefined) return this.#failed(service, "delete", `${name} `, refusal.message)
      this.#tracker.expectDeletion(key, slice)
    }
    const [lost] = changes.withoutNode
    if (lost === undefined) return undefined
    const why = `skipping Pod ${lost.metadata.name} for Service ${key}: Node ${lost.spec.nodeName ?? ""} Not Found`
    return this.#tell(service, why)
  }

  #failed(service: KubernetesObject, verb: string, slice: string, why: string | undefined): Synced {
    return this.#tell(service, `failed to ${verb} ${slice}EndpointSlice for Service ${keyOf(service)}: ${why}`)
  }

  #tell(service: KubernetesObject, why: string): Synced {
    const message = `Error updating Endpoint Slices for Service ${keyOf(service)}: ${why}`
    this.#tools.events.record(eventAbout(service, "Warning", "FailedToUpdateEndpointSlices", message))
    return "retry"
  }
}

/** addTriggerTimeAnnotation: or none, if nothing has changed that has a time. */
const stamped = (slice: KubernetesObject, trigger: Instant | undefined): KubernetesObject => {
  const { annotations, ...rest } = slice.metadata
  const { [TRIGGER_TIME]: _, ...others } = annotations ?? {}
  const next = trigger === undefined ? others : { ...others, [TRIGGER_TIME]: toTime(trigger) }
  return { ...slice, metadata: { ...rest, ...(Object.keys(next).length === 0 ? {} : { annotations: next }) } }
}

export const startEndpointSliceController = (context: ControllerContext): void => {
  new EndpointSliceController(controllerTools(context, "endpointslice", "endpoint-slice-controller"))
}
