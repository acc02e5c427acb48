/** The intervals that a watch stream shows of a node's and a control plane's work. */
import type { Micros } from "../../event/Instant.ts"
import {
  deleteToKilling,
  deleteToStatus,
  exitToPhase,
  exitToStatus,
  failingHook,
  killToPhase,
  phaseToGone
} from "./endIntervals.ts"
import { execHook } from "./hookIntervals.ts"
import type { ObservedPod } from "./ObservedPod.ts"
import {
  containerCreate,
  containerStart,
  eventWrite,
  firstStatus,
  imageRefused,
  pull,
  runningStatus,
  sandbox,
  scheduledEvent,
  scheduling
} from "./startIntervals.ts"

export interface Interval {
  readonly from: string
  readonly to: string
  /** What is in it, where a watch stream does not tell that apart. */
  readonly holds: string
  readonly of: (pod: ObservedPod) => ReadonlyArray<Micros>
}

export const intervals = {
  scheduling: { from: "created", to: "bound", holds: "the scheduler's watch, its cycle, the binding", of: scheduling },
  scheduledEvent: { from: "bound", to: "Scheduled Event", holds: "one write", of: scheduledEvent },
  firstStatus: { from: "bound", to: "first status", holds: "the kubelet's watch, admission, a patch", of: firstStatus },
  sandbox: {
    from: "first status",
    to: "sandbox ready",
    holds: "volumes mounted (polled every 300 ms), sandbox",
    of: sandbox
  },
  pull: { from: "pull begun", to: "pulled", holds: "as the kubelet says in its Event", of: pull },
  imageRefused: { from: "Pulling", to: "Failed", holds: "a registry's refusal", of: imageRefused },
  containerCreate: { from: "Pulled", to: "Created", holds: "container created", of: containerCreate },
  containerStart: { from: "Created", to: "Started", holds: "container started", of: containerStart },
  runningStatus: {
    from: "Started",
    to: "status running",
    holds: "relist of the pod, a patch, less an Event's write",
    of: runningStatus
  },
  eventWrite: { from: "Event", to: "Event of the same moment", holds: "one write", of: eventWrite },
  exitToStatus: {
    from: "exit",
    to: "status terminated",
    holds: "wait for a relist, a patch; up to 1 s too long (stamps of whole seconds)",
    of: exitToStatus
  },
  exitToPhase: {
    from: "all exited",
    to: "terminal phase",
    holds: "one relist period, sandbox stopped",
    of: exitToPhase
  },
  deleteToKilling: {
    from: "deleted",
    to: "Killing",
    holds: "the kubelet's watch, an Event's write",
    of: deleteToKilling
  },
  deleteToStatus: { from: "deleted", to: "status of it", holds: "the kubelet's watch, a patch", of: deleteToStatus },
  killToPhase: {
    from: "SIGKILL",
    to: "terminal phase",
    holds: "exit reaped, sandbox stopped, a patch",
    of: killToPhase
  },
  phaseToGone: {
    from: "terminal phase",
    to: "gone",
    holds: "wait for a relist, volumes unmounted (polled), cleanup, two writes",
    of: phaseToGone
  },
  failingHook: { from: "hook run", to: "hook failed", holds: "an exec and its command", of: failingHook },
  execHook: {
    from: "hook run",
    to: "hook failed",
    holds: "an exec, where the command says how long it takes itself (sleep and exit)",
    of: execHook
  }
} as const satisfies { readonly [name: string]: Interval }

export type IntervalName = keyof typeof intervals

export const intervalNames = Object.keys(intervals) as ReadonlyArray<IntervalName>
