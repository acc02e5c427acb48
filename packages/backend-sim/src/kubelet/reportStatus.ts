/** What a sync says of its pod (`pkg/kubelet/kubelet.go`, SyncPod; K-040): generated, and handed to the status manager. */
import type { Pod, ReasonCache, RuntimePodStatus } from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordPodEvent } from "./podEvents.ts"

export interface StatusToReport {
  readonly pod: Pod
  readonly runtime: RuntimePodStatus
  readonly reasons: ReasonCache
  /** Will none of its containers run any more? */
  readonly terminal: boolean
  /** What the end is called, when the kubelet itself ends the pod. */
  readonly amend?: ((status: Pod) => Pod) | undefined
}

/** Answers with what it generated. */
export const reportStatus = (node: KubeletNode, { amend, pod, reasons, runtime, terminal }: StatusToReport): Pod => {
  const { allocations, decide, engine, hostIPs, probes, profile, release, status } = node
  const { uid = "" } = pod.metadata
  const view = {
    now: engine.now,
    runtime,
    reasons,
    probes: probes.results(uid),
    hostIPs,
    cgroup: profile.cgroup,
    resize: allocations.conditions(uid, terminal),
    terminal,
    release
  }
  const generated = decide.generateAPIPodStatus(pod, status.get(uid) ?? pod, view)
  if (generated.pastDeadline) {
    const { reason = "", message = "" } = generated.pod
    recordPodEvent(node, pod, { type: "Normal", reason, message })
  }
  probes.triggerAround(generated.pod, () => status.set(pod, amend === undefined ? generated.pod : amend(generated.pod)))
  return generated.pod
}
