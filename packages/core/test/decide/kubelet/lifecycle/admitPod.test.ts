import { describe, expect, it } from "vitest"
import { admitPod } from "../../../../src/decide/kubelet/lifecycle/admitPod.ts"
import { rejectedPod } from "../../../../src/decide/kubelet/lifecycle/rejectPod.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { PodObject } from "../../../../src/event/KubernetesObject.ts"
import { parsePod } from "../../../../src/state/parsePod.ts"
import { renderStatus } from "../../../../src/view/render.ts"
import { node, pod } from "../../scheduler/objects.ts"

const admit = (
  one: PodObject,
  more: {
    others?: ReadonlyArray<PodObject>
    node?: Parameters<typeof node>[1]
    pressure?: ReadonlyArray<string>
    shuttingDown?: boolean
  } = {}
) =>
  admitPod({
    pod: one,
    otherPods: () => more.others ?? [],
    node: node("n-1", more.node),
    pressure: more.pressure ?? [],
    shuttingDown: more.shuttingDown ?? false
  })

const refused = (reason: string, message: string) => ({ _tag: "Refusal", reason, message })

const withMeta = (one: PodObject, meta: JsonObject): PodObject => ({ ...one, metadata: { ...one.metadata, ...meta } })

describe("a node has not enough of something", () => {
  it("K-303: the first resource that is short gives reason and numbers: pods, cpu, memory, ephemeral-storage", () => {
    const greedy = { cpu: "3", memory: "8Gi", "ephemeral-storage": "20Gi" }
    const short = (resource: string, requested: number, used: number, capacity: number) =>
      refused(
        `OutOf${resource}`,
        `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`
      )
    expect(admit(pod({}, greedy), { others: [pod()], node: { allocatable: { pods: "1" } } })).toEqual(
      short("pods", 1, 1, 1)
    )
    expect(admit(pod({}, greedy), { others: [pod({}, { cpu: "500m" })] })).toEqual(short("cpu", 3_000, 500, 2_000))
    expect(admit(pod({}, { ...greedy, cpu: "1" }))).toEqual(short("memory", 8_589_934_592, 0, 4_294_967_296))
    expect(admit(pod({}, { "ephemeral-storage": "20Gi" }))).toEqual(
      short("ephemeral-storage", 21_474_836_480, 0, 10_737_418_240)
    )
  })

  it("K-303: an extended resource counts only where the node knows it", () => {
    const gpus = pod({}, { "nvidia.com/gpu": "2" })
    expect(admit(gpus)).toBeUndefined()
    expect(admit(gpus, { node: { allocatable: { "nvidia.com/gpu": "1" } } })).toEqual(
      refused(
        "OutOfnvidia.com/gpu",
        "Node didn't have enough resource: nvidia.com/gpu, requested: 2, used: 0, capacity: 1"
      )
    )
  })

  it("K-300: resources speak before affinity, name and ports, these before taints", () => {
    const wrong = { nodeSelector: { disk: "ssd" } }
    const taints = { spec: { taints: [{ key: "k", effect: "NoExecute" }] } }
    expect(admit(pod(wrong, { cpu: "3" }))).toMatchObject({ reason: "OutOfcpu" })
    expect(admit(pod(wrong), { node: taints })).toEqual(
      refused("NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector")
    )
    expect(admit(pod({ nodeName: "n-2" }), { node: taints })).toEqual(
      refused("NodeName", "Predicate NodeName failed: node(s) didn't match the requested node name")
    )
    const ports = { containers: [{ name: "main", image: "i", ports: [{ containerPort: 80, hostPort: 80 }] }] }
    expect(admit(pod(ports), { others: [pod(ports)], node: taints })).toEqual(
      refused("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports")
    )
    expect(admit(pod(), { node: taints })).toEqual(
      refused("TaintToleration", "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate")
    )
  })

  it("6.9: only NoExecute taints count, and not for static pods", () => {
    const taint = (effect: string) => ({ spec: { taints: [{ key: "k", effect }] } })
    expect(admit(pod(), { node: taint("NoSchedule") })).toBeUndefined()
    expect(
      admit(pod({ tolerations: [{ key: "k", operator: "Exists" }] }), { node: taint("NoExecute") })
    ).toBeUndefined()
    const fromFile = withMeta(pod(), { annotations: { "kubernetes.io/config.source": "file" } })
    expect(admit(fromFile, { node: taint("NoExecute") })).toBeUndefined()
  })
})

