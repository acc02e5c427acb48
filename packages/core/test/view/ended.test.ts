/** How pods end on real clusters, by all of our recordings. */
import { describe, expect, it } from "vitest"
import type { Instant } from "../../src/event/Instant.ts"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import { podColumns } from "../../src/view/podColumns.ts"
import { recording, scenarioNames } from "./recordings.ts"

interface Life {
  readonly name: string
  readonly versions: ReadonlyArray<PodObject>
  readonly gone: boolean
}

const livesIn = (scenario: string): ReadonlyArray<Life> => {
  const lives = new Map<string, { versions: Array<PodObject>; gone: boolean }>()
  for (const event of recording(`${scenario}.1`)) {
    if (event._tag !== "ObjectChanged" || event.object["kind"] !== "Pod") continue
    const pod = event.object as unknown as PodObject
    const uid = pod.metadata.uid ?? ""
    const life = lives.get(uid) ?? { versions: [], gone: false }
    life.versions.push(pod)
    life.gone = event.change === "DELETED"
    lives.set(uid, life)
  }
  return [...lives.values()].map((life) => ({ ...life, name: `${scenario}/${life.versions[0]?.metadata.name}` }))
}

const lives = scenarioNames.flatMap(livesIn)
/** A kubelet had it, and was left the time to end it. */
const ranOn = ({ versions }: Life) =>
  versions.some(({ status }) => (status.containerStatuses ?? []).some(({ containerID }) => containerID !== undefined))

describe("in our recordings of a real cluster", () => {
  it("X-08: a pod that ran is Succeeded or Failed before its object is gone, unless it went by force", () => {
    const ended = lives.filter((life) => life.gone && ranOn(life))
    expect(ended.length).toBeGreaterThan(50)
    const others = ended.filter(({ versions }) => !/Succeeded|Failed/.test(versions.at(-1)?.status.phase ?? ""))
    expect(others.map(({ name }) => name)).toEqual(["force-delete/p"])
  })

  it("X-01: a graceful deletion is a timestamp and a period; until the pod has ended its STATUS is Terminating", () => {
    const statusOf = (pod: PodObject) => podColumns(pod, 0 as Instant)[2]
    const deleted = lives.flatMap(({ versions }) => versions).filter(({ metadata }) => metadata.deletionTimestamp)
    expect(deleted.filter(({ metadata }) => metadata.deletionGracePeriodSeconds === undefined)).toEqual([])
    const running = deleted.filter(({ status }) => !/Succeeded|Failed/.test(status.phase ?? ""))
    expect(new Set(running.map(statusOf))).toEqual(new Set(["Terminating"]))
    const others = lives.flatMap(({ versions }) => versions).filter(({ metadata }) => !metadata.deletionTimestamp)
    expect(others.map(statusOf)).not.toContain("Terminating")
  })

  it("X-01: an object with a finalizer outlives its kubelet's end, and goes with its last finalizer", () => {
    const held = lives.find(({ name }) => name.startsWith("finalizer/"))
    const after = (held?.versions ?? []).filter(({ metadata }) => metadata.deletionGracePeriodSeconds === 0)
    // What a watch says of a deletion is the state before it.
    expect(after.map(({ metadata }) => metadata.finalizers)).toEqual([["example.com/hold"], ["example.com/hold"]])
    expect(held?.gone).toBe(true)
  })

  it("X-06: a pod that makes room for another of higher priority says so in a condition before it ends", () => {
    const low = lives.find(({ name }) => name === "preemption/low")
    const told = low?.versions.find(({ status }) => status.conditions?.some(({ type }) => type === "DisruptionTarget"))
    expect(told?.metadata.deletionTimestamp).toBeUndefined()
    expect(told?.status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting to accommodate a higher priority pod"
    })
    expect(low?.gone).toBe(true)
  })
})
