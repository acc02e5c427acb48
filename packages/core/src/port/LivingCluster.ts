/** A served cluster whose clock is moved by whoever serves it. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import type { Instant } from "../event/Instant.ts"
import type { ServedCluster } from "./ServedCluster.ts"

export interface LivingCluster extends ServedCluster {
  /** Runs until `to` or until `budget` things happened; `false` if it is not there yet. Whoever watches has heard of it then. */
  readonly advance: (to: Instant, budget: number) => boolean
  /** What was seen since it was asked last, in order, each once. */
  readonly takeFacts: () => ReadonlyArray<ClusterEvent>
  /** When anything happened last but what happens again and again by itself. */
  readonly lastChange: () => Instant
  /** What is not as it should be, in a sentence; `undefined`: everything that was asked for is there and ready. */
  readonly unready: () => string | undefined
}
