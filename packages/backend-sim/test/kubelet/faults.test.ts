/** Calls to a node's runtime that fail, and what the world sees of it. */
import type { ClusterEvent, KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import {
  containerState,
  podManifest,
  podMessages,
  podMoments,
  scenario,
  simulate,
  waitingReasons,
  when
} from "../given.ts"

const pod = (spec: object = {}) => ({ at: "0s", apply: podManifest("p", ["main"], spec) })
const fault = (what: object, at = "0s") => ({ at, fault: { node: "n-1", ...what } })
const { start } = scenario({ steps: [], until: "1s" })

const objects = (facts: ReadonlyArray<ClusterEvent>, kind: string) =>
  facts.flatMap((fact) => {
    if (fact._tag !== "ObjectChanged") return []
    const object = fact.object as unknown as KubernetesObject
    return object.kind === kind ? [{ seconds: ((fact.observed ?? 0) - start) / 1_000_000, object }] : []
  })
const moments = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  objects(facts, "Event").flatMap(({ object, seconds }) => (object["reason"] === reason ? [seconds] : []))
const running = (facts: ReadonlyArray<ClusterEvent>) =>
  when(podMoments(facts), (one) => containerState(one) === "running").seconds

/** What the node says of itself and when it began to, each once. */
const readyMoments = (facts: ReadonlyArray<ClusterEvent>) =>
  objects(facts, "Node")
    .map(({ object, seconds }) => {
      const { conditions } = object["status"] as { conditions: ReadonlyArray<{ [field: string]: string }> }
      const one = conditions.find(({ type }) => type === "Ready")
      return { seconds, said: [one?.["status"], one?.["reason"], one?.["message"]] }
    })
    .filter(({ said }, i, all) => said.join() !== all[i - 1]?.said.join())
const readiness = (facts: ReadonlyArray<ClusterEvent>) => readyMoments(facts).map(({ said }) => said)

describe("a sandbox that cannot be made", () => {
  const facts = simulate({
    steps: [fault({ call: "RunPodSandbox", pod: "p*", message: "no network", for: "15s" }), pod()],
    until: "45s"
  })

  it("has an Event word for word, and the pod keeps waiting", () => {
    const text = "Failed to create pod sandbox: rpc error: code = Unknown desc = no network"
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(new RegExp(`^FailedCreatePodSandBox.*: ${text}$`)))
    expect(waitingReasons(podMoments(facts))).toEqual(["ContainerCreating"])
  })

  it("K-019: is tried again every 10 to 16 seconds until it can be made", () => {
    const failed = moments(facts, "FailedCreatePodSandBox")
    for (const [index, moment] of failed.slice(1).entries()) {
      expect(moment - (failed[index] ?? 0)).toBeGreaterThan(9.5)
      expect(moment - (failed[index] ?? 0)).toBeLessThan(17.5)
    }
    expect(running(facts)).toBeGreaterThan(15)
    expect(running(facts)).toBeLessThan(34)
  })

  it("K-055: is no error of a pod that is to end by then", () => {
    const failing = [fault({ call: "RunPodSandbox", message: "no network" }), pod()]
    for (const seed of [0, 1, 2, 3]) {
      const kept = moments(simulate({ steps: failing, until: "9s" }, seed), "FailedCreatePodSandBox")
      expect(kept).toHaveLength(1)
      const at = `${Math.floor((kept[0] ?? 0) * 1000) - 100}ms`
      const steps = [...failing, { at, delete: { kind: "Pod", name: "p" } }]
      expect(moments(simulate({ steps, until: "9s" }, seed), "FailedCreatePodSandBox")).toEqual([])
    }
  })

  it("is another pod's business if its name does not match", () => {
    const other = simulate({ steps: [fault({ call: "RunPodSandbox", pod: "q", message: "no" }), pod()], until: "9s" })
    expect(running(other)).toBeLessThan(5)
  })
})

describe("a container that cannot be created", () => {
  const facts = simulate({
    steps: [fault({ call: "CreateContainer", message: "disk full", for: "12s" }), pod()],
    until: "45s"
  })

  it("X-04, K-131: waits with CreateContainerError and the runtime's words", () => {
    expect(waitingReasons(podMoments(facts))).toEqual(["ContainerCreating", "CreateContainerError"])
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(/^Failed.*: Error: disk full$/))
  })

  it("starts once it can be created, and was never restarted", () => {
    const { pod: at, seconds } = when(podMoments(facts), (one) => containerState(one) === "running")
    expect(seconds).toBeGreaterThan(12)
    expect(at.status.containerStatuses?.[0]?.restartCount).toBe(0)
  })
})

