/** Resources of the pod as a whole (`pkg/kubelet/kubelet_pods.go`, convertToAPIPodLevelResourcesStatus; K-213, K-375…K-377). */
import type { PodSpec, ResourceList, ResourceRequirements } from "../../event/KubernetesObject.ts"
import { milliValue, parseQuantity, quantityText } from "../../event/Quantity.ts"
import type { Pod } from "../../state/Pod.ts"
import { podTotals } from "../apiserver/podLevelResources.ts"
import { type CgroupVersion, MIN_CPU_LIMIT, MIN_SHARES, podCgroup } from "./cgroup.ts"

interface Totals {
  readonly requests: ResourceList
  readonly limits: ResourceList
}

const sumUp = (spec: PodSpec, field: keyof Totals): ResourceList => {
  const texts = [...podTotals(spec, field)].map(([name, quantity]): [string, string] => [name, quantityText(quantity)])
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** They are asked for at every sync of a pod. */
const known = new WeakMap<PodSpec, Totals>()

const totalsOf = (spec: PodSpec): Totals => {
  const before = known.get(spec)
  if (before !== undefined) return before
  const totals = { requests: sumUp(spec, "requests"), limits: sumUp(spec, "limits") }
  const made = isEmpty(totals.requests) && isEmpty(totals.limits) ? nothing : totals
  known.set(spec, made)
  return made
}

/** Of all that ask for nothing. */
const nothing: Totals = { requests: {}, limits: {} }

const isEmpty = (list: ResourceList): boolean => Object.keys(list).length === 0

const requirements = (limits: ResourceList, requests: ResourceList): ResourceRequirements => ({
  ...(isEmpty(limits) ? {} : { limits }),
  ...(isEmpty(requests) ? {} : { requests })
})

export const allocatedPodResources = (pod: Pod): ResourceList | undefined => {
  const { requests } = totalsOf(pod.spec)
  return isEmpty(requests) ? undefined : requests
}

const milliText = (milli: number): string => quantityText({ nano: BigInt(milli) * 1_000_000n, format: "DecimalSI" })
const bytesText = (bytes: bigint): string => quantityText({ nano: bytes * 1_000_000_000n, format: "BinarySI" })

const milliOf = (text: string | undefined): number => {
  const quantity = text === undefined ? undefined : parseQuantity(text)
  return quantity === undefined ? 0 : Number(milliValue(quantity))
}

const sorted = (list: { readonly [name: string]: string | undefined }): ResourceList => {
  const said: { [name: string]: string } = {}
  for (const name of Object.keys(list).sort()) {
    const text = list[name]
    if (text !== undefined) said[name] = text
  }
  return said
}

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
  const totals = totalsOf(pod.spec)
  if (pod.phase !== "Running") return requirements(totals.limits, totals.requests)
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
      memory: known?.requests?.memory ?? requests.memory ?? totals.requests.memory
    })
  )
}
