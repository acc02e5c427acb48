/**
 * What the scheduler's rules read out of a pod, computed once for all pods that no rule can tell apart: those of one template,
 * as a rule. A cluster of 150,000 pods has a few hundred of them.
 */
import type { JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, PodObject, PodSpec } from "../../event/KubernetesObject.ts"
import { entries } from "../apiserver/fields.ts"
import { type Labelled, type PodAffinity, podAffinityOf } from "./affinityTerms.ts"
import { nonZeroRequests, podRequests, type Resources } from "./Resources.ts"
import { claimNames } from "./volumeClaims.ts"

/** A port that a pod takes on the node itself. */
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

/** The object that made a pod, as far as it says what the pod belongs to. */
export interface ControllerName {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

export interface PodClass extends Labelled {
  readonly key: string
  /** It is being deleted: it does not count any more where pods are spread. */
  readonly terminating: boolean
  readonly controller: ControllerName | undefined
  readonly requests: Resources
  readonly nonZero: Resources
  readonly hostPorts: ReadonlyArray<HostPort>
  readonly affinity: PodAffinity
  /** The names of its claims. */
  readonly claims: ReadonlyArray<string>
}

/** Regular containers, and init containers that stay (`pkg/scheduler/util/utils.go`, GetHostPorts). */
const hostPortsOf = (spec: PodSpec): ReadonlyArray<HostPort> => {
  const staying = (spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always")
  return [...staying, ...spec.containers].flatMap((container) =>
    entries(container, "ports")
      .filter((port) => Number(port["hostPort"] ?? 0) > 0)
      .map((port) => ({
        ip: String(port["hostIP"] ?? "") || "0.0.0.0",
        protocol: String(port["protocol"] ?? "") || "TCP",
        port: Number(port["hostPort"])
      }))
  )
}

const controllerOf = ({ metadata }: PodObject): ControllerName | undefined => {
  const owners = (metadata["ownerReferences"] ?? []) as ReadonlyArray<JsonObject>
  const owner = owners.find(({ controller }) => controller === true)
  return owner === undefined
    ? undefined
    : { apiVersion: String(owner["apiVersion"]), kind: String(owner["kind"]), name: String(owner["name"]) }
}

/** Of a container. */
const partsOf = ({ image, resources, restartPolicy, ...rest }: ContainerSpec): ReadonlyArray<unknown> => [
  image,
  resources,
  restartPolicy,
  rest["ports"]
]

/** Volumes that say nothing of where the pod may be. */
const anywhere = new Set(["emptyDir", "configMap", "secret", "projected", "downwardAPI", "hostPath"])

const isAnywhere = (volume: JsonObject): boolean =>
  Object.keys(volume).every((key) => key === "name" || anywhere.has(key))

/** The volumes of a kind that a node or its zone may not have; named after the pod when they are made for it. */
const volumesOf = ({ metadata, spec }: PodObject): unknown => {
  const bound = entries(spec, "volumes").filter((volume) => !isAnywhere(volume))
  return bound.some(({ ephemeral }) => ephemeral !== undefined) ? [metadata.name, bound] : bound
}

const keyOf = (pod: PodObject, controller: ControllerName | undefined): string => {
  const { metadata, spec } = pod
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    metadata.deletionTimestamp !== undefined,
    controller,
    spec.containers.map(partsOf),
    spec.initContainers?.map(partsOf),
    spec.nodeSelector,
    spec["affinity"],
    spec.tolerations,
    spec["topologySpreadConstraints"],
    spec["overhead"],
    spec["resources"],
    volumesOf(pod)
  ])
}

const newClass = (pod: PodObject, key: string, controller: ControllerName | undefined): PodClass => ({
  key,
  controller,
  namespace: pod.metadata.namespace ?? "",
  labels: pod.metadata.labels ?? {},
  terminating: pod.metadata.deletionTimestamp !== undefined,
  requests: podRequests(pod.spec),
  nonZero: nonZeroRequests(pod.spec),
  hostPorts: hostPortsOf(pod.spec),
  affinity: podAffinityOf(pod),
  claims: claimNames(pod)
})

/** Of a pod that is looked at alone: its key is made only if somebody asks for it. */
export const loneClass = (pod: PodObject): PodClass => {
  const controller = controllerOf(pod)
  return {
    ...newClass(pod, "", controller),
    get key() {
      return keyOf(pod, controller)
    }
  }
}

/** More classes than this are forgotten: those that are still needed come again. */
const MANY = 20_000

/** The classes that were met so far. */
export class PodClasses {
  readonly #known = new Map<string, PodClass>()

  of(pod: PodObject): PodClass {
    const controller = controllerOf(pod)
    const key = keyOf(pod, controller)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= MANY) this.#known.clear()
    const made = newClass(pod, key, controller)
    this.#known.set(key, made)
    return made
  }
}
