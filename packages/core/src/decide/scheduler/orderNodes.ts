/** The order in which nodes are looked at: one of each zone in turn (`pkg/scheduler/backend/cache/node_tree.go`). */
import type { NodeObject } from "./NodeInfo.ts"

/** Region and zone (component-helpers `node/topology/helpers.go`, GetZoneKey). */
const zoneOf = ({ metadata: { labels = {} } }: NodeObject): string => {
  const region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? ""
  const zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? ""
  return `${region}:\u0000:${zone}`
}

/** `nodes`: in the order in which they came into sight. */
export const orderNodes = <Item extends { readonly node: NodeObject }>(nodes: Iterable<Item>): ReadonlyArray<Item> => {
  const zones = [...Map.groupBy(nodes, ({ node }) => zoneOf(node)).values()]
  const longest = Math.max(0, ...zones.map((zone) => zone.length))
  return Array.from({ length: longest }, (_, index) => zones.flatMap((zone) => zone[index] ?? [])).flat()
}
