/** Defaults of the resources of the pod as a whole (`pkg/apis/core/v1/defaults.go`, defaultHugePagePodLimits, defaultPodRequests). */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { addQuantity, compareQuantity, parseQuantity, type Quantity, quantityText } from "../../event/Quantity.ts"

type Amounts = ReadonlyMap<string, Quantity>

/** Most containers ask for nothing. */
const none: Amounts = new Map()

const amounts = (list: Json | undefined): Amounts => {
  if (!isJsonObject(list)) return none
  const read = new Map<string, Quantity>()
  for (const name of Object.keys(list)) {
    const quantity = parseQuantity(String(list[name] ?? "").trim())
    if (quantity !== undefined) read.set(name, quantity)
  }
  return read
}

const combine = (a: Amounts, b: Amounts, pick: (a: Quantity, b: Quantity) => Quantity): Amounts => {
  if (b.size === 0) return a
  const both = new Map(a)
  for (const [name, quantity] of b) {
    const before = both.get(name)
    both.set(name, before === undefined ? quantity : pick(before, quantity))
  }
  return both
}

const larger = (a: Quantity, b: Quantity): Quantity => (compareQuantity(b, a) > 0 ? b : a)
const list = (spec: JsonObject, name: string): ReadonlyArray<JsonObject> => {
  const containers = spec[name]
  return Array.isArray(containers) ? containers.filter((item: Json) => isJsonObject(item)) : []
}
const of = (container: JsonObject, field: "requests" | "limits"): Amounts =>
  amounts(isJsonObject(container["resources"]) ? container["resources"][field] : undefined)

/** What the containers need together: all regular ones and sidecars at once, or an init container beside the sidecars before it. */
export const aggregateResources = (spec: JsonObject, field: "requests" | "limits"): Amounts => {
  let total = none
  for (const container of list(spec, "containers")) total = combine(total, of(container, field), addQuantity)
  let sidecars = none
  let initial = none
  for (const container of list(spec, "initContainers")) {
    const own = of(container, field)
    if (container["restartPolicy"] === "Always") {
      total = combine(total, own, addQuantity)
      sidecars = combine(sidecars, own, addQuantity)
      initial = combine(initial, sidecars, larger)
    } else initial = combine(initial, combine(own, sidecars, addQuantity), larger)
  }
  return combine(total, initial, larger)
}

const isHugePages = (name: string): boolean => name.startsWith("hugepages-")
const isSupported = (name: string): boolean => name === "cpu" || name === "memory" || isHugePages(name)

/**
 * What the pod takes as a whole (component-helpers `resource/helpers.go`, PodRequests and PodLimits): what it says itself counts
 * instead of what its containers need; its overhead comes on top.
 */
export const podTotals = (spec: JsonObject, field: "requests" | "limits"): Amounts => {
  const given = spec["resources"]
  const own = select(amounts(isJsonObject(given) ? given[field] : undefined), isSupported)
  const total = combine(aggregateResources(spec, field), own, (_, ofPod) => ofPod)
  const overhead = amounts(spec["overhead"])
  return combine(total, field === "limits" ? select(overhead, (name) => total.has(name)) : overhead, addQuantity)
}

const withMissing = (given: Json | undefined, more: Amounts): JsonObject => {
  const known = isJsonObject(given) ? given : {}
  const added = [...more]
    .filter(([name]) => known[name] === undefined)
    .map(([name, quantity]) => [name, quantityText(quantity)])
  return { ...known, ...Object.fromEntries(added) }
}

const select = (from: Amounts, keep: (name: string) => boolean): Amounts =>
  from.size === 0 ? from : new Map([...from].filter(([name]) => keep(name)))

/** Changes nothing unless `spec.resources` says something: huge page limits, then requests, from the containers and the limits. */
export const podLevelResources = (spec: JsonObject): JsonObject => {
  const given = spec["resources"]
  if (!isJsonObject(given)) return spec
  if (amounts(given["limits"]).size === 0 && amounts(given["requests"]).size === 0) return spec
  const hugePages = select(aggregateResources(spec, "limits"), isHugePages)
  const limits = withMissing(given["limits"], hugePages)
  if (Object.keys(limits).length === 0) return spec
  // Huge pages cannot be overcommitted: their request is always their limit.
  const needed = select(aggregateResources(spec, "requests"), (name) => isSupported(name) && !isHugePages(name))
  const requests = withMissing(withMissing(given["requests"], needed), select(amounts(limits), isSupported))
  return { ...spec, resources: { ...given, limits, ...(Object.keys(requests).length > 0 ? { requests } : {}) } }
}
