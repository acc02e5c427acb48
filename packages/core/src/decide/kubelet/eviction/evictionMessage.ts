/** Why a pod is evicted, in words (`pkg/kubelet/eviction/helpers.go`, evictionMessage; K-281, K-282). */
import type { JsonObject } from "../../../event/Json.ts"
import type { ContainerSpec, PodObject, ResourceList } from "../../../event/KubernetesObject.ts"
import { parseQuantity, quantityText, wholeValue } from "../../../event/Quantity.ts"
import type { ContainerStats, Observations, StatsFunc } from "./Stats.ts"
import { resourceOf, type Threshold, thresholdQuantity } from "./Threshold.ts"

/** Bytes as `resource.NewQuantity(n, BinarySI)` prints them. */
export const bytesText = (bytes: number): string =>
  quantityText({ nano: BigInt(bytes) * 1_000_000_000n, format: "BinarySI" })
const countText = (count: number): string => quantityText({ nano: BigInt(count) * 1_000_000_000n, format: "DecimalSI" })

export interface EvictionWords {
  readonly message: string
  /** Of the Event. */
  readonly annotations: { readonly [key: string]: string }
}

/** The first threshold of that resource tells its quantity and what is left. */
const thresholdText = (resource: string, thresholds: ReadonlyArray<Threshold>, observations: Observations): string => {
  for (const { signal, value } of thresholds) {
    const observed = observations.get(signal)
    if (resourceOf(signal) !== resource || observed === undefined) continue
    const quantity =
      value._tag === "Quantity" ? quantityText(value.quantity) : bytesText(thresholdQuantity(value, observed.capacity))
    const available = resource === "pids" ? countText(observed.available) : bytesText(observed.available)
    return `Threshold quantity: ${quantity}, available: ${available}. `
  }
  return ""
}

const requestText = (list: ResourceList | undefined, resource: string): { text: string; value: number } => {
  const quantity = parseQuantity(String(list?.[resource] ?? "0"))
  return quantity === undefined
    ? { text: "0", value: 0 }
    : { text: quantityText(quantity), value: Number(wholeValue(quantity)) }
}

const usageOf = (stats: ContainerStats, resource: string): number | undefined => {
  if (resource === "memory") return stats.memory
  return resource === "ephemeral-storage" ? stats.rootfs + stats.logs : undefined
}

interface Offender {
  readonly name: string
  readonly usage: string
  readonly request: string
}

/** Containers that use more than they asked for; those of a debugger cannot ask. */
const offenders = (
  containers: ReadonlyArray<ContainerSpec>,
  stats: ReadonlyArray<ContainerStats>,
  resource: string
): ReadonlyArray<Offender> =>
  stats.flatMap((own) => {
    const spec = containers.find(({ name }) => name === own.name)
    const usage = usageOf(own, resource)
    const request = requestText(spec?.resources?.requests, resource)
    return spec === undefined || usage === undefined || usage <= request.value
      ? []
      : [{ name: own.name, usage: bytesText(usage), request: request.text }]
  })

export const evictionMessage = (
  resource: string,
  pod: PodObject,
  stats: StatsFunc,
  { observations, thresholds }: { readonly observations: Observations; readonly thresholds: ReadonlyArray<Threshold> }
): EvictionWords => {
  const low = `The node was low on resource: ${resource}. ${thresholdText(resource, thresholds, observations)}`
  const own = stats(pod)
  if (own === undefined) return { message: low, annotations: {} }
  const whole = (pod.spec["resources"] as JsonObject | undefined)?.["requests"] as ResourceList | undefined
  const larger = `has larger consumption of ${resource}. `
  const ofPod =
    resource === "memory" && whole?.["memory"] !== undefined
      ? `Pod ${pod.metadata.name} was using ${bytesText(own.memory)}, request is ${requestText(whole, resource).text}, ${larger}`
      : ""
  const found = offenders([...pod.spec.containers, ...(pod.spec.initContainers ?? [])], own.containers, resource)
  const ofContainers = found.map(
    ({ name, request, usage }) => `Container ${name} was using ${usage}, request is ${request}, ${larger}`
  )
  return {
    message: `${low}${ofPod}${ofContainers.join("")}`,
    annotations: {
      ...(ofPod === "" ? {} : { offending_pod: pod.metadata.name, offending_pod_usage: bytesText(own.memory) }),
      offending_containers: found.map(({ name }) => name).join(","),
      offending_containers_usage: found.map(({ usage }) => usage).join(","),
      starved_resource: resource
    }
  }
}
