/** What the kubelet writes into a pod's cgroup, and what it reads out of it again (`pkg/kubelet/cm/helpers_linux.go`, ResourceConfigForPod; K-375…K-378). */
import type { ContainerSpec, PodSpec, ResourceRequirements } from "../../event/KubernetesObject.ts"
import { milliValue, parseQuantity, wholeValue } from "../../event/Quantity.ts"
import { podTotals } from "../apiserver/podLevelResources.ts"
import { qosClass } from "../apiserver/qosClass.ts"

export type CgroupVersion = "v1" | "v2"

/** Milli-CPUs and bytes; `undefined`: the cgroup says nothing of it. */
export interface CgroupSettings {
  readonly cpuRequest: number
  readonly cpuLimit: number | undefined
  readonly memoryLimit: bigint | undefined
}

/** Below these the cgroup cannot tell amounts apart, and the spec's are shown (K-192). */
export const MIN_SHARES = 2
export const MIN_CPU_LIMIT = 10

/** What cgroup v1 answers for "no memory limit": 0x7FFFFFFFFFFFF000 bytes, which the kubelet takes for a limit (K-377). */
const V1_NO_MEMORY_LIMIT = 0x7ffffffffffff000n
const PAGE = 4_096n

const milliToShares = (milli: number): number =>
  milli === 0 ? MIN_SHARES : Math.min(Math.max(Math.floor((milli * 1_024) / 1_000), MIN_SHARES), 262_144)

const sharesToMilli = (shares: number): number => Math.ceil((shares * 1_000) / 1_024)

/** A request as a container's shares give it back (K-378). */
export const milliThroughShares = (milli: number): number => sharesToMilli(milliToShares(milli))

/** cgroup v2 keeps a weight of 1 to 10000 instead, and loses what lies between (K-376). */
const throughWeight = (shares: number): number => {
  const weight = shares >= 262_144 ? 10_000 : 1 + Math.floor(((shares - 2) * 9_999) / 262_142)
  return Math.floor(((weight - 1) * 262_142) / 9_999) + 2
}

const amount = (resources: ResourceRequirements | undefined, field: "requests" | "limits", name: string) =>
  parseQuantity(String(resources?.[field]?.[name] ?? "0"))

/** The pod as a whole is limited when every container is, or the pod itself says a limit. */
const isLimited = (spec: PodSpec, name: string): boolean => {
  const limits = (resources: ResourceRequirements | undefined) => (amount(resources, "limits", name)?.nano ?? 0n) > 0n
  const containers: ReadonlyArray<ContainerSpec> = [...spec.containers, ...(spec.initContainers ?? [])]
  return limits(spec.resources) || containers.every((container) => limits(container.resources))
}

const known: Readonly<Record<CgroupVersion, WeakMap<PodSpec, CgroupSettings>>> = {
  v1: new WeakMap(),
  v2: new WeakMap()
}

/** What stands in the pod's cgroup when it was set up for that spec. */
export const podCgroup = (spec: PodSpec, version: CgroupVersion): CgroupSettings => {
  const before = known[version].get(spec)
  if (before !== undefined) return before
  const made = settingsOf(spec, version)
  known[version].set(spec, made)
  return made
}

const settingsOf = (spec: PodSpec, version: CgroupVersion): CgroupSettings => {
  const [requests, limits] = [podTotals(spec, "requests"), podTotals(spec, "limits")]
  const [request, cpu, memory] = [requests.get("cpu"), limits.get("cpu"), limits.get("memory")]
  const shares = milliToShares(request === undefined ? 0 : Number(milliValue(request)))
  const limited = (name: string) => qosClass(spec) !== "BestEffort" && isLimited(spec, name)
  const cpuLimit = cpu === undefined || !limited("cpu") ? 0 : Math.max(Number(milliValue(cpu)), MIN_CPU_LIMIT)
  const unlimited = version === "v1" ? V1_NO_MEMORY_LIMIT : undefined
  return {
    cpuRequest: sharesToMilli(version === "v2" ? throughWeight(shares) : shares),
    cpuLimit: cpuLimit === 0 ? undefined : cpuLimit,
    memoryLimit:
      memory === undefined || !limited("memory") ? unlimited : wholeValue(memory) - (wholeValue(memory) % PAGE)
  }
}
