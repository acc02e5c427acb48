/** The status that a pod should report now (`pkg/kubelet/kubelet_pods.go`, generateAPIPodStatus and convertStatusToAPIStatus). */
import type { Instant } from "../../event/Instant.ts"
import type { Condition, Pod } from "../../state/Pod.ts"
import { deadlineMessage, deadlineReason, pastActiveDeadline } from "./activeDeadline.ts"
import type { CgroupVersion } from "./cgroup.ts"
import { podConditions } from "./conditions.ts"
import { containerStatuses, type ReasonCache } from "./containerStatuses.ts"
import { keptDisruption } from "./disruptionTarget.ts"
import { type KubernetesRelease, latestRelease } from "./featureGates.ts"
import { isTerminalPhase, podPhase } from "./podPhase.ts"
import { allocatedPodResources, podResources } from "./podResources.ts"
import { noProbeResults, type ProbeResults } from "./prober/ProbeResults.ts"
import { updatePodStatus } from "./prober/updatePodStatus.ts"
import { hasAnyActiveRegularContainerStarted, type RuntimePodStatus } from "./RuntimeStatus.ts"

/** What the kubelet of one node knows beside the pod and its runtime status. */
export interface KubeletView {
  readonly now: Instant
  readonly runtime: RuntimePodStatus
  readonly reasons: ReasonCache
  /** What the pod's probes say; absent: nobody probes it. */
  readonly probes?: ProbeResults
  readonly hostIPs: ReadonlyArray<string>
  readonly cgroup: CgroupVersion
  /** How far a resize has come; absent: there is none. */
  readonly resize?: ReadonlyArray<Condition>
  /** Termination is finished: nothing will be started again. */
  readonly terminal: boolean
  /** Absent: the newest one. */
  readonly release?: KubernetesRelease
}

const addresses = (ips: ReadonlyArray<string>) => (ips.length === 0 ? undefined : ips.map((ip) => ({ ip })))

/** Terminal phases stick (K-203). */
const stickyPhase = (computed: string, before: Pod, api: Pod): string => {
  if (isTerminalPhase(computed)) return computed
  if (isTerminalPhase(before.phase)) return before.phase ?? computed
  return isTerminalPhase(api.phase) ? (api.phase ?? computed) : computed
}

/**
 * `api`: the pod as the kubelet got it from the API server; `before`: its status as the status manager last took it, or `api`.
 * Answers with `api` carrying the new status, transition times and start time still open, and whether the deadline passed: then
 * a real kubelet emits an Event at every generation (K-272).
 */
export const generateAPIPodStatus = (
  api: Pod,
  before: Pod,
  view: KubeletView
): { readonly pod: Pod; readonly pastDeadline: boolean } => {
  const { reasons, release = latestRelease } = view
  const converted = containerStatuses(api, view.runtime, before, { reasons, release })
  const initialized = hasAnyActiveRegularContainerStarted(api, view.runtime)
  const computed = stickyPhase(podPhase(api, converted, { terminal: view.terminal, initialized }), before, api)
  const containers = updatePodStatus(api, converted, view.probes ?? noProbeResults)
  const pastDeadline = pastActiveDeadline(before, view.now)
  const kept = computed === before.phase ? before : undefined
  const allowed = isTerminalPhase(api.phase) ? api.phase : pastDeadline ? "Failed" : computed
  const phase = allowed ?? computed
  // Addresses that the runtime lost with the sandbox stay as they were; a pod on the node's network has the node's (K-211).
  const hostIPs = api.spec.hostNetwork === true && before.podIP === undefined ? view.hostIPs : []
  const ips = view.runtime.ips.length > 0 ? view.runtime.ips : hostIPs
  const pod: Pod = {
    ...api,
    phase,
    reason: pastDeadline ? deadlineReason : (kept?.reason ?? (kept && api.reason)),
    message: pastDeadline ? deadlineMessage : (kept?.message ?? (kept && api.message)),
    observedGeneration: api.metadata.generation,
    startTime: before.startTime,
    hostIP: view.hostIPs[0],
    hostIPs: addresses(view.hostIPs),
    podIP: ips[0] ?? before.podIP,
    podIPs: addresses(ips) ?? before.podIPs,
    qosClass: before.qosClass ?? api.qosClass,
    resources: podResources(api, view.cgroup, before, view.runtime.cgroup),
    allocatedResources: allocatedPodResources(api),
    containers,
    conditions: podConditions({ ...api, conditions: keptDisruption(api.conditions, before) }, view.runtime, before, {
      containers,
      phase,
      resize: view.resize ?? [],
      release
    })
  }
  return { pod, pastDeadline }
}
