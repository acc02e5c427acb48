/** How long the control plane takes for what it does, and who else lives there: data, measured like a node's profile. */
import type { SchedulerLatency } from "../scheduler/Scheduler.ts"
import { ms, nothing, type Quantiles } from "./quantiles.ts"
import { measuredScheduler } from "./rig.ts"

export interface ControlPlaneProfile {
  readonly scheduler: Readonly<Record<SchedulerLatency, Quantiles>>
  readonly controllers: {
    /** From a write to the handlers of a controller. */
    readonly watch: Quantiles
    /** From a controller's request to the write. */
    readonly request: Quantiles
    /** The same of a request for a new pod. */
    readonly createPod: Quantiles
    /** From the write to the controller that asked for it: whoever watches may hear of it first. */
    readonly answer: Quantiles
    /** From an Event to its write. */
    readonly event: Quantiles
  }
  readonly client: {
    /** From a request of whoever plays the steps to its next one: objects of one step come one after the other. */
    readonly request: Quantiles
  }
  readonly metricsServer: {
    /** From one scrape to the next (--metric-resolution; its shipped manifest says 15 s). */
    readonly resolution: Quantiles
    /** From the beginning of a scrape until all kubelets have answered. */
    readonly scrape: Quantiles
  }
  /**
   * How long until somewhere in the cluster a pod that is not simulated goes away, in a scenario that has but one node of it;
   * absent: there are none. What was recorded on two nodes had the cluster for itself: others wrote 0.5 to 4 objects a second
   * there, which are leases, and 80 where scenarios shared a node.
   */
  readonly neighbours: Quantiles | undefined
}

/** As its manifest says, and each kubelet is asked within a moment (`delayPerSourceMs`). */
const metricsServer = { resolution: ms(15_000, 15_000, 15_000, 15_000), scrape: ms(5, 30, 100, 300) }

/** The machine of the shipped recordings, on which several scenarios ran at once. */
export const rigControlPlane: ControlPlaneProfile = {
  scheduler: {
    watch: ms(0.3, 1, 4, 8),
    cycle: ms(0.3, 1, 4, 10),
    patch: ms(2, 5, 15, 40),
    ...measuredScheduler
  },
  // createPod: a ReplicaSet's first pod comes 13 ms after the ReplicaSet, a Deployment's ReplicaSet 5 ms after the Deployment (45, 30 pairs).
  // answer: a ReplicaSet's second pod, asked for when the first is answered, comes 19 ms after it (39 pairs), more than a request takes;
  // and of ten syncs of DaemonSets that made pods six counted them in the status that they wrote next: they had heard of them by then.
  controllers: {
    watch: ms(0.3, 1, 4, 8),
    request: ms(2, 5, 15, 40),
    createPod: ms(3, 12, 60, 150),
    answer: ms(0, 3, 12, 35),
    event: ms(0, 6, 20, 60)
  },
  // 100 pairs of objects of one step, from the first one's ADDED to the second one's.
  client: { request: ms(5, 30, 100, 180) },
  metricsServer,
  neighbours: ms(200, 2_000, 7_000, 12_000)
}

export const zeroControlPlane: ControlPlaneProfile = {
  scheduler: { watch: nothing, cycle: nothing, bind: nothing, patch: nothing, event: nothing },
  controllers: { watch: nothing, request: nothing, createPod: nothing, answer: nothing, event: nothing },
  client: { request: nothing },
  metricsServer: { ...metricsServer, scrape: nothing },
  neighbours: undefined
}
