/** The probe manager of one kubelet process (`pkg/kubelet/kubelet.go`, NewMainKubelet). */
import { later, type Micros, SECOND } from "@kubereel/core"
import type { KubeletNode } from "../KubeletNode.ts"
import { recordContainerEvent } from "../podEvents.ts"
import type { StatusManager } from "../StatusManager.ts"
import { ProbeManager, type ProbeManagerOptions } from "./ProbeManager.ts"

/** A kubelet that is there when a simulation begins has been there for a while. */
const UP_FOR: Micros = 3_600 * SECOND

export interface NewProbeManagerOptions extends Omit<ProbeManagerOptions, "start" | "status" | "record"> {
  readonly status: StatusManager
  /** The process was started in the course of the simulation. */
  readonly restarted: boolean
}

/** `node`: the kubelet's parts, once they are all there. */
export const newProbeManager = (
  node: () => KubeletNode,
  { restarted, status, ...options }: NewProbeManagerOptions
): ProbeManager =>
  new ProbeManager({
    ...options,
    start: later(options.engine.now, restarted ? 0 : -UP_FOR),
    status: (uid) => status.get(uid),
    record: (pod, container, event) => recordContainerEvent(node(), pod, container, { type: "Warning", ...event })
  })
