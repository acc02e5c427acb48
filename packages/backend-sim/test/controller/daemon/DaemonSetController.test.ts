import type { JsonObject, KubernetesObject, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const template = (image = "busybox:1", spec: JsonObject = {}) => ({
  metadata: { labels: { app: "d" } },
  spec: { terminationGracePeriodSeconds: 5, containers: [{ name: "x", image }], ...spec }
})

const set = (spec: JsonObject = {}) => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "d" },
  spec: { selector: { matchLabels: { app: "d" } }, template: template(), ...spec }
})

const putNode = (cluster: TestControlPlane, name: string, spec: JsonObject = {}, labels: JsonObject = {}): void => {
  const metadata = { name, uid: name, labels, resourceVersion: cluster.store.nextVersion() }
  cluster.store.create({ apiVersion: "v1", kind: "Node", metadata, spec, status: {} } as unknown as KubernetesObject)
}

const addNode = (...args: Parameters<typeof putNode>): void => {
  putNode(...args)
  args[0].run(1)
}

const withNodes = (count: number): TestControlPlane => {
  const cluster = new TestControlPlane()
  for (let i = 1; i <= count; i++) addNode(cluster, `n-${i}`)
  return cluster
}

const nodeOf = ({ spec }: KubernetesObject): string => {
  const { affinity, nodeName } = spec as { affinity?: JsonObject; nodeName?: string }
  return nodeName ?? /"values":\["([^"]*)"\]/.exec(JSON.stringify(affinity ?? {}))?.[1] ?? ""
}

const images = (cluster: TestControlPlane): ReadonlyArray<string> =>
  cluster
    .list("Pod")
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((pod) => `${nodeOf(pod)} ${(pod as PodObject).spec.containers[0]?.image}`)
    .sort()

/** The scheduler's and the kubelet's part. */
const settle = (cluster: TestControlPlane): void => {
  for (const pod of cluster.list("Pod") as ReadonlyArray<PodObject>) {
    if ((pod.spec.nodeName ?? "") === "") cluster.api.bindPod(pod, nodeOf(pod))
    if (pod.metadata.deletionTimestamp === undefined) cluster.makeReady(pod.metadata.name)
  }
  cluster.run(1)
}

const gone = (cluster: TestControlPlane): void => {
  for (const { metadata } of cluster.list("Pod"))
    if (metadata.deletionTimestamp !== undefined) cluster.delete("Pod", metadata.name, { gracePeriodSeconds: 0 })
  cluster.run(1)
}

const running = (count: number, spec: JsonObject = {}): TestControlPlane => {
  const cluster = withNodes(count)
  cluster.create(set(spec))
  cluster.run(1)
  settle(cluster)
  cluster.clear()
  return cluster
}

