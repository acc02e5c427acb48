/** Where a Service leads, as Endpoints (`pkg/controller/endpoint/endpoints_controller.go`, syncService). */
import type { Instant } from "../../../event/Instant.ts"
import { toTime } from "../../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { entries, specOf, text } from "../../apiserver/fields.ts"
import { endpointAddressesOf, findPort, isInEndpoints, setsHostname } from "../endpointslice/podToEndpoint.ts"
import { isPodReady } from "../podAvailability.ts"
import { repackSubsets } from "./repackSubsets.ts"
import { isOverCapacity, truncateSubsets } from "./truncateSubsets.ts"

const MANAGED_BY = "endpoints.kubernetes.io/managed-by"
const CONTROLLER_NAME = "endpoint-controller"
const HEADLESS = "service.kubernetes.io/headless"
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity"
export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time"

interface Texts {
  readonly [name: string]: string
}

const addressOf = (pod: PodObject, service: KubernetesObject): JsonObject | undefined => {
  const [ip] = endpointAddressesOf(pod)
  if (ip === undefined) return undefined
  const { name, namespace = "", uid = "" } = pod.metadata
  return {
    ip,
    ...(setsHostname(pod, service) ? { hostname: text(pod.spec, "hostname") } : {}),
    nodeName: pod.spec.nodeName ?? "",
    targetRef: { kind: "Pod", namespace, name, uid }
  }
}

/** A headless Service may have no ports. */
const portsOf = (service: KubernetesObject, pod: PodObject): ReadonlyArray<ReadonlyArray<JsonObject>> => {
  const spec = specOf(service)
  const ports = entries(spec, "ports")
  if (ports.length === 0) return spec["clusterIP"] === "None" ? [[]] : []
  return ports.flatMap((asked) => {
    const port = findPort(pod, asked)
    if (port === undefined) return []
    const [name, appProtocol] = [text(asked, "name"), text(asked, "appProtocol")]
    const given = { ...(name === "" ? {} : { name }), port, protocol: text(asked, "protocol") || "TCP" }
    return [[{ ...given, ...(appProtocol === "" ? {} : { appProtocol }) }]]
  })
}

const subsetsOf = (service: KubernetesObject, pods: ReadonlyArray<PodObject>): ReadonlyArray<JsonObject> => {
  const always = specOf(service)["publishNotReadyAddresses"] === true
  const subsets = pods
    .filter((pod) => isInEndpoints(pod, always))
    .flatMap((pod) => {
      const address = addressOf(pod, service)
      if (address === undefined) return []
      const list = always || isPodReady(pod) ? "addresses" : "notReadyAddresses"
      return portsOf(service, pod).map((ports) => ({ [list]: [address], ports }))
    })
  return repackSubsets(subsets)
}

const bare = (labels: Texts): Texts =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => key !== HEADLESS && key !== MANAGED_BY))

/** labelsCorrectForEndpoints. */
const labelled = (endpoints: KubernetesObject, service: KubernetesObject): boolean => {
  const labels = endpoints.metadata.labels ?? {}
  return labels[MANAGED_BY] === CONTROLLER_NAME && jsonEqual(bare(labels), service.metadata.labels ?? {})
}

const isSettled = (known: KubernetesObject, service: KubernetesObject, subsets: ReadonlyArray<JsonObject>): boolean => {
  const before = entries(known, "subsets")
  return (
    (jsonEqual(before, subsets) || jsonEqual(repackSubsets(before), subsets)) &&
    labelled(known, service) &&
    // What is over its capacity has to be cut short, and what is not says so no more.
    !isOverCapacity(before) &&
    known.metadata.annotations?.[OVER_CAPACITY] === undefined
  )
}

const labelsOf = ({ metadata, spec }: KubernetesObject): Texts => {
  const { [HEADLESS]: _, ...labels } = metadata.labels ?? {}
  const address = text((spec ?? {}) as JsonObject, "clusterIP")
  const headless = address === "" || address === "None" ? { [HEADLESS]: "" } : {}
  return { ...labels, ...headless, [MANAGED_BY]: CONTROLLER_NAME }
}

const annotationsOf = (known: Texts, trigger: Instant | undefined, truncated: boolean): Texts => {
  const { [TRIGGER_TIME]: _time, [OVER_CAPACITY]: _over, ...others } = known
  return {
    ...others,
    ...(trigger === undefined ? {} : { [TRIGGER_TIME]: toTime(trigger) }),
    ...(truncated ? { [OVER_CAPACITY]: "truncated" } : {})
  }
}

export interface ServiceEndpoints {
  readonly service: KubernetesObject
  /** Those that it selects. */
  readonly pods: ReadonlyArray<PodObject>
  /** When one of them changed since they were looked at last. */
  readonly trigger: Instant | undefined
}

/** The Endpoints to write; `undefined`: what is there says it already. `known`: what is there. */
export const endpointsOfService = (
  { pods, service, trigger }: ServiceEndpoints,
  known: KubernetesObject | undefined
): KubernetesObject | undefined => {
  const subsets = subsetsOf(service, pods)
  if (known !== undefined && isSettled(known, service, subsets)) return undefined
  const { name, namespace = "" } = service.metadata
  const truncated = isOverCapacity(subsets)
  const annotations = annotationsOf(known?.metadata.annotations ?? {}, trigger, truncated)
  const { annotations: _, ...metadata } = known?.metadata ?? { name, namespace }
  return {
    kind: "Endpoints",
    apiVersion: "v1",
    metadata: {
      ...metadata,
      labels: labelsOf(service),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations })
    },
    ...(subsets.length === 0 ? {} : { subsets: truncated ? truncateSubsets(subsets) : subsets })
  } as unknown as KubernetesObject
}
