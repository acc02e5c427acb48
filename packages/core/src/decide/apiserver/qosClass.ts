/** The quality of service class of a pod (`pkg/apis/core/helper/qos/qos.go`, ComputePodQOS; C-024). */
import type { PodSpec, ResourceList, ResourceRequirements } from "../../event/KubernetesObject.ts"
import { addQuantity, compareQuantity, parseQuantity, type Quantity } from "../../event/Quantity.ts"

const counted = ["cpu", "memory"] as const

const positive = (list: ResourceList | undefined): ReadonlyMap<string, Quantity> => {
  const found = new Map<string, Quantity>()
  for (const name of counted) {
    const quantity = parseQuantity(String(list?.[name] ?? "0"))
    if (quantity !== undefined && quantity.nano > 0n) found.set(name, quantity)
  }
  return found
}

const sum = (lists: ReadonlyArray<ReadonlyMap<string, Quantity>>): ReadonlyMap<string, Quantity> => {
  const total = new Map<string, Quantity>()
  for (const [name, quantity] of lists.flatMap((list) => [...list])) {
    const before = total.get(name)
    total.set(name, before === undefined ? quantity : addQuantity(before, quantity))
  }
  return total
}

type QOSClass = "Guaranteed" | "Burstable" | "BestEffort"

const known = new WeakMap<PodSpec, QOSClass>()

/** Pod-level resources, where there are any, count instead of the containers'. */
export const qosClass = (spec: PodSpec): QOSClass => {
  const before = known.get(spec)
  if (before !== undefined) return before
  const made = classOf(spec)
  known.set(spec, made)
  return made
}

const classOf = (spec: PodSpec): QOSClass => {
  const ofPod = spec["resources"] as ResourceRequirements | undefined
  const sources =
    ofPod === undefined || ofPod === null
      ? [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.resources)
      : [ofPod]
  const limitsOfEach = sources.map((resources) => positive(resources?.limits))
  const requests = sum(sources.map((resources) => positive(resources?.requests)))
  const limits = sum(limitsOfEach)
  if (requests.size === 0 && limits.size === 0) return "BestEffort"
  const everywhere = limitsOfEach.every((list) => counted.every((name) => list.has(name)))
  const equal = [...requests].every(([name, quantity]) => {
    const limit = limits.get(name)
    return limit !== undefined && compareQuantity(limit, quantity) === 0
  })
  return everywhere && equal && requests.size === limits.size ? "Guaranteed" : "Burstable"
}
