/** Which EndpointSlices show the Endpoints that somebody wrote by hand (`pkg/controller/endpointslicemirroring/reconciler.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, text } from "../../apiserver/fields.ts"
import { parseIp } from "../../apiserver/ip.ts"
import { repackSubsets } from "../endpoint/repackSubsets.ts"
import { portKey } from "../endpointslice/podToEndpoint.ts"
import { endpointIdentity, isSameEndpoint, MANAGED_BY, SERVICE_NAME } from "../endpointslice/reconcileSlices.ts"
import { controllerRef, generatedPrefix } from "../podOfTemplate.ts"

export const MIRRORING_CONTROLLER = "endpointslicemirroring-controller.k8s.io"
/** maxEndpointsPerSubset. */
const MOST_PER_SUBSET = 1_000

/** They say something of the Endpoints alone. */
const ownAnnotations = new Set([
  "endpoints.kubernetes.io/last-change-trigger-time",
  "kubectl.kubernetes.io/last-applied-configuration"
])
const ownLabels = new Set([MANAGED_BY, SERVICE_NAME])

interface Texts {
  readonly [name: string]: string
}

const without = (texts: Texts | undefined, names: ReadonlySet<string>): Texts =>
  Object.fromEntries(Object.entries(texts ?? {}).filter(([name]) => !names.has(name)))

/** shouldMirror: unless they say themselves that they should not be. */
export const isMirrored = ({ metadata }: KubernetesObject): boolean =>
  metadata.labels?.["endpointslice.kubernetes.io/skip-mirror"] !== "true" &&
  metadata.annotations?.["control-plane.alpha.kubernetes.io/leader"] === undefined

interface Wanted {
  readonly addressType: string
  readonly ports: ReadonlyArray<JsonObject>
  /** By what they are known by. */
  readonly endpoints: Map<string, JsonObject>
}

export interface Mirrored {
  readonly create: ReadonlyArray<KubernetesObject>
  readonly update: ReadonlyArray<KubernetesObject>
  readonly remove: ReadonlyArray<KubernetesObject>
  /** Addresses that are none. */
  readonly invalid: number
  /** Those, and what is more than a slice takes. */
  readonly skipped: number
}

const portOf = (port: JsonObject): JsonObject => ({
  name: text(port, "name"),
  port: integer(port, "port") ?? 0,
  protocol: text(port, "protocol"),
  ...(port["appProtocol"] === undefined ? {} : { appProtocol: port["appProtocol"] })
})

/** addressToEndpoint. */
const endpointOf = ({ hostname, ip, nodeName, targetRef }: JsonObject, ready: boolean): JsonObject => ({
  addresses: [ip ?? ""],
  conditions: { ready },
  ...(targetRef === undefined ? {} : { targetRef }),
  ...(nodeName === undefined ? {} : { nodeName }),
  ...(hostname === undefined || hostname === "" ? {} : { hostname })
})

const keyOf = (addressType: string, ports: ReadonlyArray<JsonObject>): string => `${addressType}-${portKey(ports)}`

const wantedOf = (endpoints: KubernetesObject) => {
  const wanted = new Map<string, Wanted>()
  let [invalid, skipped] = [0, 0]
  for (const subset of repackSubsets(entries(endpoints, "subsets"))) {
    const ports = entries(subset, "ports").map(portOf)
    const families = ["IPv4", "IPv6"].map((addressType) => {
      const key = keyOf(addressType, ports)
      const known = wanted.get(key) ?? { addressType, ports, endpoints: new Map<string, JsonObject>() }
      wanted.set(key, known)
      return [addressType, known] as const
    })
    const addresses = (["addresses", "notReadyAddresses"] as const).flatMap((list) =>
      entries(subset, list).map((address) => ({ address, ready: list === "addresses" }))
    )
    let added = 0
    for (const { address, ready } of addresses) {
      if (added >= MOST_PER_SUBSET) break
      const family = parseIp(text(address, "ip"))?.family
      const of = families.find(([addressType]) => addressType === family)?.[1]
      if (of === undefined) invalid++
      else {
        const endpoint = endpointOf(address, ready)
        of.endpoints.set(endpointIdentity(endpoint), endpoint)
        added++
      }
    }
    skipped += addresses.length - added
  }
  return { wanted, invalid, skipped }
}