describe("a network that is not ready", () => {
  // A scheduler would wait until the node is ready.
  const placed = pod({ nodeName: "n-1" })
  const facts = simulate({
    steps: [fault({ call: "NetworkReady", for: "30s" }), { ...placed, at: "6s" }],
    until: "60s"
  })
  const problem =
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"

  it("T-38: is said of the pod again and again, about every 1 to 2.5 seconds (K-018)", () => {
    expect(podMessages(facts)).toContainEqual(
      expect.stringMatching(new RegExp(`^NetworkNotReady.*: network is not ready: ${problem}$`))
    )
    const said = moments(facts, "NetworkNotReady").slice(2)
    expect(said.length).toBeGreaterThan(8)
    for (const [index, moment] of said.slice(1).entries()) {
      expect(moment - (said[index] ?? 0)).toBeGreaterThan(0.9)
      expect(moment - (said[index] ?? 0)).toBeLessThan(2.8)
    }
    expect(running(facts)).toBeGreaterThan(30)
    expect(running(facts)).toBeLessThan(40)
  })

  it("K-345, K-346: makes its node not ready until it is there again", () => {
    expect(readiness(facts)).toEqual([
      ["True", "KubeletReady", "kubelet is posting ready status"],
      ["False", "KubeletNotReady", problem],
      ["True", "KubeletReady", "kubelet is posting ready status"]
    ])
    const said = objects(facts, "Event").flatMap(({ object }) =>
      (object["involvedObject"] as { kind?: string }).kind === "Node" ? [object["reason"]] : []
    )
    expect(said).toEqual(["NodeNotReady", "NodeReady"])
  })

  it("does not keep a pod of the host's network from starting", () => {
    const host = simulate({
      steps: [fault({ call: "NetworkReady" }), { ...pod({ hostNetwork: true, nodeName: "n-1" }), at: "6s" }],
      until: "30s"
    })
    expect(running(host)).toBeLessThan(10)
  })

  it("is found by a kubelet that starts meanwhile", () => {
    const restarted = simulate({
      steps: [
        { at: "0s", node: { name: "n-1", kubelet: "stop" } },
        fault({ call: "NetworkReady", for: "20s" }, "1s"),
        { at: "2s", node: { name: "n-1", kubelet: "start" } },
        { ...placed, at: "4s" }
      ],
      until: "40s"
    })
    expect(moments(restarted, "NetworkNotReady").length).toBeGreaterThan(3)
    expect(running(restarted)).toBeGreaterThan(20)
  })
})

describe("a runtime that does not say how it is", () => {
  const late = (at: string) => ({ at, apply: podManifest("p", ["main"], { nodeName: "n-1" }) })
  const good = ["True", "KubeletReady", "kubelet is posting ready status"]

  it("K-345: counts as down after half a minute, and its node is not ready", () => {
    const facts = simulate({ steps: [fault({ call: "Status", for: "60s" })], until: "90s" })
    expect(readiness(facts)).toEqual([good, ["False", "KubeletNotReady", "container runtime is down"], good])
    const [down = 0, up = 0] = readyMoments(facts)
      .map(({ seconds }) => seconds)
      .slice(1)
    expect(down).toBeGreaterThan(25)
    expect(down).toBeLessThan(41)
    expect(up).toBeGreaterThan(60)
    expect(up).toBeLessThan(76)
  })

  it("K-348: nothing is begun for any pod until the loop has slept its time", () => {
    for (const seed of [0, 1, 2]) {
      const facts = simulate({ steps: [fault({ call: "Status", for: "60s" }), late("40s")], until: "90s" }, seed)
      expect(running(facts)).toBeGreaterThan(60)
      expect(running(facts)).toBeLessThan(74)
    }
  })

  it("hinders nobody before half a minute is over", () => {
    expect(
      running(simulate({ steps: [fault({ call: "Status", for: "20s" }), late("10s")], until: "60s" }))
    ).toBeLessThan(15)
    expect(readiness(simulate({ steps: [fault({ call: "Status", for: "20s" })], until: "60s" }))).toEqual([good])
  })

  it("K-345: a kubelet that starts meanwhile has had no answer at all", () => {
    const facts = simulate({
      steps: [
        { at: "0s", node: { name: "n-1", kubelet: "stop" } },
        fault({ call: "Status", for: "20s" }, "1s"),
        { at: "2s", node: { name: "n-1", kubelet: "start" } },
        late("4s")
      ],
      until: "60s"
    })
    const unknown = "[container runtime status check may not have completed yet, network state unknown]"
    expect(readiness(facts)).toContainEqual(["False", "KubeletNotReady", unknown])
    expect(readiness(facts).at(-1)).toEqual(good)
    expect(running(facts)).toBeGreaterThan(20)
  })
})
