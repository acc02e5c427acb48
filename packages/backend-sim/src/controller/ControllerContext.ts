/** What every controller gets from its manager (`cmd/kube-controller-manager/app/controllermanager.go`, ControllerContext). */
import type { KubernetesObject, KubernetesRelease, PodMetrics, PodObject } from "@kubereel/core"
import type { ApiServer } from "../apiserver/ApiServer.ts"
import type { Store } from "../apiserver/Store.ts"
import { Client } from "../client/Client.ts"
import { EventRecorder, type NewEvent } from "../client/EventRecorder.ts"
import { StoreEvents } from "../client/EventSink.ts"
import { RateLimiter } from "../client/RateLimiter.ts"
import type { SharedInformers } from "../client/SharedInformers.ts"
import type { Decisions } from "../defect/Decisions.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import type { ControlPlaneProfile } from "../profile/ControlPlaneProfile.ts"
import { quantile } from "../profile/quantiles.ts"

export interface ControllerContext {
  readonly engine: Engine
  readonly seed: number
  readonly api: ApiServer
  readonly store: Store
  readonly informers: SharedInformers
  readonly profile: ControlPlaneProfile
  readonly release: KubernetesRelease
  /** The resource metrics API: what metrics-server knows of a pod. */
  readonly podMetrics: (pod: PodObject) => PodMetrics | undefined
  readonly decide: Decisions
}

/** What one controller works with: nothing of it is shared but the caches. */
export interface ControllerTools {
  readonly engine: Engine
  /** `controller/replicaset`. */
  readonly entity: string
  readonly random: RandomStream
  readonly informers: SharedInformers
  readonly release: KubernetesRelease
  readonly decide: Decisions
  readonly client: Client
  readonly events: EventRecorder
}

/** Requests a second of each controller's client (`pkg/controller/apis/config/v1alpha1/defaults.go`; C-259). */
export const CLIENT_LIMIT = { qps: 20, burst: 30 }

/** `name`: the controller's folder in `pkg/controller`; `component`: how its Events name it (C-392); `limit`: if it may ask more. */
export const controllerTools = (
  context: ControllerContext,
  name: string,
  component: string,
  { burst, qps } = CLIENT_LIMIT
): ControllerTools => {
  const { api, decide, engine, informers, profile, release, seed, store } = context
  const entity = `controller/${name}`
  const random = stream(seed, entity)
  const answers = stream(seed, `${entity}/answers`)
  const eventRandom = stream(seed, `${entity}/events`)
  return {
    engine,
    entity,
    random,
    informers,
    release,
    decide,
    client: new Client({
      engine,
      api,
      limiter: new RateLimiter(qps, burst),
      manager: "kube-controller-manager",
      latency: (creates) =>
        quantile(creates === "Pod" ? profile.controllers.createPod : profile.controllers.request, random.next()),
      answer: () => quantile(profile.controllers.answer, answers.next())
    }),
    events: new EventRecorder({
      engine,
      entity: `${entity}/events`,
      random: eventRandom,
      sink: new StoreEvents({ engine, random: eventRandom, store, manager: "kube-controller-manager" }),
      write: profile.controllers.event,
      reachable: () => true,
      component
    })
  }
}

/** An Event about an object as a whole. */
export const eventAbout = (
  { apiVersion, kind, metadata }: KubernetesObject,
  type: NewEvent["type"],
  reason: string,
  message: string
): NewEvent => ({
  subject: {
    apiVersion,
    kind,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    uid: metadata.uid ?? "",
    resourceVersion: metadata.resourceVersion,
    fieldPath: undefined
  },
  type,
  reason,
  message
})
