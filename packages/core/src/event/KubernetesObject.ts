/** Kubernetes' objects as JSON, typed as far as our rules look into them (`k8s.io/api/core/v1/types.go`). */
import type { Json, JsonObject } from "./Json.ts"

export interface OwnerReference extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
}

export interface ObjectMeta extends JsonObject {
  readonly name: string
  readonly namespace?: string
  readonly generateName?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: { readonly [key: string]: string }
  readonly annotations?: { readonly [key: string]: string }
  readonly finalizers?: ReadonlyArray<string>
  readonly ownerReferences?: ReadonlyArray<OwnerReference>
}

/** Any object of any kind. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

export interface ResourceList {
  readonly [resource: string]: string
}

export interface ResourceRequirements extends JsonObject {
  readonly limits?: ResourceList
  readonly requests?: ResourceList
}

export interface ContainerPort extends JsonObject {
  readonly name?: string
  readonly containerPort: number
}

export interface HTTPGetAction extends JsonObject {
  readonly path?: string
  readonly port: number | string
  readonly host?: string
  readonly scheme?: string
}

/** What a hook does: one of these. */
export interface LifecycleHandler extends JsonObject {
  readonly exec?: { readonly command?: ReadonlyArray<string> }
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string }
  readonly sleep?: { readonly seconds: number }
}

export interface Lifecycle extends JsonObject {
  readonly postStart?: LifecycleHandler
  readonly preStop?: LifecycleHandler
  readonly stopSignal?: string
}

/** What a container's exit with some exit code does, whatever its policy. */
export interface ContainerRestartRule extends JsonObject {
  /** `Restart` or `RestartAllContainers`. */
  readonly action: string
  readonly exitCodes?: { readonly operator: string; readonly values?: ReadonlyArray<number> }
}

/** One kind of question, and how often it is asked. */
export interface Probe extends JsonObject {
  readonly exec?: { readonly command?: ReadonlyArray<string> }
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string }
  readonly grpc?: { readonly port: number; readonly service?: string }
  readonly initialDelaySeconds?: number
  readonly timeoutSeconds?: number
  readonly periodSeconds?: number
  readonly successThreshold?: number
  readonly failureThreshold?: number
  readonly terminationGracePeriodSeconds?: number
}

export interface ContainerSpec extends JsonObject {
  readonly name: string
  readonly image: string
  readonly command?: ReadonlyArray<string>
  readonly args?: ReadonlyArray<string>
  readonly resources?: ResourceRequirements
  readonly restartPolicy?: string
  readonly restartPolicyRules?: ReadonlyArray<ContainerRestartRule>
  readonly startupProbe?: Probe
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly imagePullPolicy?: string
  readonly lifecycle?: Lifecycle
  readonly ports?: ReadonlyArray<ContainerPort>
  readonly env?: ReadonlyArray<JsonObject>
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: string
  readonly volumeMounts?: ReadonlyArray<JsonObject>
}

export interface Toleration extends JsonObject {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
  readonly tolerationSeconds?: number
}

export interface PodSpec extends JsonObject {
  readonly containers: ReadonlyArray<ContainerSpec>
  readonly initContainers?: ReadonlyArray<ContainerSpec>
  readonly ephemeralContainers?: ReadonlyArray<ContainerSpec>
  readonly nodeName?: string
  readonly nodeSelector?: { readonly [label: string]: string }
  readonly restartPolicy?: string
  readonly terminationGracePeriodSeconds?: number
  readonly activeDeadlineSeconds?: number
  readonly tolerations?: ReadonlyArray<Toleration>
  readonly schedulerName?: string
  readonly hostNetwork?: boolean
  readonly resources?: ResourceRequirements
  readonly volumes?: ReadonlyArray<JsonObject>
}

export interface PodCondition extends JsonObject {
  readonly type: string
  readonly status: string
  readonly observedGeneration?: number
  readonly lastProbeTime?: string | null
  readonly lastTransitionTime?: string | null
  readonly reason?: string
  readonly message?: string
}

export interface ContainerStateJson extends JsonObject {
  readonly waiting?: JsonObject
  readonly running?: JsonObject
  readonly terminated?: JsonObject
}

export interface ContainerStatus extends JsonObject {
  readonly name: string
  readonly state?: ContainerStateJson
  readonly lastState?: ContainerStateJson
  readonly ready: boolean
  readonly restartCount: number
  readonly image: string
  readonly imageID: string
  readonly containerID?: string
  readonly started?: boolean
  readonly allocatedResources?: ResourceList
  readonly resources?: ResourceRequirements
  readonly volumeMounts?: ReadonlyArray<JsonObject>
  readonly user?: JsonObject
}

export interface PodStatus extends JsonObject {
  readonly observedGeneration?: number
  readonly phase?: string
  readonly conditions?: ReadonlyArray<PodCondition>
  readonly message?: string
  readonly reason?: string
  readonly nominatedNodeName?: string
  readonly hostIP?: string
  readonly hostIPs?: ReadonlyArray<JsonObject>
  readonly podIP?: string
  readonly podIPs?: ReadonlyArray<JsonObject>
  readonly startTime?: string
  readonly initContainerStatuses?: ReadonlyArray<ContainerStatus>
  readonly containerStatuses?: ReadonlyArray<ContainerStatus>
  readonly ephemeralContainerStatuses?: ReadonlyArray<ContainerStatus>
  readonly qosClass?: string
  readonly allocatedResources?: ResourceList
  readonly resources?: ResourceRequirements
}

export interface PodObject extends KubernetesObject {
  readonly kind: "Pod"
  readonly spec: PodSpec
  readonly status: PodStatus
}

export const isPod = (object: KubernetesObject): object is PodObject => object.kind === "Pod"

/** Names one life of an object: a name may live several times, a UID once. */
export interface PodRef {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

export const refOf = (object: KubernetesObject): PodRef => ({
  namespace: object.metadata.namespace ?? "",
  name: object.metadata.name,
  uid: object.metadata.uid ?? ""
})

export const asObject = (value: Json): KubernetesObject => value as unknown as KubernetesObject
