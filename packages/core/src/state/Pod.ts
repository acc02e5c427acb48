/** What is true of one pod: everything its API object says, taken apart so that rules can read it and `render` can say it again. */
import type { Json, JsonObject } from "../event/Json.ts"
import type { ObjectMeta, PodSpec, ResourceList, ResourceRequirements } from "../event/KubernetesObject.ts"
import type { ContainerKind, ContainerState } from "../event/PodEvent.ts"

/** One entry of a status's list of containers. A field that is `undefined` is absent in the JSON. */
export interface Container {
  readonly kind: ContainerKind
  readonly name: string
  /** `undefined`: the field `state` is absent; `NoState`: it is `{}`. The same for `lastState`. */
  readonly state: ContainerState | undefined
  readonly lastState: ContainerState | undefined
  readonly ready: boolean
  readonly started: boolean | undefined
  readonly restartCount: number
  readonly image: string
  readonly imageID: string
  readonly containerID: string | undefined
  readonly allocatedResources: ResourceList | undefined
  readonly allocatedResourcesStatus: ReadonlyArray<Json> | undefined
  readonly resources: ResourceRequirements | undefined
  readonly volumeMounts: ReadonlyArray<JsonObject> | undefined
  readonly user: JsonObject | undefined
  readonly stopSignal: string | undefined
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly observedGeneration: number | undefined
  /** `undefined`: absent; Kubernetes before 1.37 writes `null`. */
  readonly lastProbeTime: string | null | undefined
  readonly lastTransitionTime: string | null | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
}

/** A part of the status that the words cannot say: it is laid over what `render` makes of them. */
export interface Overlay {
  readonly path: ReadonlyArray<string | number>
  readonly value?: Json | undefined
}

export interface Pod {
  /** `Pod`; `undefined` where the object does not say it (an item of a PodList). */
  readonly kind: string | undefined
  readonly apiVersion: string | undefined
  readonly metadata: ObjectMeta
  readonly spec: PodSpec
  /**
   * Fields of the object beside apiVersion, kind, metadata, spec and status. One of those names stands here only where the
   * object is not as Kubernetes writes it (`spec: null`; `undefined`: the field is absent): this then is what it says.
   */
  readonly others: JsonObject
  /** `false` once the object is gone from the API. */
  readonly present: boolean
  readonly phase: string | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly observedGeneration: number | undefined
  readonly nominatedNodeName: string | undefined
  readonly startTime: string | undefined
  readonly hostIP: string | undefined
  readonly hostIPs: ReadonlyArray<JsonObject> | undefined
  readonly podIP: string | undefined
  readonly podIPs: ReadonlyArray<JsonObject> | undefined
  readonly qosClass: string | undefined
  readonly resources: ResourceRequirements | undefined
  readonly allocatedResources: ResourceList | undefined
  readonly conditions: ReadonlyArray<Condition>
  readonly containers: ReadonlyArray<Container>
  readonly rest: ReadonlyArray<Overlay>
  /** Events that did not apply (a death of a container that is not listed, say): they change nothing else. */
  readonly anomalies: number
}

export const noOthers: JsonObject = Object.freeze({})
const nothing: ReadonlyArray<never> = Object.freeze([])

/** A pod of which nobody has said anything yet: where every fold begins. */
export const initialPod: Pod = Object.freeze({
  kind: undefined,
  apiVersion: undefined,
  metadata: Object.freeze({ name: "" }),
  spec: Object.freeze({ containers: nothing }),
  others: noOthers,
  present: false,
  phase: undefined,
  reason: undefined,
  message: undefined,
  observedGeneration: undefined,
  nominatedNodeName: undefined,
  startTime: undefined,
  hostIP: undefined,
  hostIPs: undefined,
  podIP: undefined,
  podIPs: undefined,
  qosClass: undefined,
  resources: undefined,
  allocatedResources: undefined,
  conditions: nothing,
  containers: nothing,
  rest: nothing,
  anomalies: 0
})
