/** The tables of Kubernetes 1.36.3's own tests (`replica_calculator_test.go`, `horizontal_test.go`), carried over into `goCases.json`. */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { calculateRequests } from "../../../../src/decide/controller/podautoscaler/calculateRequests.ts"
import { metricOf, type PodMetric } from "../../../../src/decide/controller/podautoscaler/PodMetrics.ts"
import { proposeReplicas } from "../../../../src/decide/controller/podautoscaler/replicaCalculator.ts"
import {
  type Desire,
  normalizeDesired,
  noScalingHistory
} from "../../../../src/decide/controller/podautoscaler/scalingRules.ts"
import { type Instant, later, SECOND, toTime } from "../../../../src/event/Instant.ts"
import type { PodObject } from "../../../../src/event/KubernetesObject.ts"
import { NOW as now } from "../given.ts"

interface ReplicaCase {
  readonly name: string
  readonly currentReplicas: number
  readonly expectedReplicas?: number
  readonly expectedError?: string
  /** Down, then up. */
  readonly tolerances?: readonly [number, number]
  readonly podReadiness?: ReadonlyArray<string>
  /** Started a moment ago? */
  readonly hot?: ReadonlyArray<boolean>
  readonly podPhase?: ReadonlyArray<string>
  readonly deleted?: ReadonlyArray<boolean>
  readonly container?: string
  readonly resource?: string
  readonly requests?: ReadonlyArray<string>
  /** By pod and container. */
  readonly levels: ReadonlyArray<ReadonlyArray<number>>
  readonly podNames?: ReadonlyArray<string>
  readonly targetUtilization?: number
  readonly targetUsage?: number
  readonly expectedUtilization?: number
  readonly expectedAverage: number
}

interface Uniform {
  readonly uniform: ReadonlyArray<number>
  readonly period: number
}

interface ScalingCase {
  readonly name: string
  readonly current: number
  readonly desired: number
  readonly min: number
  readonly max: number
  readonly expected: number
  readonly condition: string
}

interface RuleCase extends ScalingCase {
  /** `generateScalingRules(pods, podsPeriod, percent, percentPeriod, window)`. */
  readonly up: string | null
  readonly down: string | null
  readonly ups: Uniform | ReadonlyArray<never>
  readonly downs: Uniform | ReadonlyArray<never>
}

interface StabilizedCase {
  readonly name: string
  readonly current: number
  readonly desired: number
  readonly expected: number
  readonly recommendations: ReadonlyArray<readonly [replicas: number, seconds: number]>
  readonly expectedRecommendations: ReadonlyArray<number>
  readonly up: number
  readonly down: number
}

const cases = JSON.parse(readFileSync(new URL("goCases.json", import.meta.url), "utf8")) as {
  readonly replicas: ReadonlyArray<ReplicaCase>
  readonly scaling: ReadonlyArray<RuleCase>
  readonly stabilized: ReadonlyArray<StabilizedCase>
  readonly converted: ReadonlyArray<ScalingCase>
}

const ago = (seconds: number): Instant => later(now, -seconds * SECOND)

const podsOf = (given: ReplicaCase): ReadonlyArray<PodObject> =>
  Array.from({ length: Math.max(given.currentReplicas, given.podPhase?.length ?? 0) }, (_, i) => {
    const request = given.requests?.[i]
    const resources = request === undefined ? {} : { requests: { [given.resource ?? "cpu"]: request } }
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `test-pod-${i}`, ...(given.deleted?.[i] === true ? { deletionTimestamp: toTime(now) } : {}) },
      spec: {
        containers: [
          { name: "container1", resources },
          { name: "container2", resources }
        ]
      },
      status: {
        phase: given.podPhase?.[i] ?? "Running",
        // A time that is not set is long ago in Go.
        startTime: toTime(given.hot?.[i] === true ? now : ago(86_400)),
        conditions: [
          { type: "Ready", status: given.podReadiness?.[i] ?? "True", lastTransitionTime: toTime(ago(86_400)) }
        ]
      }
    } as unknown as PodObject
  })

const metricsOf = (given: ReplicaCase): ReadonlyMap<string, PodMetric> =>
  new Map(
    given.levels.flatMap((levels, i) => {
      const resource = given.resource ?? "qps"
      const containers = levels.map((level, j) => ({ name: `container${j + 1}`, usage: { [resource]: level } }))
      // Measured when it became ready: too early for one that has just started.
      const pod = { timestamp: ago(86_400), window: 60 * SECOND, containers }
      const metric = metricOf(pod, resource, given.container ?? "")
      return metric === undefined ? [] : [[given.podNames?.[i] ?? `test-pod-${i}`, metric] as const]
    })
  )

