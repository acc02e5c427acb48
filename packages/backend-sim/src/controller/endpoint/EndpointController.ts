/** Keeps the Endpoints of services, as they were before there were EndpointSlices (`pkg/controller/endpoint/endpoints_controller.go`). */
import { endpointsOfService, type KubernetesObject, specOf } from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { podsOfService, watchServices } from "../endpointslice/servicesOfPods.ts"
import { TriggerTimeTracker } from "../endpointslice/TriggerTimeTracker.ts"
import { keyOf, splitKey } from "../keys.ts"
import { isNamespaceTerminating } from "../PodControl.ts"

const WORKERS = 5
const MOST_RETRIES = 15

class EndpointController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #triggers = new TriggerTimeTracker()
  /** The versions that were written over: a cache that shows one of them is behind (staleEndpointsTracker). */
  readonly #stale = new Map<string, string>()

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#syncOrGiveUp(key) })
    watchServices(informers, (key) => this.#queue.add(key))
    informers.on("Endpoints", { deleted: (endpoints) => this.#queue.add(keyOf(endpoints)) })
  }

  *#syncOrGiveUp(key: string): Course<Synced> {
    const synced = yield* this.#sync(key)
    return synced === "retry" && this.#queue.numRequeues(key) >= MOST_RETRIES ? undefined : synced
  }

  *#sync(key: string): Course<Synced> {
    const { informers } = this.#tools
    const service = informers.get("Service", ...splitKey(key))
    if (service === undefined) return yield* this.#forget(key)
    const { selector, type } = specOf(service)
    // What no selector says, people write by hand.
    if (type === "ExternalName" || selector === undefined) return undefined
    const pods = podsOfService(informers, service)
    const trigger = this.#triggers.triggerTime(key, service, pods)
    const known = informers.get("Endpoints", ...splitKey(key))
    if (known !== undefined && this.#stale.get(key) === known.metadata.resourceVersion) return "retry"
    const next = endpointsOfService({ service, pods, trigger }, known)
    return next === undefined ? undefined : yield* this.#write(service, known, next)
  }

  *#forget(key: string): Course<Synced> {
    const [namespace, name] = splitKey(key)
    const refusal = refusalOf(yield* this.#tools.client.delete({ kind: "Endpoints", namespace, name }))
    if (refusal !== undefined && refusal.code !== 404) return "retry"
    this.#triggers.deleteService(key)
    this.#stale.delete(key)
    return undefined
  }

  *#write(service: KubernetesObject, known: KubernetesObject | undefined, next: KubernetesObject): Course<Synced> {
    const { client, events } = this.#tools
    const { name, namespace = "" } = service.metadata
    const answer = yield* known === undefined ? client.create(next, namespace) : client.update(next)
    const refusal = refusalOf(answer)
    const before = known?.metadata.resourceVersion
    if (refusal === undefined) {
      if (before !== undefined && storedOf(answer)?.metadata.resourceVersion !== before)
        this.#stale.set(keyOf(service), before)
      return undefined
    }
    if (known === undefined && isNamespaceTerminating(refusal)) return undefined
    const [reason, what] =
      known === undefined
        ? ["FailedToCreateEndpoint", `create endpoint for service ${namespace}/${name}`]
        : ["FailedToUpdateEndpoint", `update endpoint ${namespace}/${name}`]
    events.record(eventAbout(next, "Warning", reason, `Failed to ${what}: ${refusal.message}`))
    return "retry"
  }
}

export const startEndpointController = (context: ControllerContext): void => {
  new EndpointController(controllerTools(context, "endpoint", "endpoint-controller"))
}
