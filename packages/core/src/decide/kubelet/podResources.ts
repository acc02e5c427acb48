/** Resources of the pod as a whole (`pkg/kubelet/kubelet_pods.go`, convertToAPIPodLevelResourcesStatus; K-213, K-375…K-377). */
import type { PodSpec, ResourceList, ResourceRequirements } from "../../event/KubernetesObject.ts"
import { quantityText } from "../../event/Quantity.ts"
import type { Pod } from "../../state/Pod.ts"
import { aggregateResources } from "../apiserver/podLevelResources.ts"

export type CgroupVersion = "v1" | "v2"

/** What cgroup v1 answers for "no memory limit": 0x7FFFFFFFFFFFF000 bytes, kept by the kubelet as a limit (K-377). */
const V1_NO_MEMORY_LIMIT = "9007199254740988Ki"

const aggregate = (spec: PodSpec, field: "requests" | "limits"): ResourceList | undefined => {
  const amounts = aggregateResources(spec, field)
  if (amounts.size === 0) return undefined
  const texts = [...amounts].map(([name, quantity]): [string, string] => [name, quantityText(quantity)])
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const requirements = (limits: ResourceList | undefined, requests: ResourceList | undefined): ResourceRequirements => ({
  ...(limits === undefined ? {} : { limits }),
  ...(requests === undefined ? {} : { requests })
})

export const allocatedPodResources = (pod: Pod): ResourceList | undefined => aggregate(pod.spec, "requests")

/**
 * While the API says Running, the pod's cgroup is asked: its CPU and memory settings are those of the spec but for what a cgroup v1
 * says about a missing memory limit. The lossy CPU shares of cgroup v2 (K-376) are not modelled.
 */
export const podResources = (pod: Pod, cgroup: CgroupVersion): ResourceRequirements => {
  const limits = aggregate(pod.spec, "limits")
  const requests = aggregate(pod.spec, "requests")
  const unlimited = pod.phase === "Running" && cgroup === "v1" && !everyContainerHas(pod.spec, "memory")
  return requirements(unlimited ? { ...cpuOnly(pod.spec, limits), memory: V1_NO_MEMORY_LIMIT } : limits, requests)
}

const everyContainerHas = (spec: PodSpec, resource: string): boolean =>
  spec.containers.every((container) => container.resources?.limits?.[resource] !== undefined)

/** The cgroup limits a resource only when every container limits it (`pkg/kubelet/cm/helpers_linux.go`, ResourceConfigForPod). */
const cpuOnly = (spec: PodSpec, limits: ResourceList | undefined): ResourceList => {
  const cpu = limits?.cpu
  return cpu === undefined || !everyContainerHas(spec, "cpu") ? {} : { cpu }
}