describe("a pod that no node of this kind runs", () => {
  it("6.9: another operating system, by its label or its field", () => {
    expect(admit(withMeta(pod(), { labels: { "kubernetes.io/os": "windows" } }))).toEqual(
      refused(
        "PodOSSelectorNodeLabelDoesNotMatch",
        "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"
      )
    )
    expect(admit(pod({ os: { name: "windows" } }))).toEqual(
      refused("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS")
    )
    expect(admit(pod({ os: { name: "linux" } }))).toBeUndefined()
  })

  it("6.9: a strict policy of supplemental groups needs a runtime that knows it", () => {
    const strict = pod({ securityContext: { supplementalGroupsPolicy: "Strict" } })
    expect(admit(strict)).toEqual(
      refused("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicy=Strict is not supported in this node")
    )
  })

  it("6.9: a kubelet without its node object", () => {
    expect(admitPod({ pod: pod(), otherPods: () => [], node: undefined, pressure: [], shuttingDown: false })).toEqual(
      refused("InvalidNodeInfo", "Kubelet cannot get node info.")
    )
  })

  it("6.9: sysctls outside the list of safe ones, and safe ones of a namespace that is the host's", () => {
    const sysctl = (name: string, more: JsonObject = {}) => pod({ securityContext: { sysctls: [{ name }] }, ...more })
    expect(admit(sysctl("kernel.msgmax"))).toEqual(
      refused("SysctlForbidden", 'forbidden sysctl: "kernel.msgmax" not allowlisted')
    )
    expect(admit(sysctl("net/ipv4/tcp_syncookies"))).toBeUndefined()
    expect(admit(sysctl("net.ipv4.tcp_syncookies", { hostNetwork: true }))).toEqual(
      refused("SysctlForbidden", 'forbidden sysctl: "net.ipv4.tcp_syncookies" not allowed with host Net enabled')
    )
  })
})

describe("K-302: a node under pressure", () => {
  const burstable = pod({}, { memory: "1Mi" })
  const critical = { priority: 2_000_000_000 }

  it("of memory alone refuses pods that ask for nothing and do not tolerate it", () => {
    const pressure = ["MemoryPressure"]
    expect(admit(pod(), { pressure })).toEqual(refused("Evicted", "The node had condition: [MemoryPressure]. "))
    expect(admit(burstable, { pressure })).toBeUndefined()
    const tolerations = [{ key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" }]
    expect(admit(pod({ tolerations }), { pressure })).toBeUndefined()
  })

  it("of anything else refuses all but critical pods", () => {
    for (const pressure of [["DiskPressure"], ["PIDPressure"], ["MemoryPressure", "DiskPressure"]]) {
      expect(admit(burstable, { pressure })).toEqual(
        refused("Evicted", `The node had condition: [${pressure.join(" ")}]. `)
      )
      expect(admit(pod(critical), { pressure })).toBeUndefined()
    }
  })
})

describe("K-290: a critical pod that lacks nothing but room", () => {
  const critical = (cpu: string) => pod({ priority: 2_000_000_000 }, { cpu })
  const guaranteed = (cpu: string) => {
    const resources = { requests: { cpu, memory: "1Mi" }, limits: { cpu, memory: "1Mi" } }
    return pod({ priority: 0, containers: [{ name: "main", image: "i", resources }] })
  }
  const burstable = (cpu: string) => pod({ priority: 0 }, { cpu })

  it("takes the place of the class that is worth least, of as few pods as possible", () => {
    const [small, large, best] = [burstable("500m"), burstable("1"), guaranteed("500m")]
    expect(admit(critical("1"), { others: [small, large, best] })).toEqual({ _tag: "Preemption", victims: [large] })
    expect(admit(critical("500m"), { others: [large, small, best] })).toEqual({ _tag: "Preemption", victims: [small] })
    expect(admit(critical("2"), { others: [small, large, best] })).toEqual({
      _tag: "Preemption",
      victims: [large, small, best]
    })
  })

  it("a pod less is what a node with too many pods lacks: the one that asks for nothing goes", () => {
    const idle = pod({ priority: 0 })
    expect(admit(critical("0"), { others: [burstable("1"), idle], node: { allocatable: { pods: "2" } } })).toEqual({
      _tag: "Preemption",
      victims: [idle]
    })
  })

  it("is refused when even all others would not be enough, or when more is wrong than room", () => {
    expect(admit(critical("3"), { others: [burstable("1")] })).toEqual(
      refused(
        "UnexpectedAdmissionError",
        "Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 1000), ]"
      )
    )
    const elsewhere = pod({ priority: 2_000_000_000, nodeSelector: { disk: "ssd" } }, { cpu: "3" })
    expect(admit(elsewhere)).toMatchObject({ reason: "NodeAffinity" })
  })

  it("never takes it from a pod that is as critical", () => {
    expect(admit(critical("2"), { others: [critical("1")] })).toMatchObject({ reason: "UnexpectedAdmissionError" })
  })
})

it("K-301, T-27: of a refused pod only phase, reason, message and class are reported", () => {
  const one = parsePod({
    ...pod(),
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "True" }] }
  })
  const refusal = { _tag: "Refusal" as const, reason: "OutOfpods", message: "full" }
  expect(renderStatus(rejectedPod(one, refusal))).toEqual({
    observedGeneration: 1,
    phase: "Failed",
    message: "Pod was rejected: full",
    reason: "OutOfpods",
    qosClass: "BestEffort"
  })
})
