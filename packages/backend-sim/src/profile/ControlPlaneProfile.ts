/** How long the control plane takes for what it does, and who else lives there: data, measured like a node's profile. */
import type { SchedulerLatency } from "../scheduler/Scheduler.ts"
import { ms, nothing, type Quantiles } from "./quantiles.ts"
import { measuredScheduler } from "./rig.ts"

export interface ControlPlaneProfile {
  readonly scheduler: Readonly<Record<SchedulerLatency, Quantiles>>
  readonly controllers: {
    /** From a write to the handlers of a controller. */
    readonly watch: Quantiles
    /** From a controller's request to its answer. */
    readonly request: Quantiles
    /** From an Event to its write. */
    readonly event: Quantiles
  }
  /**
   * How long until somewhere in the cluster a pod that is not simulated goes away, in a scenario that has but one node of it;
   * absent: there are none. What was recorded on two nodes had the cluster for itself: others wrote 0.5 to 4 objects a second
   * there, which are leases, and 80 where scenarios shared a node.
   */
  readonly neighbours: Quantiles | undefined
}

/** The machine of the shipped recordings, on which several scenarios ran at once. */
export const rigControlPlane: ControlPlaneProfile = {
  scheduler: {
    watch: ms(0.3, 1, 4, 8),
    cycle: ms(0.3, 1, 4, 10),
    patch: ms(2, 5, 15, 40),
    ...measuredScheduler
  },
  controllers: { watch: ms(0.3, 1, 4, 8), request: ms(2, 5, 15, 40), event: ms(0, 6, 20, 60) },
  neighbours: ms(200, 2_000, 7_000, 12_000)
}

export const zeroControlPlane: ControlPlaneProfile = {
  scheduler: { watch: nothing, cycle: nothing, bind: nothing, patch: nothing, event: nothing },
  controllers: { watch: nothing, request: nothing, event: nothing },
  neighbours: undefined
}
