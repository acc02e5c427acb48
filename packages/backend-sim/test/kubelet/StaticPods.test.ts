/** Pods from manifests on a simulated node. */
import type { ClusterEvent, KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, when } from "../given.ts"

const manifest = (more: object = {}, labels = {}) => ({
  ...podManifest("etcd", ["main"], { terminationGracePeriodSeconds: 2, ...more }),
  metadata: { name: "etcd", namespace: "kube-system", labels }
})
const node = (...staticPods: ReadonlyArray<object>) => ({ name: "n-1", cpu: 2, memory: "4Gi", staticPods })
const place = (at: string, ...staticPods: ReadonlyArray<object>) => ({ at, node: { name: "n-1", staticPods } })
const mirrors = (facts: ReadonlyArray<ClusterEvent>) => podMoments(facts, "etcd-n-1")
const runs = { main: [{ onTerm: "ignore" as const }] }
const events = (facts: ReadonlyArray<ClusterEvent>) =>
  facts.flatMap((fact) =>
    fact._tag === "ObjectChanged" && fact.object.kind === "Event" ? [fact.object as unknown as KubernetesObject] : []
  )

describe("a manifest lies on the node when its kubelet starts", () => {
  const facts = simulate({ runs, nodes: [node(manifest())], steps: [], until: "20s" })
  const last = mirrors(facts).at(-1)?.pod

  it("K-310, K-311: its mirror has the node in its name, an owner, notes, a toleration and a UID of its own", () => {
    const owner = facts.find((fact) => fact._tag === "ObjectChanged" && fact.object.kind === "Node")
    const uid = owner?._tag === "ObjectChanged" ? (owner.object as unknown as KubernetesObject).metadata.uid : undefined
    const hash = last?.metadata.annotations?.["kubernetes.io/config.hash"]
    expect(hash).toMatch(/^[0-9a-f]{32}$/)
    expect(last?.metadata).toMatchObject({
      name: "etcd-n-1",
      namespace: "kube-system",
      annotations: { "kubernetes.io/config.source": "file", "kubernetes.io/config.mirror": hash },
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n-1", uid, controller: true }]
    })
    expect(last?.metadata.uid).not.toBe(hash)
    expect(last?.spec.nodeName).toBe("n-1")
    expect(last?.spec.tolerations).toEqual([{ operator: "Exists", effect: "NoExecute" }])
    expect(last?.spec["serviceAccountName"]).toBeUndefined()
  })

  it("K-312: the mirror shows the pod's status, Events are about the pod", () => {
    expect(last?.status).toMatchObject({ phase: "Running", qosClass: "BestEffort" })
    const uids = new Set(events(facts).map((event) => (event["involvedObject"] as { uid?: string }).uid))
    expect([...uids]).toEqual([last?.metadata.annotations?.["kubernetes.io/config.hash"]])
  })
})

it("K-311: a mirror that somebody deletes comes back, and the containers do not notice", () => {
  const facts = simulate({
    runs,
    nodes: [node(manifest())],
    steps: [{ at: "10s", delete: { kind: "Pod", namespace: "kube-system", name: "etcd-n-1", gracePeriodSeconds: 0 } }],
    until: "60s"
  })
  const seen = mirrors(facts)
  const uids = [...new Set(seen.map(({ pod }) => pod.metadata.uid))]
  expect(uids).toHaveLength(2)
  const last = seen.at(-1)?.pod
  expect(last?.status.phase).toBe("Running")
  const ids = new Set(seen.flatMap(({ pod }) => pod.status.containerStatuses?.[0]?.containerID ?? []))
  expect(ids.size).toBe(1)
})

it("K-313, K-314: without its manifest the pod gets its own grace, and its mirror goes when it is dead", () => {
  const facts = simulate({ runs, nodes: [node(manifest())], steps: [place("10s")], until: "30s" })
  const seen = mirrors(facts)
  const gone = seen.at(-1)
  expect(gone?.change).toBe("DELETED")
  expect(gone?.seconds).toBeGreaterThan(12)
  expect(gone?.seconds).toBeLessThan(17)
  expect(
    seen.some(
      ({ pod }) => pod.metadata.deletionTimestamp !== undefined && pod.metadata.deletionGracePeriodSeconds !== 0
    )
  ).toBe(false)
  expect(new Set(seen.map(({ pod }) => pod.status.phase))).toEqual(new Set(["Pending", "Running"]))
})

it("K-315: another manifest of that name waits until the first pod is dead", () => {
  const facts = simulate({
    runs,
    nodes: [node(manifest())],
    steps: [place("10s", manifest({}, { version: "2" }))],
    until: "60s"
  })
  const second = when(
    mirrors(facts),
    ({ metadata, status }) => metadata.labels?.["version"] === "2" && status.phase === "Running"
  )
  expect(second.seconds).toBeGreaterThan(19)
  expect(second.seconds).toBeLessThan(29)
})

it("a static pod is as critical as can be: it takes the place of others and is not evicted", () => {
  const greedy = manifest()
  const containers = greedy.spec.containers.map((one) => ({ ...one, resources: { requests: { cpu: "1500m" } } }))
  const other = podManifest("p", ["main"], { nodeName: "n-1", terminationGracePeriodSeconds: 1 })
  const spec = {
    ...other.spec,
    containers: other.spec.containers.map((one) => ({ ...one, resources: { requests: { cpu: "1" } } }))
  }
  const facts = simulate({
    runs,
    nodes: [{ name: "n-1", cpu: 2, memory: "4Gi" }],
    steps: [
      { at: "0s", apply: { ...other, spec } },
      place("5s", { ...greedy, spec: { ...greedy.spec, containers } }),
      { at: "15s", node: { name: "n-1", pressure: true } }
    ],
    until: "60s"
  })
  expect(podMoments(facts).at(-1)?.pod.status.reason).toBe("Preempting")
  expect(mirrors(facts).at(-1)?.pod.status.phase).toBe("Running")
})

it("K-310: a kubelet that starts again finds the manifest on disk and the containers still running", () => {
  const facts = simulate({
    runs,
    nodes: [node(manifest())],
    steps: [{ at: "10s", node: { name: "n-1", kubelet: "restart" } }],
    until: "60s"
  })
  const seen = mirrors(facts)
  expect(new Set(seen.map(({ pod }) => pod.metadata.uid)).size).toBe(1)
  expect(seen.at(-1)?.pod.status.phase).toBe("Running")
  const ids = new Set(seen.flatMap(({ pod }) => pod.status.containerStatuses?.[0]?.containerID ?? []))
  expect(ids.size).toBe(1)
})

it("K-210, K-312: when its manifest is taken away, the mirror still says when the pod started", () => {
  const facts = simulate({ runs, nodes: [node(manifest())], steps: [place("15s")], until: "40s" })
  const starts = new Set(mirrors(facts).flatMap(({ pod: { status } }) => status.startTime ?? []))
  expect([...starts]).toHaveLength(1)
})
