/** How many pods it takes to have each of them use what it should (`pkg/controller/podautoscaler/replica_calculator.go`). */
import { Result } from "effect"
import type { Instant } from "../../../event/Instant.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { groupPods } from "./groupPods.ts"
import type { PodMetric } from "./PodMetrics.ts"

/** By how much of the target usage may be off it, as shares. */
export interface Tolerances {
  readonly scaleDown: number
  readonly scaleUp: number
}

/** What is known of the pods of a target. */
export interface Observed {
  readonly pods: ReadonlyArray<PodObject>
  /** By the pod's name; pods without metrics are not there. */
  readonly metrics: ReadonlyMap<string, PodMetric>
  readonly resource: string
  readonly currentReplicas: number
  readonly tolerances: Tolerances
  readonly now: Instant
}

/** A share of what the pods ask for, or so much a pod, in thousandths. */
export type Target =
  | {
      readonly utilization: number
      /** `calculateRequests`; asked for once it is clear that there are pods that count. */
      readonly requests: () => Result.Result<ReadonlyMap<string, number>, string>
    }
  | { readonly usage: number }

export interface Proposal {
  readonly replicas: number
  /** In percent; absent for so much a pod. */
  readonly utilization: number | undefined
  /** What a pod uses on average, in thousandths. */
  readonly average: number
}

interface Measured {
  /** Of the target: above 1 there is too little of them. */
  readonly ratio: number
  readonly utilization: number | undefined
  readonly average: number
}

interface Measure {
  readonly of: (values: ReadonlyMap<string, number>) => Result.Result<Measured, string>
  /** What a pod without metrics is taken to use when the others use too little. */
  readonly assumed: (pod: string) => number
}

const sumOf = (values: Iterable<number>): bigint => {
  let sum = 0n
  for (const value of values) sum += BigInt(value)
  return sum
}

/** GetMetricUsageRatio. */
const byUsage = (target: number): Measure => ({
  of: (values) => {
    const average = Number(sumOf(values.values()) / BigInt(values.size))
    return Result.succeed({ ratio: average / target, utilization: undefined, average })
  },
  assumed: () => target
})

/** GetResourceUtilizationRatio. */
const byUtilization = (target: number, requests: ReadonlyMap<string, number>): Measure => ({
  of: (values) => {
    const known = [...values].filter(([pod]) => requests.has(pod))
    const asked = sumOf(known.map(([pod]) => requests.get(pod) ?? 0))
    if (asked === 0n) return Result.fail("no metrics returned matched known pods")
    const used = sumOf(known.map(([, value]) => value))
    const utilization = Number((used * 100n) / asked)
    return Result.succeed({ ratio: utilization / target, utilization, average: Number(used / BigInt(known.length)) })
  },
  assumed: (pod) => Math.trunc(((requests.get(pod) ?? 0) * Math.max(100, target)) / 100)
})

const measureOf = (target: Target): Result.Result<Measure, string> => {
  if ("usage" in target) return Result.succeed(byUsage(target.usage))
  const requests = target.requests()
  return Result.isFailure(requests)
    ? Result.fail(requests.failure)
    : Result.succeed(byUtilization(target.utilization, requests.success))
}

const isWithin = ({ scaleDown, scaleUp }: Tolerances, ratio: number): boolean =>
  1 - scaleDown <= ratio && ratio <= 1 + scaleUp

const valuesOf = (
  metrics: ReadonlyMap<string, PodMetric>,
  ...dropped: ReadonlyArray<ReadonlySet<string>>
): Map<string, number> => {
  const values = new Map<string, number>()
  for (const [pod, { value }] of metrics) if (!dropped.some((names) => names.has(pod))) values.set(pod, value)
  return values
}

/**
 * GetResourceReplicas and GetRawResourceReplicas. Pods of which nothing is known are taken to speak against a change: to use
 * all that they ask for when there are too many, and nothing when there are too few.
 */
export const proposeReplicas = (observed: Observed, target: Target): Result.Result<Proposal, string> => {
  const { currentReplicas, metrics, now, pods, resource, tolerances } = observed
  if (pods.length === 0) return Result.fail("no pods returned by selector while calculating replica count")
  const { ignored, missing, ready, unready } = groupPods(pods, metrics, resource, now)
  const values = valuesOf(metrics, ignored, unready)
  if (values.size === 0) return Result.fail("did not receive metrics for targeted pods (pods might be unready)")
  const measure = measureOf(target)
  if (Result.isFailure(measure)) return Result.fail(measure.failure)
  const first = measure.success.of(values)
  if (Result.isFailure(first)) return Result.fail(first.failure)
  const { average, ratio, utilization } = first.success
  const proposed = (replicas: number) => Result.succeed({ replicas, utilization, average })
  const upWithUnready = unready.size > 0 && ratio > 1
  if (!upWithUnready && missing.size === 0)
    return proposed(isWithin(tolerances, ratio) ? currentReplicas : Math.ceil(ratio * ready))
  if (ratio < 1) for (const pod of missing) values.set(pod, measure.success.assumed(pod))
  if (ratio > 1) for (const pod of [...missing, ...unready]) values.set(pod, 0)
  const second = measure.success.of(values)
  if (Result.isFailure(second)) return Result.fail(second.failure)
  const again = second.success.ratio
  // Not worth it, or the other way: then rather not at all.
  if (isWithin(tolerances, again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1))
    return proposed(currentReplicas)
  const replicas = Math.ceil(again * values.size)
  const turned = (again < 1 && replicas > currentReplicas) || (again > 1 && replicas < currentReplicas)
  return proposed(turned ? currentReplicas : replicas)
}
