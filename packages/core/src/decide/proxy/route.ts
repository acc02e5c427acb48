/**
 * What a node's rules do with a new connection to an address of a Service (`pkg/proxy/iptables/proxier.go`, syncProxyRules;
 * S-392…S-394, S-415): they pick an endpoint, refuse the connection, or drop it without a word.
 */
import { categorizeEndpoints, type ProxyNode } from "./categorizeEndpoints.ts"
import type { Endpoint } from "./Endpoint.ts"
import type { ServicePort } from "./ServicePort.ts"

export type Route =
  /** One of these, each as likely as the others. */
  | { readonly _tag: "Endpoints"; readonly endpoints: ReadonlyArray<Endpoint> }
  /** No endpoint anywhere: REJECT, which a client sees as a connection refused. */
  | { readonly _tag: "Refused" }
  /** None that the traffic policy allows here: DROP. */
  | { readonly _tag: "Dropped" }

export interface Connection {
  /** To the cluster IP, or to anything that the world outside could use, too. */
  readonly to: "internal" | "external"
  /** A pod or the node itself: external policies do not apply to those. */
  readonly fromInside: boolean
}

const among = (endpoints: ReadonlyArray<Endpoint>): Route =>
  endpoints.length === 0 ? { _tag: "Dropped" } : { _tag: "Endpoints", endpoints }

export const route = (
  port: ServicePort,
  endpoints: ReadonlyArray<Endpoint>,
  node: ProxyNode,
  { fromInside, to }: Connection
): Route => {
  const { cluster, hasAny, local } = categorizeEndpoints(endpoints, port, node)
  if (!hasAny) return { _tag: "Refused" }
  if (to === "internal") return among(port.internalPolicyLocal ? local : cluster)
  return among(port.externalPolicyLocal && !fromInside ? local : cluster)
}
