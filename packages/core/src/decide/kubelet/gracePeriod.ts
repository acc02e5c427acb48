/** Seconds that a terminating pod and each of its containers get (K-242…K-246, K-172). */
import { type Micros, SECOND } from "../../event/Instant.ts"
import { isJsonObject } from "../../event/Json.ts"
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import type { ContainerKillReason } from "./PodActions.ts"

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

const probeGrace = (container: ContainerSpec, reason: ContainerKillReason): number | undefined => {
  const probe =
    reason === "StartupProbe"
      ? container["startupProbe"]
      : reason === "LivenessProbe"
        ? container["livenessProbe"]
        : undefined
  const grace = isJsonObject(probe) ? probe["terminationGracePeriodSeconds"] : undefined
  return typeof grace === "number" ? grace : undefined
}

/**
 * What a container gets to end, its preStop hook included (`pkg/kubelet/kuberuntime/kuberuntime_container.go`,
 * setTerminationGracePeriod and killContainer). `override`: the worker's, which stands above all.
 */
export const containerGracePeriod = (
  pod: Pod,
  container: ContainerSpec,
  reason: ContainerKillReason,
  override: number | undefined
): number => {
  if (override !== undefined) return override
  const { deletionGracePeriodSeconds } = pod.metadata
  if (deletionGracePeriodSeconds !== undefined) return deletionGracePeriodSeconds
  const { terminationGracePeriodSeconds } = pod.spec
  if (terminationGracePeriodSeconds === undefined) return MINIMUM
  return probeGrace(container, reason) ?? terminationGracePeriodSeconds
}

/** What is left of a grace period after something took time: only whole seconds of it count (executePreStopHook, waitForTurn). */
export const graceLeft = (grace: number, took: Micros): number => grace - Math.floor(took / SECOND)

/** The timeout of the runtime's StopContainer (`killContainer`): never nothing, so that no process is killed without being asked. */
export const stopTimeout = (graceLeft: number): number => Math.max(graceLeft, MINIMUM)