describe("how many replicas the metrics ask for", () => {
  it.each(cases.replicas.filter(({ levels }) => levels.length > 0))("$name", (given) => {
    const [pods, resource] = [podsOf(given), given.resource ?? ""]
    const [scaleDown, scaleUp] = given.tolerances ?? [0.1, 0.1]
    const proposal = proposeReplicas(
      {
        ...{ pods, metrics: metricsOf(given), resource, currentReplicas: given.currentReplicas, now },
        tolerances: { scaleDown, scaleUp }
      },
      given.targetUsage !== undefined
        ? { usage: given.targetUsage }
        : {
            utilization: given.targetUtilization ?? 0,
            requests: () => calculateRequests(pods, resource, given.container ?? "", true)
          }
    )
    if (given.expectedError !== undefined) {
      expect(Result.isFailure(proposal) ? proposal.failure : "").toContain(given.expectedError)
      return
    }
    expect(Result.getOrThrow(proposal)).toEqual({
      replicas: given.expectedReplicas,
      utilization: given.targetUsage === undefined ? given.expectedUtilization : undefined,
      average: given.expectedAverage
    })
  })
})

/** generateScalingRules, and what the API server makes of no rules. */
const rules = (text: string | null, usual: ReadonlyArray<{ type: string; value: number; periodSeconds: number }>) => {
  if (text === null) return { stabilizationWindowSeconds: 0, selectPolicy: "Max", policies: usual }
  const [pods = 0, podsPeriod = 0, percent = 0, percentPeriod = 0] = (/\((.*)\)/.exec(text)?.[1] ?? "")
    .split(",")
    .map(Number)
  const policies = [
    ...(pods === 0 ? [] : [{ type: "Pods", value: pods, periodSeconds: podsPeriod }]),
    ...(percent === 0 ? [] : [{ type: "Percent", value: percent, periodSeconds: percentPeriod }])
  ]
  return { stabilizationWindowSeconds: 0, selectPolicy: "Max", policies }
}

const twice = { type: "Percent", value: 100, periodSeconds: 15 }

/** generateEventsUniformDistribution: each in the middle of its part of the period. */
const eventsOf = (given: Uniform | ReadonlyArray<never>) => {
  if (!("uniform" in given)) return []
  const { period, uniform } = given
  const part = period / uniform.length
  return uniform.map((change, i) => ({ change, at: ago(Math.trunc(period - part * (i + 1) + part / 2)) }))
}

describe("how fast a target may change with behaviors", () => {
  it.each(cases.scaling)("$name", ({ condition, current, desired, down, downs, expected, max, min, up, ups }) => {
    const behavior = {
      scaleUp: rules(up, [{ type: "Pods", value: 4, periodSeconds: 15 }, twice]),
      scaleDown: rules(down, [twice])
    }
    const desire: Desire = { current, desired, min, max, behavior, now }
    const found = normalizeDesired(desire, { recommendations: [], ups: eventsOf(ups), downs: eventsOf(downs) })
    expect(found.desired).toBe(expected)
    expect(found.limited).toMatchObject({ reason: condition, is: expected !== desired })
  })
})

describe("how fast a target may change without behaviors", () => {
  it.each(cases.converted)("$name", ({ condition, current, desired, expected, max, min }) => {
    const found = normalizeDesired({ current, desired, min, max, behavior: undefined, now }, noScalingHistory)
    expect(found.desired).toBe(expected)
    expect(found.limited).toMatchObject({ reason: condition, is: expected !== desired })
  })
})

describe("recommendations of the windows", () => {
  it.each(cases.stabilized)(
    "$name",
    ({ current, desired, down, expected, expectedRecommendations, recommendations, up }) => {
      const all = { selectPolicy: "Max", policies: [{ type: "Percent", value: 1_000_000, periodSeconds: 15 }] }
      const behavior = {
        scaleUp: { ...all, stabilizationWindowSeconds: up },
        scaleDown: { ...all, stabilizationWindowSeconds: down }
      }
      const known = recommendations.map(([replicas, seconds]) => ({ replicas, at: ago(-seconds) }))
      const desire: Desire = { current, desired, min: 0, max: 1_000, behavior, now }
      const {
        ableToScale,
        desired: stabilized,
        history
      } = normalizeDesired(desire, { ...noScalingHistory, recommendations: known })
      expect(stabilized).toBe(expected)
      expect(ableToScale.reason === "ReadyForNewScale").toBe(expected === desired)
      if (expectedRecommendations.length > 0)
        expect(history.recommendations.map(({ replicas }) => replicas)).toEqual(expectedRecommendations)
    }
  )
})
