/** Seconds that a terminating pod and each of its containers get (K-242, K-243, K-246). */
import type { Pod } from "../../state/Pod.ts"

/**
 * The worker's grace (`pkg/kubelet/pod_workers.go`, calculateEffectiveGracePeriod): the smallest asked for so far, at least 1.
 * `known`: what it was before, `undefined` at first.
 */
export const effectiveGracePeriod = (pod: Pod, known: number | undefined, override?: number): number => {
  const asked = [known, override, pod.metadata.deletionGracePeriodSeconds].filter((value) => value !== undefined)
  const grace = asked.length === 0 ? (pod.spec.terminationGracePeriodSeconds ?? 0) : Math.min(...asked)
  return Math.max(grace, 1)
}

/** StopContainer never gets less (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, minimumGracePeriodInSeconds). */
const MINIMUM = 2

/** The timeout of the runtime's StopContainer for a container (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, killContainer). */
export const stopTimeout = (pod: Pod, override: number | undefined): number =>
  Math.max(
    override ?? pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? MINIMUM,
    MINIMUM
  )
