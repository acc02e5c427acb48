/**
 * A status without the fields that a version does not report: what the kubelet's generators ask their gates for, in one place
 * (`pkg/kubelet/kubelet_pods.go`, `pkg/api/v1/pod/util.go`, CalculatePodStatusObservedGeneration).
 */
import type { Container, Pod } from "../../state/Pod.ts"
import type { FeatureGates, KubernetesRelease } from "./featureGates.ts"

/** A version with all of them reports everything. */
const reported = [
  "PodObservedGenerationTracking",
  "InPlacePodLevelResourcesVerticalScaling",
  "InPlacePodVerticalScaling",
  "RecursiveReadOnlyMounts",
  "SupplementalGroupsPolicy"
] as const

const containerOf = (container: Container, gates: FeatureGates): Container => ({
  ...container,
  ...(gates.InPlacePodVerticalScaling ? {} : { resources: undefined, allocatedResources: undefined }),
  ...(gates.RecursiveReadOnlyMounts ? {} : { volumeMounts: undefined }),
  ...(gates.SupplementalGroupsPolicy ? {} : { user: undefined })
})

/** CalculatePodConditionObservedGeneration. */
export const dropDisabledConditions = <C extends { readonly observedGeneration?: number | undefined }>(
  conditions: ReadonlyArray<C>,
  { gates }: KubernetesRelease
): ReadonlyArray<C> => {
  if (gates.PodObservedGenerationTracking) return conditions
  return conditions.map(({ observedGeneration: _, ...condition }) => condition as unknown as C)
}

export const dropDisabledStatus = (pod: Pod, release: KubernetesRelease): Pod => {
  const { gates } = release
  if (reported.every((gate) => gates[gate])) return pod
  return {
    ...pod,
    ...(gates.PodObservedGenerationTracking ? {} : { observedGeneration: undefined }),
    ...(gates.InPlacePodLevelResourcesVerticalScaling ? {} : { resources: undefined, allocatedResources: undefined }),
    containers: pod.containers.map((container) => containerOf(container, gates)),
    conditions: dropDisabledConditions(pod.conditions, release)
  }
}
