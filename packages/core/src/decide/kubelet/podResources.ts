/** Resources of the pod as a whole (`pkg/kubelet/kubelet_pods.go`, convertToAPIPodLevelResourcesStatus; K-213, K-375…K-377). */
import type { PodSpec, ResourceList, ResourceRequirements } from "../../event/KubernetesObject.ts"
import { milliValue, parseQuantity, quantityText } from "../../event/Quantity.ts"
import type { Pod } from "../../state/Pod.ts"
import { podTotals } from "../apiserver/podLevelResources.ts"
import { type CgroupVersion, MIN_CPU_LIMIT, MIN_SHARES, podCgroup } from "./cgroup.ts"

const totals = (spec: PodSpec, field: "requests" | "limits"): ResourceList => {
  const texts = [...podTotals(spec, field)].map(([name, quantity]): [string, string] => [name, quantityText(quantity)])
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const requirements = (limits: ResourceList, requests: ResourceList): ResourceRequirements => ({
  ...(Object.keys(limits).length === 0 ? {} : { limits }),
  ...(Object.keys(requests).length === 0 ? {} : { requests })
})

export const allocatedPodResources = (pod: Pod): ResourceList | undefined => {
  const requests = totals(pod.spec, "requests")
  return Object.keys(requests).length === 0 ? undefined : requests
}

const milliText = (milli: number): string => quantityText({ nano: BigInt(milli) * 1_000_000n, format: "DecimalSI" })
const bytesText = (bytes: bigint): string => quantityText({ nano: bytes * 1_000_000_000n, format: "BinarySI" })

const milliOf = (text: string | undefined): number => {
  const quantity = text === undefined ? undefined : parseQuantity(text)
  return quantity === undefined ? 0 : Number(milliValue(quantity))
}

const sorted = (list: { readonly [name: string]: string | undefined }): ResourceList =>
  Object.fromEntries(
    Object.entries(list)
      .flatMap(([name, text]): ReadonlyArray<readonly [string, string]> => (text === undefined ? [] : [[name, text]]))
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )

/**
 * While the API says Running the pod's cgroup is asked, where nothing stands of a memory request.
 *
 * `before`: the status as last reported, whose values stay where the cgroup says nothing; `actuated`: the spec for which the
 * cgroup was last set up.
 */
export const podResources = (
  pod: Pod,
  cgroup: CgroupVersion,
  before: Pod = pod,
  actuated: PodSpec = pod.spec
): ResourceRequirements => {
  if (pod.phase !== "Running") return requirements(totals(pod.spec, "limits"), totals(pod.spec, "requests"))
  const known = before.phase === "Running" ? before.resources : undefined
  const { requests = {}, limits = {} } = pod.spec.resources ?? {}
  const { cpuLimit, cpuRequest, memoryLimit } = podCgroup(actuated, cgroup)
  const shown = (milli: number, text: string | undefined, least: number) =>
    milli > least || milliOf(text) > least ? milliText(milli) : text
  return requirements(
    sorted({
      ...limits,
      cpu: cpuLimit === undefined ? (known?.limits?.cpu ?? limits.cpu) : shown(cpuLimit, limits.cpu, MIN_CPU_LIMIT),
      memory: memoryLimit === undefined ? (known?.limits?.memory ?? limits.memory) : bytesText(memoryLimit)
    }),
    sorted({
      ...requests,
      cpu: shown(cpuRequest, requests.cpu, MIN_SHARES),
      memory: known?.requests?.memory ?? requests.memory ?? totals(pod.spec, "requests").memory
    })
  )
}
