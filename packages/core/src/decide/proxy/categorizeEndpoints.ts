/** Which endpoints a node uses for a Service's port (`pkg/proxy/topology.go`, CategorizeEndpoints; S-394). */
import type { Endpoint } from "./Endpoint.ts"
import { type ServicePort, usesClusterEndpoints, usesLocalEndpoints } from "./ServicePort.ts"

/** The node that sends. */
export interface ProxyNode {
  readonly name: string
  /** Its label `topology.kubernetes.io/zone`; "": it has none. */
  readonly zone: string
}

export interface CategorizedEndpoints {
  /** For traffic policy Cluster. */
  readonly cluster: ReadonlyArray<Endpoint>
  /** For traffic policy Local. */
  readonly local: ReadonlyArray<Endpoint>
  /** Are there any that can be used, anywhere? */
  readonly hasAny: boolean
}

type TopologyMode = "" | "PreferSameNode" | "PreferSameZone"

const isServingTerminating = ({ serving, terminating }: Endpoint): boolean => serving && terminating

/** topologyModeFromHints: hints count only if every ready endpoint has some, and one of them is for here. */
const topologyMode = (endpoints: ReadonlyArray<Endpoint>, node: ProxyNode): TopologyMode => {
  const ready = endpoints.filter((one) => one.ready)
  if (ready.length === 0) return ""
  const hinted = (hints: (one: Endpoint) => ReadonlyArray<string>, here: string) =>
    ready.every((one) => hints(one).length > 0) && ready.some((one) => hints(one).includes(here))
  if (hinted(({ nodeHints }) => nodeHints, node.name)) return "PreferSameNode"
  return hinted(({ zoneHints }) => zoneHints, node.zone) ? "PreferSameZone" : ""
}

const isAvailable = ({ nodeHints, zoneHints }: Endpoint, mode: TopologyMode, node: ProxyNode): boolean => {
  switch (mode) {
    case "":
      return true
    case "PreferSameNode":
      return nodeHints.includes(node.name)
    case "PreferSameZone":
      return zoneHints.includes(node.zone)
  }
}

const orElse = (first: ReadonlyArray<Endpoint>, others: () => ReadonlyArray<Endpoint>): ReadonlyArray<Endpoint> =>
  first.length > 0 ? first : others()

/** Ready ones, and where there is none those that still serve while they terminate: for each policy on its own. */
export const categorizeEndpoints = (
  endpoints: ReadonlyArray<Endpoint>,
  port: ServicePort,
  node: ProxyNode
): CategorizedEndpoints => {
  const mode = topologyMode(endpoints, node)
  const cluster = usesClusterEndpoints(port)
    ? orElse(
        endpoints.filter((one) => one.ready && isAvailable(one, mode, node)),
        () => endpoints.filter(isServingTerminating)
      )
    : []
  if (!usesLocalEndpoints(port)) return { cluster, local: [], hasAny: cluster.length > 0 }
  const here = endpoints.filter(({ nodeName }) => nodeName === node.name)
  const local = orElse(
    here.filter(({ ready }) => ready),
    () => here.filter(isServingTerminating)
  )
  const hasAny = cluster.length > 0 || endpoints.some((one) => one.ready || isServingTerminating(one))
  return { cluster, local, hasAny }
}
