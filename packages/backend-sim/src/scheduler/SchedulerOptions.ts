/** What the scheduler needs of the world around it. */
import type { KubernetesObject, Micros, ObjectLookup, PodObject } from "@kubereel/core"
import type { PodStatusPatch } from "../apiserver/ApiServer.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { EventSink } from "./EventBroadcaster.ts"

export type Change = "ADDED" | "MODIFIED" | "DELETED"

/** What takes time: a watch event on its way, one cycle of the rules, and a write until it is stored. */
export type SchedulerLatency = "watch" | "cycle" | "bind" | "patch" | "event"

/** What the scheduler asks of the API server. */
export interface SchedulerApi {
  /** POST of `pods/{name}/binding`, with the pod's UID. The Status's message if it is refused. */
  readonly bind: (pod: PodObject, node: string) => string | undefined
  /** PATCH of the pod's status. `false`: there is no such pod any more. */
  readonly patchStatus: (pod: PodObject, patch: PodStatusPatch) => boolean
  /** PUT of a claim or a volume. The Status's message if it is refused. */
  readonly update: (object: KubernetesObject) => string | undefined
  /** DELETE of the pod with its own grace period. `false`: there is no such pod any more. */
  readonly deletePod: (pod: PodObject) => boolean
}

export interface SchedulerOptions {
  readonly engine: Engine
  readonly seed: number
  readonly api: SchedulerApi
  /** Everything that its informers know beside nodes and pods; absent: nothing. */
  readonly objects?: ObjectLookup
  readonly events: EventSink
  /** One draw of how long something takes. */
  readonly latency: (name: SchedulerLatency, random: RandomStream) => Micros
  /** The name of the machine that it runs on. */
  readonly host: string
  /** One draw of how long it is until a pod that is not simulated goes away; absent: there are none. */
  readonly elsewhere?: ((random: RandomStream) => Micros) | undefined
}
