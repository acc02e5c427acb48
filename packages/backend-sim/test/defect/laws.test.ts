/**
 * Laws notice defects, and nothing else: the smallest scenario of each defect breaks the laws that the defect names, and on a healthy
 * cluster none.
 */
import {
  because,
  type ClusterEvent,
  check,
  implies,
  isHPA,
  laws,
  type ObjectSeen,
  object,
  type Property,
  property,
  when
} from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { defects } from "../../src/defect/defects.ts"
import { parted } from "./parted.ts"

const broken = (
  facts: ReadonlyArray<ClusterEvent>,
  properties: ReadonlyArray<Property> = laws
): ReadonlyArray<string> =>
  check(properties, facts).flatMap(({ property: { id }, violations }) => (violations.length > 0 ? [id] : []))

const ids = new Set(laws.map(({ id }) => id))
const noticed = defects.flatMap(({ breaks, name }) => breaks.filter((id) => ids.has(id)).map((id) => ({ name, id })))

it("most defects are noticed by some law", () => {
  expect(new Set(noticed.map(({ name }) => name)).size).toBeGreaterThan(defects.length / 2)
})

describe.each(noticed)("$id notices $name", ({ id, name }) => {
  it("in its smallest scenario", () => {
    expect(broken(parted(name).defective)).toContain(id)
  })
})

describe.each(defects)("without $name", ({ name }) => {
  it("no law is broken", () => {
    expect(broken(parted(name).healthy)).toEqual([])
  })
})

describe("autoscalerCountsSurge", () => {
  /** The metric of an autoscaler with one, as a share of its target. */
  const ratioOf = ({ object: seen }: ObjectSeen): number => {
    const [spec, status] = isHPA(seen) ? [seen.spec.metrics?.[0], seen.status.currentMetrics?.[0]] : []
    const { averageUtilization: target } = spec?.resource?.target ?? {}
    const { current: used } = (status?.resource ?? {}) as {
      readonly current?: { readonly averageUtilization?: number }
    }
    const current = used?.averageUtilization
    return (current ?? Number.NaN) / (target ?? Number.NaN)
  }
  const within = when("its metric is near its target", (seen: ObjectSeen) => Math.abs(ratioOf(seen) - 1) <= 0.1)
  const rests = when("the size stays", ({ object: seen }: ObjectSeen) => {
    if (!isHPA(seen)) return true
    const { currentReplicas, desiredReplicas } = seen.status
    return because(currentReplicas === desiredReplicas, () => `${currentReplicas} pods, ${desiredReplicas} desired`)
  })
  const restsNearItsTarget = property(
    "A1",
    {
      name: "autoscaler/rests-near-its-target",
      says: "An autoscaler leaves the size as it is while its metric is within a tenth of its target",
      source: "pkg/controller/podautoscaler/replica_calculator.go, GetResourceReplicas",
      each: object.of("HorizontalPodAutoscaler")
    },
    () => implies(within, rests)
  )
  const { defective, healthy } = parted("autoscalerCountsSurge")

  it("is noticed by a property of autoscalers", () => {
    expect(broken(defective, [restsNearItsTarget])).toEqual(["A1"])
    expect(broken(healthy, [restsNearItsTarget])).toEqual([])
    expect(check([restsNearItsTarget], healthy)[0]?.fired).toBeGreaterThan(0)
  })
})