/** newEndpointSlice. */
const newSlice = (of: KubernetesObject, { addressType, endpoints, ports }: Wanted, name: string): KubernetesObject => {
  const { annotations, labels, name: service, namespace = "" } = of.metadata
  const metadata = {
    ...(name === "" ? { generateName: generatedPrefix(service) } : { name }),
    namespace,
    labels: { ...labels, [SERVICE_NAME]: service, [MANAGED_BY]: MIRRORING_CONTROLLER },
    annotations: without(annotations, ownAnnotations),
    ownerReferences: [controllerRef({ ...of, apiVersion: "v1", kind: "Endpoints" })]
  }
  return {
    kind: "EndpointSlice",
    apiVersion: "discovery.k8s.io/v1",
    metadata,
    addressType,
    endpoints: [...endpoints.values()].slice(0, MOST_PER_SUBSET),
    ports
  } as unknown as KubernetesObject
}

const shows = (slice: KubernetesObject, { endpoints }: Wanted, of: KubernetesObject): boolean => {
  const there = entries(slice, "endpoints")
  return (
    there.length === endpoints.size &&
    there.every((endpoint) => {
      const wanted = endpoints.get(endpointIdentity(endpoint))
      return wanted !== undefined && isSameEndpoint(wanted, endpoint)
    }) &&
    jsonEqual(of.metadata.labels ?? {}, without(slice.metadata.labels, ownLabels)) &&
    jsonEqual(without(of.metadata.annotations, ownAnnotations), slice.metadata.annotations ?? {}) &&
    // Endpoints of that name that were made anew own other slices.
    slice.metadata.ownerReferences?.some(
      ({ kind, name, uid }) => kind === "Endpoints" && name === of.metadata.name && uid !== of.metadata.uid
    ) !== true
  )
}

/** recycleSlices: what would be deleted and what would be made become one update. */
const recycled = (
  create: ReadonlyArray<KubernetesObject>,
  remove: ReadonlyArray<KubernetesObject>
): Pick<Mirrored, "create" | "update" | "remove"> => {
  const free = [...remove]
  const update: Array<KubernetesObject> = []
  const made = create.filter((slice) => {
    const at = free.findIndex(({ addressType }) => addressType === slice["addressType"])
    const [old] = at < 0 ? [] : free.splice(at, 1)
    if (old === undefined) return true
    const { generateName: _, ...metadata } = slice.metadata
    update.push({ ...slice, metadata: { ...metadata, name: old.metadata.name } })
    return false
  })
  return { create: made, update, remove: free }
}

/** What has to be written. `existing`: the slices that mirror these Endpoints already. */
export const mirrorEndpoints = (of: KubernetesObject, existing: ReadonlyArray<KubernetesObject>): Mirrored => {
  const { invalid, skipped, wanted } = wantedOf(of)
  const known = Map.groupBy(existing, (slice) => keyOf(text(slice, "addressType"), entries(slice, "ports")))
  const [create, update, remove] = [
    [] as Array<KubernetesObject>,
    [] as Array<KubernetesObject>,
    [...known].flatMap(([key, slices]) => (wanted.has(key) ? [] : slices))
  ]
  for (const [key, one] of wanted) {
    const [first, ...others] = known.get(key) ?? []
    if (one.endpoints.size === 0) {
      remove.push(...(first === undefined ? [] : [first, ...others]))
      continue
    }
    remove.push(...others)
    if (first === undefined) create.push(newSlice(of, one, ""))
    else if (!shows(first, one, of)) update.push(newSlice(of, one, first.metadata.name))
  }
  const paired = recycled(create, remove)
  return { ...paired, update: [...update, ...paired.update], invalid, skipped }
}
