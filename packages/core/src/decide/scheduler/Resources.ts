/** Amounts of resources as the scheduler counts them (`pkg/scheduler/framework/types.go`, Resource), and what a pod asks for. */
import type { Json } from "../../event/Json.ts"
import type { ContainerSpec, PodSpec, ResourceList } from "../../event/KubernetesObject.ts"
import {
  addQuantity,
  compareQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  wholeValue
} from "../../event/Quantity.ts"

/** Whole numbers, exact in a double: up to 9 PB of memory. */
export interface Resources {
  /** Thousandths of a CPU. */
  readonly milliCPU: number
  /** Bytes. */
  readonly memory: number
  /** Bytes. */
  readonly ephemeralStorage: number
  /** Of a node's allocatable: how many pods it takes. */
  readonly allowedPodNumber: number
  /** Everything else: `nvidia.com/gpu`, `hugepages-2Mi`. */
  readonly scalar: { readonly [resource: string]: number }
}

export const NOTHING: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, allowedPodNumber: 0, scalar: {} }

/** What counts for a container that does not say, for scores only (`pkg/scheduler/util/pod_resources.go`). */
const ASSUMED: Amounts = new Map([
  ["cpu", { nano: 100_000_000n, format: "DecimalSI" }],
  ["memory", { nano: BigInt(200 * 1024 * 1024) * 1_000_000_000n, format: "DecimalSI" }]
])

type Amounts = ReadonlyMap<string, Quantity>
const NONE: Amounts = new Map()

const amountsOf = (list: ResourceList | undefined): Amounts => {
  if (list === undefined) return NONE
  const amounts = new Map<string, Quantity>()
  for (const [name, text] of Object.entries(list)) {
    const quantity = parseQuantity(text)
    if (quantity !== undefined) amounts.set(name, quantity)
  }
  return amounts
}

const combine = (a: Amounts, b: Amounts, of: (x: Quantity, y: Quantity) => Quantity): Amounts => {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const all = new Map(a)
  for (const [name, amount] of b) {
    const before = all.get(name)
    all.set(name, before === undefined ? amount : of(before, amount))
  }
  return all
}

const sum = (a: Amounts, b: Amounts): Amounts => combine(a, b, addQuantity)
const larger = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => (compareQuantity(x, y) < 0 ? y : x))
/** What `a` says, and `b` where it says nothing. */
const filled = (a: Amounts, b: Amounts): Amounts => combine(a, b, (own) => own)

const toResources = (amounts: Amounts): Resources => {
  const scalar: Record<string, number> = {}
  for (const [name, amount] of amounts) {
    if (name !== "cpu" && name !== "memory" && name !== "ephemeral-storage" && name !== "pods")
      scalar[name] = Number(wholeValue(amount))
  }
  const whole = (name: string): number => Number(wholeValue(amounts.get(name) ?? { nano: 0n, format: "DecimalSI" }))
  return {
    milliCPU: Number(milliValue(amounts.get("cpu") ?? { nano: 0n, format: "DecimalSI" })),
    memory: whole("memory"),
    ephemeralStorage: whole("ephemeral-storage"),
    allowedPodNumber: whole("pods"),
    scalar
  }
}

const ofLists = new WeakMap<ResourceList, Resources>()

/** A resource list of an object, a node's `allocatable` say. A quantity that is none counts as absent. */
export const resourcesOf = (list: ResourceList | undefined): Resources => {
  const known = list && ofLists.get(list)
  if (known !== undefined) return known
  const made = toResources(amountsOf(list))
  if (list !== undefined) ofLists.set(list, made)
  return made
}

/** Pod-level requests take the place of the containers' for these (`IsSupportedPodLevelResource`). */
const podLevel = (name: string): boolean => name === "cpu" || name === "memory" || name.startsWith("hugepages-")

const objectOf = (value: Json | undefined): ResourceList | undefined => value as ResourceList | undefined

/** Init containers run one after the other, beside the restartable ones before them; regular ones run together. */
const containerAmounts = (spec: PodSpec, missing: Amounts): Amounts => {
  const own = (container: ContainerSpec): Amounts => filled(amountsOf(container.resources?.requests), missing)
  let together = spec.containers.map(own).reduce(sum, NONE)
  let [restartable, initial] = [NONE, NONE]
  for (const container of spec.initContainers ?? []) {
    const amounts = own(container)
    const now = sum(amounts, restartable)
    initial = larger(initial, now)
    if (container.restartPolicy === "Always") [restartable, together] = [now, sum(together, amounts)]
  }
  return larger(together, initial)
}

const amountsFor = (spec: PodSpec, missing: Amounts): Amounts => {
  const whole = amountsOf(objectOf((spec["resources"] as { requests?: Json } | undefined)?.requests))
  const amounts = new Map(containerAmounts(spec, missing))
  for (const [name, amount] of whole) if (podLevel(name)) amounts.set(name, amount)
  return sum(amounts, amountsOf(objectOf(spec["overhead"])))
}

/** What a pod takes of a node (component-helpers `resource/helpers.go`, PodRequests). A resize under way is not looked at. */
export const podRequests = (spec: PodSpec): Resources => toResources(amountsFor(spec, NONE))

/** The same for scores, where a container that asks for nothing is taken to ask for a little. */
export const nonZeroRequests = (spec: PodSpec): Resources => toResources(amountsFor(spec, ASSUMED))

const combined = (a: Resources, b: Resources, sign: 1 | -1): Resources => {
  const scalar: Record<string, number> = { ...a.scalar }
  for (const [name, amount] of Object.entries(b.scalar)) scalar[name] = (scalar[name] ?? 0) + sign * amount
  return {
    milliCPU: a.milliCPU + sign * b.milliCPU,
    memory: a.memory + sign * b.memory,
    ephemeralStorage: a.ephemeralStorage + sign * b.ephemeralStorage,
    allowedPodNumber: a.allowedPodNumber + sign * b.allowedPodNumber,
    scalar
  }
}

export const plus = (a: Resources, b: Resources): Resources => combined(a, b, 1)
export const minus = (a: Resources, b: Resources): Resources => combined(a, b, -1)

export type MutableResources = { -readonly [Key in keyof Resources]: Resources[Key] } & {
  readonly scalar: { [resource: string]: number }
}

/** Nothing, to be added to. */
export const mutable = (): MutableResources => ({ ...NOTHING, scalar: {} })

/** Adds in place. */
export const accumulate = (sum: MutableResources, amount: Resources, sign: 1 | -1): void => {
  sum.milliCPU += sign * amount.milliCPU
  sum.memory += sign * amount.memory
  sum.ephemeralStorage += sign * amount.ephemeralStorage
  sum.allowedPodNumber += sign * amount.allowedPodNumber
  for (const name in amount.scalar) sum.scalar[name] = (sum.scalar[name] ?? 0) + sign * (amount.scalar[name] ?? 0)
}
