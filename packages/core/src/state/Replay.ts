/** A history that can be visited at any moment: the fold of every prefix, without folding from the beginning each time. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import type { Instant } from "../event/Instant.ts"
import { type Cluster, evolveCluster, initialCluster } from "./Cluster.ts"

export const fold = (events: Iterable<ClusterEvent>, from: Cluster = initialCluster): Cluster => {
  let cluster = from
  for (const event of events) cluster = evolveCluster(cluster, event)
  return cluster
}

export interface Replay {
  readonly events: ReadonlyArray<ClusterEvent>
  /** The cluster after every `every`-th event, the initial one first. States share their parts, so these cost little. */
  readonly waypoints: ReadonlyArray<Cluster>
  readonly every: number
}

export const replayOf = (events: ReadonlyArray<ClusterEvent>, every = 256): Replay => {
  const waypoints = [initialCluster]
  let cluster = initialCluster
  for (const [index, event] of events.entries()) {
    cluster = evolveCluster(cluster, event)
    if ((index + 1) % every === 0) waypoints.push(cluster)
  }
  return { events, waypoints, every }
}

/** The cluster after the first `seq` events: 0 is before everything, more than there are is after the last one. */
export const at = ({ events, waypoints, every }: Replay, seq: number): Cluster => {
  const end = Math.max(0, Math.min(Math.trunc(seq), events.length))
  const waypoint = Math.floor(end / every)
  return fold(events.slice(waypoint * every, end), waypoints[waypoint])
}

/** How many events had been seen at a moment of the recorder's clock: up to the last one that was seen then or before. */
export const seqAt = ({ events }: Replay, moment: Instant): number =>
  events.findLastIndex(({ observed }) => observed !== undefined && observed <= moment) + 1