describe("DaemonSets", () => {
  it("C-291, C-292: a pod for each node, bound to it by affinity, with tolerations that admission would not give", () => {
    const cluster = withNodes(2)
    cluster.create(set())
    cluster.run(1)
    expect(cluster.list("Pod").map(nodeOf).sort()).toEqual(["n-1", "n-2"])
    const pod = cluster.list("Pod")[0] as PodObject
    expect(pod.metadata).toMatchObject({
      generateName: "d-",
      labels: {
        app: "d",
        "pod-template-generation": "1",
        "controller-revision-hash": expect.stringMatching(/^[a-z0-9]+$/)
      }
    })
    expect(pod.spec.tolerations?.map(({ effect, key, tolerationSeconds }) => [key, effect, tolerationSeconds])).toEqual(
      [
        ["node.kubernetes.io/not-ready", "NoExecute", undefined],
        ["node.kubernetes.io/unreachable", "NoExecute", undefined],
        ["node.kubernetes.io/disk-pressure", "NoSchedule", undefined],
        ["node.kubernetes.io/memory-pressure", "NoSchedule", undefined],
        ["node.kubernetes.io/pid-pressure", "NoSchedule", undefined],
        ["node.kubernetes.io/unschedulable", "NoSchedule", undefined]
      ]
    )
  })

  it("C-294: at most 250 pods are made in one sync, for the nodes in the order of their names", () => {
    const cluster = new TestControlPlane()
    for (let i = 0; i < 260; i++) putNode(cluster, `n-${i}`)
    cluster.run(1)
    cluster.create(set())
    cluster.run(30)
    const firstWrite = cluster.log.indexOf("MODIFIED DaemonSet/d")
    expect(cluster.log.slice(0, firstWrite).filter((line) => line.startsWith("ADDED Pod"))).toHaveLength(250)
    const places = cluster.list("Pod").map(nodeOf)
    expect(places).toHaveLength(260)
    expect(new Set(places.slice(0, 250))).toEqual(new Set(places.toSorted().slice(0, 250)))
  })

  it("C-293: a node that comes later gets one, one with a taint that is not tolerated does not", () => {
    const cluster = running(1)
    addNode(cluster, "n-2")
    addNode(cluster, "n-3", { taints: [{ key: "special", effect: "NoSchedule" }] })
    addNode(cluster, "n-4", {
      unschedulable: true,
      taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]
    })
    expect(cluster.list("Pod").map(nodeOf).sort()).toEqual(["n-1", "n-2", "n-4"])
  })

  it("C-293: a taint NoSchedule leaves a pod where it is, NoExecute and labels that no longer match do not", () => {
    const cluster = running(3, { template: template("busybox:1", {}) })
    const taint = (effect: string) => ({ spec: { taints: [{ key: "special", effect }] } })
    cluster.patch("Node", "n-1", taint("NoSchedule"))
    cluster.patch("Node", "n-2", taint("NoExecute"))
    cluster.run(1)
    expect(images(cluster)).toEqual(["n-1 busybox:1", "n-3 busybox:1"])
    expect(cluster.get("DaemonSet", "d")["status"]).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 2 })
  })

  it("a nodeSelector says where they belong", () => {
    const cluster = withNodes(1)
    addNode(cluster, "n-2", {}, { disk: "ssd" })
    cluster.create(set({ template: template("busybox:1", { nodeSelector: { disk: "ssd" } }) }))
    cluster.run(1)
    expect(cluster.list("Pod").map(nodeOf)).toEqual(["n-2"])
    settle(cluster)
    cluster.patch("Node", "n-2", { metadata: { labels: { disk: null } } })
    cluster.run(1)
    expect(images(cluster)).toEqual([])
  })

  it("C-295: a failed pod is deleted and made again, and the pauses between grow", () => {
    const cluster = running(1)
    const times: Array<number> = []
    for (let round = 0; round < 5; round++) {
      const [pod] = cluster.list("Pod")
      cluster.patch("Pod", pod?.metadata.name ?? "", { status: { phase: "Failed" } }, "status")
      const from = cluster.engine.now
      while (cluster.list("Pod")[0]?.metadata.uid === pod?.metadata.uid) cluster.run(0.1)
      times.push(Math.round((cluster.engine.now - from) / 1e6))
    }
    expect(times).toEqual([0, 1, 2, 4, 8])
    expect(cluster.events.filter((event) => event.startsWith("FailedDaemonPod"))[0]).toMatch(
      /^FailedDaemonPod: Found failed daemon pod n\/d-\w+ on node n-1, will try to kill it$/
    )
  })

  it("C-295: one that has succeeded is deleted and made again", () => {
    const cluster = running(1)
    const [pod] = cluster.list("Pod")
    cluster.patch("Pod", pod?.metadata.name ?? "", { status: { phase: "Succeeded" } }, "status")
    cluster.run(1)
    expect(cluster.events).toContain(
      `SucceededDaemonPod: Found succeeded daemon pod n/${pod?.metadata.name} on node n-1, will try to delete it`
    )
    expect(cluster.list("Pod")[0]?.metadata.uid).not.toBe(pod?.metadata.uid)
  })

  it("C-296: rolled out node by node, as many at a time as may be unavailable", () => {
    const cluster = running(3)
    cluster.patch("DaemonSet", "d", { spec: { template: template("busybox:2") } })
    cluster.run(1)
    expect(images(cluster)).toHaveLength(2)
    gone(cluster)
    expect(images(cluster)).toEqual(["n-1 busybox:2", "n-2 busybox:1", "n-3 busybox:1"])
    cluster.run(10)
    expect(images(cluster)).toHaveLength(3)
    for (let round = 0; round < 3; round++) {
      settle(cluster)
      gone(cluster)
    }
    expect(images(cluster)).toEqual(["n-1 busybox:2", "n-2 busybox:2", "n-3 busybox:2"])
  })

  it("C-296: old pods that are not available are replaced at once; percentages are rounded up", () => {
    const cluster = running(4, { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "30%" } } })
    const unready = [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:05Z" }]
    for (const { metadata } of cluster.list("Pod").slice(0, 3))
      cluster.patch("Pod", metadata.name, { status: { conditions: unready } }, "status")
    cluster.run(1)
    cluster.patch("DaemonSet", "d", { spec: { template: template("busybox:2") } })
    cluster.run(1)
    expect(images(cluster)).toEqual(["n-4 busybox:1"])
  })

  it("C-297: with surge the new pod comes first, and the old one goes when the new one is available", () => {
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 }
    const cluster = running(2, { updateStrategy: { type: "RollingUpdate", rollingUpdate } })
    cluster.patch("DaemonSet", "d", { spec: { template: template("busybox:2") } })
    cluster.run(1)
    expect(images(cluster)).toEqual(["n-1 busybox:1", "n-1 busybox:2", "n-2 busybox:1"])
    settle(cluster)
    expect(images(cluster)).toContain("n-1 busybox:2")
    expect(images(cluster)).not.toContain("n-1 busybox:1")
    for (let round = 0; round < 3; round++) {
      settle(cluster)
      gone(cluster)
    }
    expect(images(cluster)).toEqual(["n-1 busybox:2", "n-2 busybox:2"])
  })

  it("OnDelete waits for somebody to delete a pod", () => {
    const cluster = running(1, { updateStrategy: { type: "OnDelete" } })
    cluster.patch("DaemonSet", "d", { spec: { template: template("busybox:2") } })
    cluster.run(5)
    expect(images(cluster)).toEqual(["n-1 busybox:1"])
    cluster.delete("Pod", cluster.list("Pod")[0]?.metadata.name ?? "", { gracePeriodSeconds: 0 })
    cluster.run(1)
    expect(images(cluster)).toEqual(["n-1 busybox:2"])
  })

  it("a pod that waits for a node that is gone is deleted", () => {
    const cluster = withNodes(2)
    cluster.create(set())
    cluster.run(1)
    cluster.delete("Node", "n-2")
    cluster.patch("DaemonSet", "d", { metadata: { labels: { touched: "yes" } } })
    cluster.run(1)
    expect(cluster.list("Pod").map(nodeOf)).toEqual(["n-1"])
  })

  it("say how many there are, are ready, and are as they should be", () => {
    const cluster = running(2, { minReadySeconds: 5 })
    expect(cluster.get("DaemonSet", "d")["status"]).toMatchObject({
      ...{ desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 },
      ...{ numberMisscheduled: 0, numberUnavailable: 2, observedGeneration: 1 }
    })
    cluster.run(10)
    expect(cluster.get("DaemonSet", "d")["status"]).toMatchObject({ numberAvailable: 2 })
  })
})
