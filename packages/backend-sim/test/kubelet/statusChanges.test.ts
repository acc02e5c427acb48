/** What a kubelet makes of changes to a living pod that come from the API server. */
import type { PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, when } from "../given.ts"

const gated = podManifest("p", ["main"], { readinessGates: [{ conditionType: "example.com/gate" }] })
const patch = (at: string, body: object, more: object = {}) => ({
  at,
  patch: { kind: "Pod", name: "p", type: "strategic", patch: body, ...more }
})
const status = (at: string, body: object) => patch(at, { status: body }, { subresource: "status" })
const condition = (pod: PodObject, type: string) => pod.status.conditions?.find((one) => one.type === type)

describe("readiness gates", () => {
  const gate = (at: string, value: string) => status(at, { conditions: [{ type: "example.com/gate", status: value }] })
  const moments = podMoments(
    simulate({ steps: [{ at: "0s", apply: gated }, gate("8s", "True"), gate("12s", "False")], until: "20s" })
  )

  it("a pod whose containers are ready waits for its gate", () => {
    const running = when(moments, (pod) => pod.status.phase === "Running").pod
    expect(condition(running, "Ready")).toMatchObject({
      status: "False",
      reason: "ReadinessGatesNotReady",
      message: 'corresponding condition of pod readiness gate "example.com/gate" does not exist.'
    })
    expect(condition(running, "ContainersReady")?.status).toBe("True")
  })

  it("K-005: a gate that opens or closes is a status that comes back and starts a sync", () => {
    const ready = when(moments, (pod) => condition(pod, "Ready")?.status === "True")
    expect(ready.seconds).toBeGreaterThan(8)
    expect(ready.seconds).toBeLessThan(8.5)
    const closed = moments.filter(({ seconds }) => seconds > 12 && seconds < 12.5).at(-1)?.pod as PodObject
    expect(condition(closed, "Ready")).toMatchObject({
      status: "False",
      message: 'the status of pod readiness gate "example.com/gate" is not "True", but False'
    })
  })
})

describe("a status that somebody else writes over", () => {
  it("K-224: is written again at the next of the kubelet's ticks, every ten seconds", () => {
    const seconds = [0, 1, 2, 3].map((seed) => {
      const steps = [{ at: "0s", apply: podManifest("p", ["main"]) }, status("30s", { phase: "Pending" })]
      const moments = podMoments(simulate({ steps, until: "60s" }, seed))
      const late = moments.filter((moment) => moment.seconds > 30)
      return when(late, (pod) => pod.status.phase === "Running").seconds
    })
    for (const moment of seconds) expect(moment).toBeLessThan(40.5)
    expect(new Set(seconds.map(Math.floor)).size).toBeGreaterThan(1)
  })
})

describe("an update of metadata", () => {
  it("K-003: of labels starts a sync: it shows what the cgroup says, which the last status did not", () => {
    const steps = [{ at: "0s", apply: podManifest("p", ["main"]) }, patch("8s", { metadata: { labels: { a: "b" } } })]
    const moments = podMoments(simulate({ steps, until: "12s" }))
    expect(moments.at(-1)?.pod.status.resources?.limits?.memory).toBe("9007199254740988Ki")
    expect(moments.at(-1)?.seconds).toBeGreaterThan(8)
    expect(moments.at(-1)?.seconds).toBeLessThan(8.5)
  })
})

describe("a pod on the node's network", () => {
  it("K-211: has the node's address from the first status to the last", () => {
    const steps = [{ at: "0s", apply: podManifest("p", ["main"], { hostNetwork: true }) }]
    const addresses = podMoments(simulate({ steps, until: "5s" })).flatMap(({ pod }) => pod.status.podIP ?? [])
    expect(new Set(addresses)).toEqual(new Set(["10.89.0.1"]))
    expect(addresses.length).toBe(3)
  })
})

describe("a gated pod", () => {
  it("X-09: is scheduled once a patch has taken its gates away", () => {
    const gates = podManifest("p", ["main"], { schedulingGates: [{ name: "a/b" }] })
    const steps = [
      { at: "0s", apply: gates },
      patch("5s", { spec: { schedulingGates: [{ name: "a/b", $patch: "delete" }] } })
    ]
    const moments = podMoments(simulate({ steps, until: "12s" }))
    expect(moments[0]?.pod.status.conditions?.[0]?.reason).toBe("SchedulingGated")
    const bound = when(moments, (pod) => pod.spec.nodeName !== undefined)
    expect(bound.seconds).toBeGreaterThan(5)
    expect(bound.seconds).toBeLessThan(6)
  })
})
