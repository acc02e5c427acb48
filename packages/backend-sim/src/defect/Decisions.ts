/**
 * What a simulated cluster decides by functions that a defect may replace (docs/adr/0024-defects-replace-decisions.md). All others are
 * called by their names.
 */
import {
  checkContainerStateTransition,
  computePodActions,
  generateAPIPodStatus,
  graceLeft,
  type KubernetesObject,
  type PodObject,
  proposeReplicas,
  terminationPrerequisites
} from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"
import { planFor } from "../controller/statefulset/StatefulSetControl.ts"

export interface Decisions {
  readonly checkContainerStateTransition: typeof checkContainerStateTransition
  readonly computePodActions: typeof computePodActions
  readonly generateAPIPodStatus: typeof generateAPIPodStatus
  /** Of a container's grace period after its preStop hook. */
  readonly graceAfterPreStop: typeof graceLeft
  readonly planStatefulSet: typeof planFor
  readonly proposeReplicas: typeof proposeReplicas
  readonly terminationPrerequisites: typeof terminationPrerequisites
  /**
   * Which object a kubelet writes a pod's status over: `stored`, what the API server has under the pod's name, or nothing (K-221).
   * `own`: the pod as the kubelet knows it; `same`: that is what `stored` is.
   */
  readonly writesStatusOver: (stored: PodObject, own: () => PodObject, same: boolean) => PodObject | undefined
  /** Does news of an object arrive there? `watcher`: a node's name, or the entity of a process's caches. */
  readonly arrives: (watcher: string, change: Change, object: KubernetesObject) => boolean
  /** Is a container killed whose stop nobody waits for any more, because the kubelet that asked for it is gone (K-141)? */
  readonly killsWhenCallerGoes: () => boolean
}

/** As Kubernetes decides. */
export const decisions: Decisions = {
  checkContainerStateTransition,
  computePodActions,
  generateAPIPodStatus,
  graceAfterPreStop: graceLeft,
  planStatefulSet: planFor,
  proposeReplicas,
  terminationPrerequisites,
  writesStatusOver: (stored, _, same) => (same ? stored : undefined),
  arrives: () => true,
  killsWhenCallerGoes: () => false
}
