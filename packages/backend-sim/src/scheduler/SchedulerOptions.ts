/** What the scheduler needs of the world around it. */
import type { KubernetesObject, Micros, PodCondition, PodObject } from "@kubereel/core"
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
  /** A claim that the scheduler's informer knows; absent: there are none. */
  readonly claim?: (namespace: string, name: string) => KubernetesObject | undefined
  /** PATCH of the pod's `status.conditions`; nothing happens if the pod is gone. */
  readonly patchConditions: (pod: PodObject, conditions: ReadonlyArray<PodCondition>) => void
}

export interface SchedulerOptions {
  readonly engine: Engine
  readonly seed: number
  readonly api: SchedulerApi
  readonly events: EventSink
  /** One draw of how long something takes. */
  readonly latency: (name: SchedulerLatency, random: RandomStream) => Micros
  /** The name of the machine that it runs on. */
  readonly host: string
  /** One draw of how long it is until a pod that is not simulated goes away; absent: there are none. */
  readonly elsewhere?: ((random: RandomStream) => Micros) | undefined
}
