/** Which pods go so that a critical pod gets its resources (`pkg/kubelet/preemption/preemption.go`; K-290). */
import { Result } from "effect"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { qosClass } from "../apiserver/qosClass.ts"
import type { InsufficientResource } from "../scheduler/nodeResourcesFit.ts"
import { podRequests } from "../scheduler/Resources.ts"
import { isPreemptable } from "./criticalPod.ts"

export const preemptionReason = "Preempting"
export const preemptionMessage = "Preempted in order to admit critical pod"
export const preemptionCondition = "Pod was preempted by Kubelet to accommodate a critical pod."

interface Requirement {
  readonly resource: string
  readonly quantity: number
}

const requestOf = ({ spec }: PodObject, resource: string): number => {
  const requests = podRequests(spec)
  switch (resource) {
    case "pods":
      return 1
    case "cpu":
      return requests.milliCPU
    case "memory":
      return requests.memory
    case "ephemeral-storage":
      return requests.ephemeralStorage
    default:
      return requests.scalar[resource] ?? 0
  }
}

/** What is still missing without those pods. */
const without = (
  requirements: ReadonlyArray<Requirement>,
  pods: ReadonlyArray<PodObject>
): ReadonlyArray<Requirement> =>
  requirements.flatMap(({ resource, quantity }) => {
    const left = pods.reduce((rest, pod) => rest - requestOf(pod, resource), quantity)
    return left > 0 ? [{ resource, quantity: left }] : []
  })

const text = (requirements: ReadonlyArray<Requirement>): string =>
  `[${requirements.map(({ resource, quantity }) => `(res: ${resource}, q: ${quantity}), `).join("")}]`

/** How much of the requirements the pod would leave open, each weighing the same. */
const distance = (requirements: ReadonlyArray<Requirement>, pod: PodObject): number =>
  requirements.reduce((sum, { resource, quantity }) => {
    const left = quantity - requestOf(pod, resource)
    return left > 0 ? sum + (left / quantity) ** 2 : sum
  }, 0)

const isSmaller = (a: PodObject, b: PodObject): boolean => {
  for (const resource of ["memory", "cpu"]) {
    const [own, other] = [requestOf(a, resource), requestOf(b, resource)]
    if (own !== other) return own < other
  }
  return true
}

const closest = (pods: ReadonlyArray<PodObject>, requirements: ReadonlyArray<Requirement>): number => {
  let [best, at] = [requirements.length + 1, 0]
  pods.forEach((pod, index) => {
    const far = distance(requirements, pod)
    const current = pods[at]
    if (far < best || (far === best && current !== undefined && isSmaller(pod, current))) [best, at] = [far, index]
  })
  return at
}

/** The pod that fills most of the gap, again and again until nothing is missing. */
const byDistance = (
  candidates: ReadonlyArray<PodObject>,
  requirements: ReadonlyArray<Requirement>
): ReadonlyArray<PodObject> => {
  const chosen: Array<PodObject> = []
  const left = [...candidates]
  for (let missing = requirements; missing.length > 0 && left.length > 0; missing = without(requirements, chosen)) {
    const index = closest(left, missing)
    const last = left.at(-1)
    if (left[index] !== undefined) chosen.push(left[index])
    if (last !== undefined) left[index] = last
    left.pop()
  }
  return chosen
}

/** The victims, the least service class first; as few of the better classes as possible. Fails with what no set of pods would free. */
export const podsToPreempt = (
  preemptor: PodObject,
  pods: ReadonlyArray<PodObject>,
  short: ReadonlyArray<InsufficientResource>
): Result.Result<ReadonlyArray<PodObject>, string> => {
  const requirements = short.map(({ resource, requested, used, capacity }) => ({
    resource,
    quantity: requested - (capacity - used)
  }))
  const preemptable = pods.filter((pod) => isPreemptable(preemptor, pod))
  const of = (quality: string) => preemptable.filter(({ spec }) => qosClass(spec) === quality)
  const [bestEffort, burstable, guaranteed] = [of("BestEffort"), of("Burstable"), of("Guaranteed")]
  const impossible = without(requirements, preemptable)
  if (impossible.length > 0)
    return Result.fail(`no set of running pods found to reclaim resources: ${text(impossible)}`)
  const fromGuaranteed = byDistance(guaranteed, without(requirements, [...bestEffort, ...burstable]))
  const fromBurstable = byDistance(burstable, without(requirements, [...bestEffort, ...fromGuaranteed]))
  const fromBestEffort = byDistance(bestEffort, without(requirements, [...fromBurstable, ...fromGuaranteed]))
  return Result.succeed([...fromBestEffort, ...fromBurstable, ...fromGuaranteed])
}
