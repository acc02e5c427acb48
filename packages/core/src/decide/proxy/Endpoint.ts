/** The endpoints of a Service's port, out of its EndpointSlices (`pkg/proxy/endpoint.go`, `pkg/proxy/endpointslicecache.go`; S-393). */
import type { Json, JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { entries, integer, mapping, text } from "../apiserver/fields.ts"

export interface Endpoint {
  readonly ip: string
  readonly port: number
  readonly nodeName: string
  /** Ready and not terminating, or published although it is not. */
  readonly ready: boolean
  /** Ready, be it terminating or not. */
  readonly serving: boolean
  readonly terminating: boolean
  readonly zoneHints: ReadonlyArray<string>
  readonly nodeHints: ReadonlyArray<string>
}

/** Said or not: only `false` denies it. */
const isNotFalse = (value: Json | undefined): boolean => value !== false

const addressOf = (endpoint: JsonObject): string => {
  const { addresses } = endpoint
  const [first] = Array.isArray(addresses) ? addresses : []
  return typeof first === "string" ? first : ""
}

const hintsOf = (endpoint: JsonObject, key: string): ReadonlyArray<string> =>
  entries(mapping(endpoint, "hints"), key).map((hint) => text(hint, "name"))

/** Where addresses are given twice a pod that stays counts more than one that goes. In the order of `ip:port`. */
export const endpointsOf = (
  slices: ReadonlyArray<KubernetesObject>,
  portName: string,
  protocol = "TCP"
): ReadonlyArray<Endpoint> => {
  const found = new Map<string, Endpoint>()
  for (const slice of slices) {
    const port = entries(slice, "ports").find(
      (one) => text(one, "name") === portName && (text(one, "protocol") || "TCP") === protocol
    )
    const number = port === undefined ? undefined : integer(port, "port")
    if (number === undefined || text(slice, "addressType") === "FQDN") continue
    for (const endpoint of entries(slice, "endpoints")) {
      const conditions = mapping(endpoint, "conditions")
      const ip = addressOf(endpoint)
      const terminating = conditions["terminating"] === true
      if (ip === "" || (terminating && found.has(`${ip}:${number}`))) continue
      found.set(`${ip}:${number}`, {
        ip,
        port: number,
        nodeName: text(endpoint, "nodeName"),
        ready: isNotFalse(conditions["ready"]),
        serving: isNotFalse(conditions["serving"]),
        terminating,
        zoneHints: hintsOf(endpoint, "forZones"),
        nodeHints: hintsOf(endpoint, "forNodes")
      })
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint)
}
