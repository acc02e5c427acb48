/** Which slices a service should have, and what has to be done for it (`k8s.io/endpointslice/reconciler.go`; C-341). */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import { controllerRef, generatedPrefix } from "../podOfTemplate.ts"
import { endpointPorts, isInEndpoints, podToEndpoint, portKey } from "./podToEndpoint.ts"
import { withHints } from "./trafficDistribution.ts"

export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
export const SERVICE_NAME = "kubernetes.io/service-name"
export const CONTROLLER_NAME = "endpointslice-controller.k8s.io"
const HEADLESS = "service.kubernetes.io/headless"
const MOST_ENDPOINTS = 100

const reserved = new Set([MANAGED_BY, SERVICE_NAME, HEADLESS])

export interface SliceChanges {
  readonly create: ReadonlyArray<KubernetesObject>
  readonly update: ReadonlyArray<KubernetesObject>
  readonly remove: ReadonlyArray<KubernetesObject>
  /** Pods whose node is not there: left out for now. */
  readonly withoutNode: ReadonlyArray<PodObject>
}

export interface ServicePods {
  readonly service: KubernetesObject
  /** Those that its selector selects. */
  readonly pods: ReadonlyArray<PodObject>
  /** The zone of a node, "" if it has none; `undefined`: there is no such node. */
  readonly zoneOf: (node: string) => string | undefined
}

const own = (labels: { readonly [key: string]: string } | undefined) =>
  Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !reserved.has(key)))

/** setEndpointSliceLabels. */
const labelsOf = (service: KubernetesObject): { readonly [key: string]: string } => {
  const address = text(mapping(service, "spec"), "clusterIP")
  return {
    ...own(service.metadata.labels),
    ...(address === "" || address === "None" ? { [HEADLESS]: "" } : {}),
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: CONTROLLER_NAME
  }
}

const newSlice = (service: KubernetesObject, ports: ReadonlyArray<JsonObject>): KubernetesObject => {
  const { name, namespace = "" } = service.metadata
  const metadata = {
    generateName: generatedPrefix(name),
    namespace,
    labels: labelsOf(service),
    ownerReferences: [controllerRef(service)]
  }
  return {
    kind: "EndpointSlice",
    apiVersion: "discovery.k8s.io/v1",
    metadata,
    addressType: "IPv4",
    endpoints: [],
    ports
  } as unknown as KubernetesObject
}

const isOwned = (slice: KubernetesObject, service: KubernetesObject): boolean =>
  slice.metadata.ownerReferences?.some(({ kind, uid }) => kind === "Service" && uid === service.metadata.uid) === true

/** hashEndpoint: the same endpoint, whatever its conditions. */
export const endpointIdentity = (endpoint: JsonObject): string => {
  const { name, namespace } = mapping(endpoint, "targetRef")
  return JSON.stringify([endpoint["addresses"] ?? [], text(endpoint, "hostname"), namespace ?? "", name ?? ""])
}

/** EndpointsEqualBeyondHash. */
export const isSameEndpoint = (a: JsonObject, b: JsonObject): boolean =>
  ["nodeName", "zone", "conditions", "targetRef"].every((key) => jsonEqual(a[key] ?? null, b[key] ?? null))

interface Group {
  readonly ports: ReadonlyArray<JsonObject>
  readonly desired: Map<string, JsonObject>
}

const groupsOf = ({
  pods,
  service,
  zoneOf
}: ServicePods): { groups: Map<string, Group>; withoutNode: Array<PodObject> } => {
  const groups = new Map<string, Group>()
  const withoutNode: Array<PodObject> = []
  const always = mapping(service, "spec")["publishNotReadyAddresses"] === true
  for (const pod of pods.filter((pod) => isInEndpoints(pod, true))) {
    const ports = endpointPorts(service, pod)
    const key = portKey(ports)
    const group = groups.get(key) ?? { ports, desired: new Map() }
    groups.set(key, group)
    const zone = zoneOf(pod.spec.nodeName ?? "")
    if (zone === undefined && !always) withoutNode.push(pod)
    else {
      const endpoint = podToEndpoint(pod, service, zone)
      if ((endpoint["addresses"] as ReadonlyArray<Json>).length > 0)
        group.desired.set(endpointIdentity(endpoint), endpoint)
    }
  }
  return { groups, withoutNode }
}

const endpointsOf = (slice: KubernetesObject): ReadonlyArray<JsonObject> => entries(slice, "endpoints")

const withEndpoints = (slice: KubernetesObject, endpoints: ReadonlyArray<JsonObject>, service: KubernetesObject) => ({
  ...slice,
  metadata: { ...slice.metadata, labels: labelsOf(service) },
  endpoints
})

/** As many as fit, taken from those that are still wanted. */
const take = (desired: Map<string, JsonObject>, room: number): ReadonlyArray<JsonObject> => {
  const taken = [...desired].slice(0, Math.max(0, room))
  for (const [key] of taken) desired.delete(key)
  return taken.map(([, endpoint]) => endpoint)
}

