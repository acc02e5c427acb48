/** Which pods `kubectl drain` takes off a node, and which stop it (`k8s.io/kubectl/pkg/drain/filters.go`). */
import { type Instant, parseInstant, SECOND } from "../../event/Instant.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { controllerOf } from "../controller/podOfTemplate.ts"

/** The flags of the command that say whom it may take. */
export interface DrainFlags {
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteEmptyDirData: boolean
  readonly skipWaitForDeleteTimeout: number
}

type Verdict = "take" | "leave" | { readonly fatal: string }

const MIRROR = "kubernetes.io/config.mirror"

const hasEnded = ({ status }: PodObject): boolean => status.phase === "Succeeded" || status.phase === "Failed"

/** shouldSkipPod: it should be gone for so long that nobody waits for it any more. */
export const isGivenUp = ({ metadata }: KubernetesObject, seconds: number, now: Instant): boolean => {
  const deleted = parseInstant(metadata.deletionTimestamp ?? "")
  return seconds > 0 && deleted !== undefined && Math.floor((now - deleted) / SECOND) > seconds
}

/** The DaemonSet whose pod it is, which has to be asked for. */
export const daemonSetOf = (pod: PodObject): string | undefined => {
  const owner = controllerOf(pod)
  return owner?.kind === "DaemonSet" && owner.apiVersion === "apps/v1" && !hasEnded(pod) ? owner.name : undefined
}

/** `daemonSetExists`: of a pod that has one. */
export const drainVerdict = (pod: PodObject, flags: DrainFlags, daemonSetExists: boolean, now: Instant): Verdict => {
  if (isGivenUp(pod, flags.skipWaitForDeleteTimeout, now)) return "leave"
  const daemonSet = daemonSetOf(pod)
  if (daemonSet !== undefined && daemonSetExists)
    return flags.ignoreDaemonSets ? "leave" : { fatal: "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" }
  if (daemonSet !== undefined && !flags.force) return { fatal: `daemonsets.apps "${daemonSet}" not found` }
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return "leave"
  if (hasEnded(pod)) return "take"
  const local = pod.spec.volumes?.some(({ emptyDir }) => emptyDir !== undefined && emptyDir !== null) === true
  if (local && !flags.deleteEmptyDirData)
    return { fatal: "Pods with local storage (use --delete-emptydir-data to override)" }
  return controllerOf(pod) === undefined && !flags.force
    ? { fatal: "Pods that declare no controller (use --force to override)" }
    : "take"
}

/** What the command says when it cannot go on; each reason names its pods. */
export const drainErrors = (
  stopping: ReadonlyArray<{ readonly pod: PodObject; readonly fatal: string }>
): ReadonlyArray<string> => {
  const reasons = [...new Set(stopping.map(({ fatal }) => fatal))].sort()
  return reasons.map((reason) => {
    const pods = stopping.filter(({ fatal }) => fatal === reason)
    return `cannot delete ${reason}: ${pods.map(({ pod: { metadata } }) => `${metadata.namespace}/${metadata.name}`).join(", ")}`
  })
}
