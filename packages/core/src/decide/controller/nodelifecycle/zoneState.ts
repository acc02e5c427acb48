/** How much of a zone is gone, and how fast pods may be evicted there (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, ComputeZoneState, handleDisruption; C-327, C-328). */
import type { NodeObject } from "../../scheduler/NodeInfo.ts"

export type ZoneState = "Initial" | "Normal" | "PartialDisruption" | "FullDisruption"

export interface ZoneTally {
  readonly ready: number
  readonly notReady: number
}

/** Nodes that get the taint a second (`--node-eviction-rate`, `--secondary-node-eviction-rate`). */
export const EVICTION_QPS = 0.1
const SECONDARY_QPS = 0.01
const LARGE_CLUSTER = 50
const UNHEALTHY_ZONE = 0.55

const EXCLUDED = "node.kubernetes.io/exclude-disruption"

/** GetZoneKey: region and zone, by the labels of today or of old; empty: it has neither. */
export const zoneOf = ({ metadata: { labels = {} } }: NodeObject): string => {
  const label = (name: string) =>
    labels[`topology.kubernetes.io/${name}`] ?? labels[`failure-domain.beta.kubernetes.io/${name}`] ?? ""
  const [region, zone] = [label("region"), label("zone")]
  return region === "" && zone === "" ? "" : `${region}:\x00:${zone}`
}

/** Some nodes do not count. */
export const countsForDisruption = ({ metadata }: NodeObject): boolean =>
  metadata.labels === undefined || !Object.hasOwn(metadata.labels, EXCLUDED)

export const zoneState = ({ notReady, ready }: ZoneTally): ZoneState => {
  if (ready === 0 && notReady > 0) return "FullDisruption"
  return notReady > 2 && notReady / (notReady + ready) >= UNHEALTHY_ZONE ? "PartialDisruption" : "Normal"
}

/** Nodes a second; 0: none. A zone that is gone as a whole is evicted at the normal rate, as long as others are there. */
const limitOf = (state: ZoneState, { notReady, ready }: ZoneTally): number =>
  state === "PartialDisruption" ? (notReady + ready > LARGE_CLUSTER ? SECONDARY_QPS : 0) : EVICTION_QPS

export interface Disruption {
  readonly states: ReadonlyMap<string, ZoneState>
  /** Zones whose rate changes. */
  readonly limits: ReadonlyMap<string, number>
  /** Nobody is ready any more: then it is probably not the nodes' fault, and nothing is evicted. Or: that is over. */
  readonly master: "entered" | "left" | undefined
}

const isFull = (state: ZoneState | undefined): boolean => state === "FullDisruption"

/** `before`: of the zones as they were; zones that have no nodes any more are forgotten. */
export const disruption = (
  before: ReadonlyMap<string, ZoneState>,
  tallies: ReadonlyMap<string, ZoneTally>
): Disruption => {
  const zones = [...tallies].map(([zone, tally]) => ({
    zone,
    tally,
    old: before.get(zone) ?? "Initial",
    state: zoneState(tally)
  }))
  const [are, were] = [zones.every(({ state }) => isFull(state)), zones.every(({ old }) => isFull(old))]
  const states = new Map(zones.map(({ state, zone }) => [zone, state]))
  if (are && !were) return { states, limits: new Map(zones.map(({ zone }) => [zone, 0])), master: "entered" }
  const left = were && !are
  const changed = zones.filter(({ old, state }) => left || (old !== state && !are))
  return {
    states,
    limits: new Map(changed.map(({ state, tally, zone }) => [zone, limitOf(state, tally)])),
    master: left ? "left" : undefined
  }
}