/** getSliceToFill: the one that is nearest to full afterwards. */
const sliceToFill = (slices: ReadonlyArray<KubernetesObject>, count: number): KubernetesObject | undefined => {
  const room = (slice: KubernetesObject): number => MOST_ENDPOINTS - count - endpointsOf(slice).length
  return slices
    .filter((slice) => room(slice) >= 0 && room(slice) < MOST_ENDPOINTS)
    .toSorted((a, b) => room(a) - room(b))[0]
}

/** reconcileByPortMapping: as few slices change as can be. */
const reconcileGroup = (
  service: KubernetesObject,
  existing: ReadonlyArray<KubernetesObject>,
  { desired, ports }: Group
): Pick<SliceChanges, "create" | "update" | "remove"> => {
  const [update, remove, unchanged] = [
    new Map<string, KubernetesObject>(),
    [] as KubernetesObject[],
    new Map<string, KubernetesObject>()
  ]
  for (const slice of existing) {
    const kept = endpointsOf(slice).flatMap((endpoint) => {
      const wanted = desired.get(endpointIdentity(endpoint))
      desired.delete(endpointIdentity(endpoint))
      return wanted === undefined ? [] : [{ wanted, endpoint }]
    })
    const changed =
      kept.length !== endpointsOf(slice).length ||
      kept.some(({ endpoint, wanted }) => !isSameEndpoint(wanted, endpoint))
    const next = withEndpoints(
      slice,
      kept.map(({ wanted }) => wanted),
      service
    )
    const relabelled = !jsonEqual(own(slice.metadata.labels), own(service.metadata.labels))
    if (changed && kept.length === 0) remove.push(slice)
    else if (changed || relabelled) update.set(slice.metadata.name, next)
    else unchanged.set(slice.metadata.name, slice)
  }
  for (const slice of [...update.values()].toSorted((a, b) => endpointsOf(b).length - endpointsOf(a).length)) {
    const more = take(desired, MOST_ENDPOINTS - endpointsOf(slice).length)
    update.set(slice.metadata.name, withEndpoints(slice, [...endpointsOf(slice), ...more], service))
  }
  const create: Array<KubernetesObject> = []
  while (desired.size > 0) {
    const fitting = desired.size < MOST_ENDPOINTS ? sliceToFill([...unchanged.values()], desired.size) : undefined
    const slice = fitting ?? newSlice(service, ports)
    const room = MOST_ENDPOINTS - endpointsOf(slice).length
    const filled = withEndpoints(slice, [...endpointsOf(slice), ...take(desired, room)], service)
    if (fitting === undefined) create.push(filled)
    else {
      update.set(slice.metadata.name, filled)
      unchanged.delete(slice.metadata.name)
    }
  }
  return { create, update: [...update.values()], remove }
}

const isPlaceholder = (slice: KubernetesObject, service: KubernetesObject): boolean =>
  endpointsOf(slice).length === 0 &&
  entries(slice, "ports").length === 0 &&
  jsonEqual(slice.metadata.labels ?? {}, labelsOf(service))

/** finalize: what would be deleted and what would be made become one update, as far as they go. */
const paired = (service: KubernetesObject, changes: SliceChanges): SliceChanges => {
  const [create, update] = [[...changes.create], [...changes.update]]
  const remove = changes.remove.filter((slice) => {
    const made = isOwned(slice, service) ? create.pop() : undefined
    if (made === undefined) return true
    const { generateName: _, ...rest } = made.metadata
    update.push({ ...made, metadata: { ...rest, name: slice.metadata.name } } as KubernetesObject)
    return false
  })
  return { ...changes, create, update, remove }
}

/** What has to be written so that the slices of a service show its pods. `existing`: those that this controller manages. */
export const reconcileSlices = (of: ServicePods, existing: ReadonlyArray<KubernetesObject>): SliceChanges => {
  const { service } = of
  const { groups, withoutNode } = groupsOf(of)
  const owned = existing.filter((slice) => isOwned(slice, service))
  const byPorts = Map.groupBy(owned, (slice) => portKey(entries(slice, "ports").filter(isJsonObject)))
  const parts = [...groups].map(([key, group]) => reconcileGroup(service, byPorts.get(key) ?? [], group))
  const unwanted = [...byPorts].flatMap(([key, slices]) => (groups.has(key) ? [] : slices))
  const foreign = existing.filter((slice) => !isOwned(slice, service))
  const create = parts.flatMap((part) => part.create)
  let remove = [...foreign, ...parts.flatMap((part) => part.remove), ...unwanted]
  // A service has one slice at least, and be it an empty one.
  if (remove.length === existing.length && create.length === 0) {
    const [only] = remove
    if (only !== undefined && remove.length === 1 && isPlaceholder(only, service)) remove = []
    else create.push(newSlice(service, []))
  }
  const update = parts.flatMap((part) => part.update)
  const written = new Set([...update, ...remove].map(({ metadata }) => metadata.name))
  const unchanged = owned.filter(({ metadata }) => !written.has(metadata.name))
  return paired(service, { ...withHints(service, { create, update }, unchanged), remove, withoutNode })
}
