/** A healthy cluster does what people believe that none does, each time in a few steps. */
import { type ClusterEvent, type ContainerStatus, type PodObject, parseInstant, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { eventMoments, objectMoments } from "../controller/clusterObjects.ts"
import { type PodMoment, podMoments, scenario, simulate, when } from "../given.ts"
import { podFacts } from "../podFacts.ts"
import { smallest } from "./smallest.ts"

const start = scenario({ steps: [], until: "1s" }).start

const play = (belief: string): ReadonlyArray<ClusterEvent> => {
  const given = smallest[belief]
  if (given === undefined) throw new Error(`there is no scenario for ${belief}`)
  expect(given.steps.length).toBeLessThanOrEqual(6)
  return simulate(given)
}

const condition = ({ status }: PodObject, type: string): string | undefined =>
  status.conditions?.find((one) => one.type === type)?.status

const main = ({ status }: PodObject): ContainerStatus | undefined =>
  status.containerStatuses?.find(({ name }) => name === "main")

const init = ({ status }: PodObject, name: string): ContainerStatus | undefined =>
  status.initContainerStatuses?.find((one) => one.name === name)

/** Each value once as long as it lasts. */
const told = <Value>(moments: ReadonlyArray<PodMoment>, of: (pod: PodObject) => Value): ReadonlyArray<Value> =>
  moments.map(({ pod }) => of(pod)).filter((value, i, all) => i === 0 || value !== all[i - 1])

const starts = (facts: ReadonlyArray<ClusterEvent>, container: string): number =>
  podFacts(facts).filter(({ event }) => event._tag === "ProcessStarted" && event.container === container).length

/** Seconds from the start of the scenario. */
const seconds = (time: string | undefined): number => ((parseInstant(time ?? "") ?? Number.NaN) - start) / SECOND

/** The most pods of that label that were there at once. */
const most = (facts: ReadonlyArray<ClusterEvent>): number => {
  const there = new Set<string>()
  return Math.max(
    ...objectMoments(facts, "Pod").map(({ change, object: { metadata } }) => {
      if (change === "DELETED") there.delete(metadata.uid ?? "")
      else there.add(metadata.uid ?? "")
      return there.size
    })
  )
}

describe("what is believed of containers, and is not so", () => {
  it("R1: restartCount never decreases (before 1.36 that of an init container begins anew with its sandbox)", () => {
    const counts = told(podMoments(play("R1")), (pod) => init(pod, "second")?.restartCount ?? 0)
    expect(counts).toEqual([0, 1, 0])
  })

  it("R1: since 1.36 what was reported counts", () => {
    const facts = simulate({ ...smallest["R1"], kubernetes: "1.36" } as Parameters<typeof simulate>[0])
    expect(told(podMoments(facts), (pod) => init(pod, "second")?.restartCount ?? 0)).toEqual([0, 1, 2])
  })

  it("R6: restartPolicy Never runs the program at most once", () => {
    const facts = play("R6")
    expect(main(podMoments(facts).at(-1)?.pod as PodObject)?.restartCount).toBe(1)
    expect(starts(facts, "main")).toBe(2)
  })

  it("R7: init containers run exactly once", () => {
    const facts = play("R7")
    expect(told(podMoments(facts), (pod) => init(pod, "init")?.restartCount ?? 0)).toEqual([0, 1])
    expect(starts(facts, "init")).toBe(2)
  })

  it("R8: preStop runs exactly once", () => {
    const failures = objectMoments(play("R8"), "Event").filter(({ object }) => object["reason"] === "FailedPreStopHook")
    expect(failures.length).toBe(2)
  })

  it("R19: a failing liveness probe restarts the container", () => {
    const facts = play("R19")
    const last = podMoments(facts).at(-1)?.pod as PodObject
    expect(eventMoments(facts, "Unhealthy").length).toBeGreaterThan(0)
    expect([last.status.phase, main(last)?.restartCount]).toEqual(["Failed", 0])
  })

  it("R21: all containers exited 0, so the pod has succeeded", () => {
    const moments = podMoments(play("R21"))
    const ended = when(moments, (pod) => main(pod)?.state?.terminated?.["exitCode"] === 0)
    expect(ended.pod.status.phase).toBe("Running")
    expect(main(moments.at(-1)?.pod as PodObject)?.state?.running).toBeDefined()
  })
})

describe("what is believed of phases and conditions, and is not so", () => {
  it("R2: a pending pod runs nothing", () => {
    const { pod } = when(podMoments(play("R2")), (one) => main(one)?.state?.running !== undefined)
    expect(pod.status.phase).toBe("Pending")
  })

  it("R3: a running pod has a container that runs", () => {
    const { pod } = when(podMoments(play("R3")), (one) => main(one)?.state?.waiting?.["reason"] === "CrashLoopBackOff")
    expect(pod.status.phase).toBe("Running")
  })

  it("R5: a terminating pod is not ready", () => {
    const { pod } = when(podMoments(play("R5")), ({ metadata }) => metadata.deletionTimestamp !== undefined)
    expect(condition(pod, "Ready")).toBe("True")
  })

  it("R11: the node of a ready pod is alive", () => {
    const moments = podMoments(play("R11"))
    // Its power went at 10 s.
    const unready = when(
      moments.filter((one) => one.seconds > 10),
      (pod) => condition(pod, "Ready") === "False"
    )
    expect(unready.seconds).toBeGreaterThan(40)
  })

  it("R13: a running pod cannot be rejected any more", () => {
    expect(told(podMoments(play("R13")), ({ status }) => `${status.phase} ${status.reason ?? ""}`.trim())).toEqual([
      "Pending",
      "Running",
      "Failed NodeAffinity"
    ])
  })

  it("R15: a pod on a lost node is in phase Unknown", () => {
    const facts = play("R15")
    const lost = objectMoments(facts, "Node").some(({ object }) =>
      (object["status"] as PodObject["status"]).conditions?.some(
        ({ status, type }) => type === "Ready" && status === "Unknown"
      )
    )
    expect(lost).toBe(true)
    expect(told(podMoments(facts), ({ status }) => status.phase)).toEqual(["Pending", "Running"])
  })
})

describe("what is believed of ends and identities, and is not so", () => {
  it("R4: a pod is gone at its deletionTimestamp", () => {
    const { change, pod, seconds: gone } = podMoments(play("R4")).at(-1) as PodMoment
    expect(change).toBe("DELETED")
    expect(gone).toBeGreaterThan(seconds(pod.metadata.deletionTimestamp))
  })

  it("R9: there is one process at most of each identity of a StatefulSet", () => {
    const facts = play("R9")
    expect(told(podMoments(facts, "web-0"), ({ spec }) => spec.nodeName)).toEqual([undefined, "n-1", undefined, "n-2"])
    expect(starts(facts, "main")).toBe(2)
    expect(podFacts(facts).some(({ event }) => event._tag === "ProcessExited")).toBe(false)
  })

  it("R12: pods leave a node that is not ready within five minutes", () => {
    const facts = play("R12")
    const unready = when(
      podMoments(facts).filter((one) => one.seconds > 10),
      (pod) => condition(pod, "Ready") === "False"
    )
    expect(unready.seconds).toBeLessThan(7 * 60)
    expect(podMoments(facts).at(-1)?.pod.metadata.deletionTimestamp).toBeUndefined()
  })

  it("R20: the same name is the same pod", () => {
    expect(told(podMoments(play("R20")), ({ metadata }) => metadata.uid).length).toBe(2)
  })
})

describe("what is believed of controllers, Events and clocks, and is not so", () => {
  it("R10: a Deployment has no more pods than its replicas and maxSurge", () => {
    // Two, and a quarter of them.
    expect(most(play("R10"))).toBeGreaterThan(3)
  })

  it("R16: Events are a faithful log (an hour later they are gone, the pod is not)", () => {
    const facts = play("R16")
    const scheduled = objectMoments(facts, "Event").filter(({ object }) => object["reason"] === "Scheduled")
    expect(scheduled.map(({ change }) => change)).toEqual(["ADDED", "DELETED"])
    expect(podMoments(facts).at(-1)?.change).not.toBe("DELETED")
  })

  it("R17: pods of a StatefulSet start one at a time", () => {
    const facts = play("R17")
    const again = (name: string) =>
      podMoments(facts, name).filter(({ change, seconds: at }) => at > 30 && change !== "DELETED")
    const made = (name: string) =>
      when(
        again(name).filter(({ change }) => change === "ADDED"),
        () => true
      ).seconds
    const ready = (name: string) =>
      when(
        again(name).filter((one) => one.seconds > made(name)),
        (pod) => condition(pod, "Ready") === "True"
      ).seconds
    expect(Math.max(made("web-0"), made("web-1"))).toBeLessThan(Math.min(ready("web-0"), ready("web-1")))
  })

  it("R18: timestamps say what came first", () => {
    const { pod } = when(podMoments(play("R18")), (one) => main(one)?.state?.running !== undefined)
    const started = seconds(String(main(pod)?.state?.running?.["startedAt"]))
    expect(started).toBeLessThan(seconds(pod.metadata.creationTimestamp))
  })
})
