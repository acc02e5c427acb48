/** Defects of who acts on what is late, lost, or counted twice. */
import { type ClusterEvent, isPod, type KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { objectMoments } from "../controller/clusterObjects.ts"
import { podMoments, when } from "../given.ts"
import { parted } from "./parted.ts"

type Facts = ReadonlyArray<ClusterEvent>

const isReady = ({
  status
}: {
  readonly status: { readonly conditions?: ReadonlyArray<{ type: string; status: string }> }
}) => status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true

/** How many pods there are at the end that nobody has deleted. */
const left = (facts: Facts): number => {
  const pods = new Map<string, boolean>()
  for (const { change, object } of objectMoments(facts, "Pod"))
    pods.set(object.metadata.uid ?? "", change !== "DELETED" && object.metadata.deletionTimestamp === undefined)
  return [...pods.values()].filter(Boolean).length
}

describe("workloadIsNeverHeardOf", () => {
  const { defective, healthy } = parted("workloadIsNeverHeardOf")
  const isReadyPod = ({ object }: { readonly object: KubernetesObject }) => isPod(object) && isReady(object)

  it("a healthy controller makes a pod that gets ready", () => {
    expect(objectMoments(healthy, "Pod").some(isReadyPod)).toBe(true)
  })

  it("makes none", () => {
    expect(objectMoments(defective, "ReplicaSet").length).toBe(1)
    expect(objectMoments(defective, "Pod")).toEqual([])
  })
})

describe("scaleDownIsNeverHeardOf", () => {
  const { defective, healthy } = parted("scaleDownIsNeverHeardOf")

  it("a healthy controller leaves one pod of two", () => {
    expect(left(healthy)).toBe(1)
  })

  it("leaves both for ever", () => {
    expect(left(defective)).toBe(2)
  })
})

describe("orderedPodsStartTogether", () => {
  const { defective, healthy } = parted("orderedPodsStartTogether")
  /** How long after the second start of web-0 as a ready pod, or before it, web-1 is made for the second time. */
  const wait = (facts: Facts): number => {
    const again = (name: string) => podMoments(facts, name).filter(({ seconds }) => seconds > 180)
    return when(again("web-1"), () => true).seconds - when(again("web-0"), isReady).seconds
  }

  it("a healthy controller makes web-1 when web-0 is ready", () => {
    expect(wait(healthy)).toBeGreaterThan(0)
    expect(wait(healthy)).toBeLessThan(1)
  })

  it("makes web-1 at once, twenty seconds before web-0 is ready", () => {
    expect(wait(defective)).toBeLessThan(-19)
  })
})

describe("autoscalerCountsSurge", () => {
  const { defective, healthy } = parted("autoscalerCountsSurge")
  const sizes = (facts: Facts) =>
    objectMoments(facts, "Deployment")
      .map(({ object }) => (object["spec"] as { readonly replicas: number }).replicas)
      .filter((size, i, all) => size !== all[i - 1])

  it("a healthy autoscaler leaves a Deployment as it is whose load does not change", () => {
    expect(sizes(healthy)).toEqual([2])
  })

  it("makes it larger at every look while it rolls out", () => {
    expect(sizes(defective)).toEqual([2, 3, 4, 5, 7, 9, 10])
  })
})
