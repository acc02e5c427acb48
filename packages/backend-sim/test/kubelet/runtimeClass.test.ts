import { type ClusterEvent, isNode, isPod, type KubernetesObject, type PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, simulate } from "../given.ts"

const runtimeClass = (handler: string, more: object = {}) => ({
  apiVersion: "node.k8s.io/v1",
  kind: "RuntimeClass",
  metadata: { name: "sandboxed" },
  handler,
  ...more
})
const node = (more: object = {}) => ({ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "rig", ...more })
const pod = podManifest("p", ["main"], { runtimeClassName: "sandboxed" })

const run = (node: object, ...steps: ReadonlyArray<object>) =>
  simulate({ nodes: [node], steps: steps.map((step, i) => ({ at: `${i * 5}s`, ...step })), until: "40s" } as never)

const objects = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<KubernetesObject> =>
  facts.flatMap((fact) => (fact._tag === "ObjectChanged" ? [fact.object as unknown as KubernetesObject] : []))
const last = (facts: ReadonlyArray<ClusterEvent>): PodObject | undefined => objects(facts).filter(isPod).at(-1)
const events = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  objects(facts).filter((object) => object.kind === "Event" && object["reason"] === reason)
const noted = (event: KubernetesObject | undefined) => String(event?.["message"])

describe("a pod with a RuntimeClass", () => {
  it("runs where the node's runtime has the handler", () => {
    const facts = run(node({ runtimeHandlers: ["runc", "gvisor"] }), { apply: runtimeClass("gvisor") }, { apply: pod })
    expect(last(facts)?.status.phase).toBe("Running")
    const runtimeHandlers = [{ name: "" }, { name: "runc" }, { name: "gvisor" }]
    expect(objects(facts).find(isNode)?.status).toMatchObject({ runtimeHandlers })
  })

  it("gets no sandbox where it has not, and is tried again and again", () => {
    const facts = run(node(), { apply: runtimeClass("gvisor") }, { apply: pod })
    expect(last(facts)?.status.phase).toBe("Pending")
    const failed = events(facts, "FailedCreatePodSandBox")
    expect(failed.length).toBeGreaterThan(1)
    expect(noted(failed[0])).toMatch(
      /^Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "[0-9a-f]{64}": no runtime for "gvisor" is configured$/
    )
  })

  it("gets no sandbox any more when the class is gone by then", () => {
    const image = { images: [{ image: "*", present: true }] }
    const facts = simulate({
      ...image,
      nodes: [node({ taints: [{ key: "a", effect: "NoSchedule" }] })],
      steps: [
        { at: "0s", apply: runtimeClass("runc") },
        { at: "1s", apply: pod },
        { at: "2s", delete: { kind: "RuntimeClass", name: "sandboxed" } },
        { at: "3s", patch: { kind: "Node", name: "n-1", type: "merge", patch: { spec: { taints: null } } } }
      ],
      until: "40s"
    } as never)
    expect(noted(events(facts, "FailedCreatePodSandBox")[0])).toBe(
      'Failed to create pod sandbox: runtimeclass.node.k8s.io "sandboxed" not found'
    )
  })

  it("needs room for what the runtime takes for itself", () => {
    const overhead = { podFixed: { cpu: "1500m" } }
    const asking = podManifest("p", ["main"], { runtimeClassName: "sandboxed" }) as never as PodObject
    const resources = { requests: { cpu: "600m" } }
    const large = {
      ...asking,
      spec: { ...asking.spec, containers: asking.spec.containers.map((one) => ({ ...one, resources })) }
    }
    const facts = run(node(), { apply: runtimeClass("runc", { overhead }) }, { apply: large })
    expect(last(facts)?.spec["overhead"]).toEqual({ cpu: "1500m" })
    expect(noted(events(facts, "FailedScheduling")[0])).toContain("Insufficient cpu")
  })

  it("is refused without its class", () => {
    expect(last(run(node(), { apply: pod }))).toBeUndefined()
  })
})

describe("a step", () => {
  it("finds nothing of a RuntimeClass that is not simulated", () => {
    const facts = run(node(), { apply: runtimeClass("runc") }, { apply: pod })
    expect(facts.flatMap((fact) => (fact._tag === "Warned" ? [fact.message] : []))).toEqual([])
  })
})
