/** What a pod asks of the scheduler that no rule here looks at: to be named in a warning, never passed over in silence. */
import type { JsonObject } from "../../event/Json.ts"
import type { PodSpec } from "../../event/KubernetesObject.ts"

const isFilled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null

/** Paths from the pod, `spec.topologySpreadConstraints` say, in the order of the alphabet. */
export const schedulingNotSimulated = (spec: PodSpec): ReadonlyArray<string> => {
  const affinity = (spec["affinity"] ?? {}) as JsonObject
  const claims = (spec.volumes ?? []).some(
    (volume) => isFilled(volume["persistentVolumeClaim"]) || isFilled(volume["ephemeral"])
  )
  const found: ReadonlyArray<readonly [path: string, isThere: boolean]> = [
    ["spec.affinity.podAffinity", isFilled(affinity["podAffinity"])],
    ["spec.affinity.podAntiAffinity", isFilled(affinity["podAntiAffinity"])],
    // A priority orders the queue; only that it may evict others is missing.
    ["spec.priority (preemption)", Number(spec["priority"] ?? 0) > 0 && spec["preemptionPolicy"] !== "Never"],
    ["spec.resourceClaims", isFilled(spec["resourceClaims"])],
    ["spec.schedulerName", (spec.schedulerName ?? "default-scheduler") !== "default-scheduler"],
    ["spec.topologySpreadConstraints", isFilled(spec["topologySpreadConstraints"])],
    ["spec.volumes[].persistentVolumeClaim", claims]
  ]
  return found.filter(([, isThere]) => isThere).map(([path]) => path)
}
