/** What a run on a real cluster shows: what every recording has, and the kinds beside it that the scenario's own objects bring along. */
import { type Scenario, usesClaims } from "@kubereel/core"
import { defaultResources, type Resource, resourceOf } from "../record/Resource.ts"

const namespaced = (group: string, version: string, plural: string, kind: string): Resource =>
  resourceOf({ group, version, plural, kind, namespaced: true })

/** By the kind of the object that somebody applies: itself, and what controllers make of it. */
const broughtAlong = new Map<string, ReadonlyArray<Resource>>([
  [
    "Service",
    [
      namespaced("", "v1", "services", "Service"),
      namespaced("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")
    ]
  ],
  ["LimitRange", [namespaced("", "v1", "limitranges", "LimitRange")]],
  ["ResourceQuota", [namespaced("", "v1", "resourcequotas", "ResourceQuota")]],
  ["PodDisruptionBudget", [namespaced("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget")]],
  ["HorizontalPodAutoscaler", [namespaced("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler")]]
])

/** Of volumes, which belong to no namespace, there may be others': they are not shown. */
const claims = namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim")

/** Each resource once. */
export const watchedResources = (scenario: Scenario): ReadonlyArray<Resource> => {
  const { steps } = scenario
  const applied = new Set(
    steps.flatMap(({ intention }) => (intention._tag === "Apply" ? intention.objects.map(({ kind }) => kind) : []))
  )
  const brought = [...broughtAlong].flatMap(([kind, resources]) => (applied.has(kind) ? resources : []))
  return [...defaultResources, ...brought, ...(usesClaims(scenario) ? [claims] : [])]
}
