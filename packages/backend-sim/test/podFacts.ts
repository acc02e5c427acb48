/** What a simulation tells that no API server shows: the syncs of a pod's worker, the signals that its processes got. */
import type { ClusterEvent, PodEvent } from "@kubereel/core"
import { scenario } from "./given.ts"

const start = scenario({ steps: [], until: "1s" }).start

export const podFacts = (
  facts: ReadonlyArray<ClusterEvent>
): ReadonlyArray<{ readonly seconds: number; readonly event: PodEvent }> =>
  facts.flatMap((fact) =>
    fact._tag === "PodFact" ? [{ seconds: ((fact.observed ?? 0) - start) / 1_000_000, event: fact.event }] : []
  )

/** The second since the start, and the state, of each sync of the worker. */
export const syncs = (facts: ReadonlyArray<ClusterEvent>) =>
  podFacts(facts).flatMap(({ event, seconds }) => (event._tag === "PodSynced" ? [{ seconds, sync: event.sync }] : []))

/** The worker's states, each once as long as it lasts. */
export const workerStates = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  syncs(facts)
    .map(({ sync }) => sync)
    .filter((sync, i, all) => sync !== all[i - 1])

export const signals = (facts: ReadonlyArray<ClusterEvent>) =>
  podFacts(facts).flatMap(({ event, seconds }) =>
    event._tag === "SignalSent" ? [{ seconds, container: event.container, signal: event.signal }] : []
  )
