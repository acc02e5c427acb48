import { describe, expect, it } from "vitest"
import { NodeFilter } from "../../../src/decide/scheduler/findNodes.ts"
import type { ClusterChange, PluginName } from "../../../src/decide/scheduler/Plugin.ts"
import { isWorthRequeuing } from "../../../src/decide/scheduler/plugins.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import { volumesToBind } from "../../../src/decide/scheduler/volumes.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { lookup, node, nodeInfo, podInfo } from "./objects.ts"

const claimed = podInfo({ volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] })
const disk = (gcePersistentDisk: JsonObject) => podInfo({ volumes: [{ name: "v", gcePersistentDisk }] })

const claim = (spec: JsonObject): KubernetesObject => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "c", namespace: "ns", annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
  spec
})
const volume = (spec: JsonObject, labels = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "pv", labels },
  spec
})

const says = (
  pod: ReturnType<typeof podInfo>,
  on: Parameters<typeof nodeInfo>,
  ...objects: ReadonlyArray<KubernetesObject>
) => {
  const cluster = SchedulerCache.of([nodeInfo(...on)], lookup(...objects))
  const known = cluster.getNode(on[0])
  return known === undefined ? undefined : new NodeFilter(pod, cluster).ask(known)
}

describe("a volume", () => {
  it("of a claim for one pod alone is not there for a second one, but would be if the first went", () => {
    const once = claim({ volumeName: "pv", accessModes: ["ReadWriteOncePod"] })
    const reasons = [
      "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod"
    ]
    expect(says(claimed, ["a", [{ ...claimed, uid: "first" }]], once)).toEqual({
      plugin: "VolumeRestrictions",
      reasons,
      resolvable: true
    })
    expect(says(claimed, ["a"], once, volume({}))).toBeUndefined()
    const bound = [claim({ volumeName: "pv" }), volume({})]
    expect(says(claimed, ["a", [{ ...claimed, uid: "first" }]], ...bound)).toBeUndefined()
    const cluster = SchedulerCache.of([nodeInfo("a", [{ ...claimed, uid: "first" }])], lookup(once, volume({})))
    const known = cluster.getNode("a")
    const first = known?.pods.get("first")
    if (known === undefined || first === undefined) throw new Error("no pod")
    expect(new NodeFilter(claimed, cluster).askAfter(known, [[first, -1]])).toBeUndefined()
  })

  it("that only one pod of a node can mount keeps others off, unless all only read", () => {
    const [writes, reads] = [disk({ pdName: "d" }), disk({ pdName: "d", readOnly: true })]
    expect(says(writes, ["a", [reads]])?.reasons).toEqual(["node(s) had no available disk"])
    expect(says(reads, ["a", [disk({ pdName: "d", readOnly: true })]])).toBeUndefined()
    expect(says(writes, ["a", [disk({ pdName: "e" })]])).toBeUndefined()
  })

  it("is only where its own affinity and its zone say, and nowhere if it is gone", () => {
    const bound = claim({ volumeName: "pv" })
    const terms = [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["a"] }] }]
    const local = volume({ nodeAffinity: { required: { nodeSelectorTerms: terms } } })
    expect(says(claimed, ["a"], bound, local)).toBeUndefined()
    expect(says(claimed, ["b"], bound, local)?.reasons).toEqual([
      "node(s) didn't match PersistentVolume's node affinity"
    ])
    const zone = "topology.kubernetes.io/zone"
    const zonal = volume({}, { [zone]: "z1__z2" })
    expect(says(claimed, ["a", [], { labels: { [zone]: "z2" } }], bound, zonal)).toBeUndefined()
    expect(says(claimed, ["a", [], { labels: { [zone]: "z3" } }], bound, zonal)?.reasons).toEqual([
      "node(s) had no available volume zone"
    ])
    const other = { ...volume({}), metadata: { name: "other" } }
    expect(says(claimed, ["a"], bound, other)?.reasons).toEqual([
      "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"
    ])
  })
})

describe("a claim that waits for its pod", () => {
  const unbound: KubernetesObject = {
    ...claim({
      storageClassName: "local",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } }
    }),
    metadata: { name: "c", namespace: "ns" }
  }
  const storageClass = (more: JsonObject = {}): KubernetesObject => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "local" },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
    ...more
  })
  const local = (on: string): KubernetesObject => ({
    ...volume({
      storageClassName: "local",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "2Gi" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [on] }] }]
        }
      }
    }),
    status: { phase: "Available" }
  })

  it("gets a volume that the node reaches", () => {
    expect(says(claimed, ["a"], unbound, storageClass(), local("a"))).toBeUndefined()
    expect(says(claimed, ["b"], unbound, storageClass(), local("a"))?.reasons).toEqual([
      "node(s) didn't find available persistent volumes to bind"
    ])
    const cluster = SchedulerCache.of([nodeInfo("a")], lookup(unbound, storageClass(), local("a")))
    const known = cluster.getNode("a")
    expect(known && volumesToBind(claimed, cluster, known)).toEqual({
      bindings: [{ claim: unbound, volume: local("a") }],
      provisions: []
    })
  })

  it("gets one that can be made where its class allows it", () => {
    const made = storageClass({ provisioner: "disk.example.com" })
    expect(says(claimed, ["a"], unbound, made)).toBeUndefined()
    const allowed = (values: ReadonlyArray<string>) => ({
      ...made,
      allowedTopologies: [{ matchLabelExpressions: [{ key: "kubernetes.io/hostname", values: [...values] }] }]
    })
    expect(says(claimed, ["a"], unbound, allowed(["a", "b"]))).toBeUndefined()
    expect(says(claimed, ["a"], unbound, allowed(["b"]))?.plugin).toBe("VolumeBinding")
  })

  it("for which a node was chosen is made there and nowhere else", () => {
    const made = storageClass({ provisioner: "disk.example.com" })
    const chosen: KubernetesObject = {
      ...unbound,
      metadata: { ...unbound.metadata, annotations: { "volume.kubernetes.io/selected-node": "a" } }
    }
    expect(says(claimed, ["a"], chosen, made)).toBeUndefined()
    expect(says(claimed, ["b"], chosen, made)?.reasons).toEqual([
      "node(s) didn't find available persistent volumes to bind"
    ])
  })
})

describe("how many volumes a node can have", () => {
  const csiNode = (count: number): KubernetesObject => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "CSINode",
    metadata: { name: "a" },
    spec: { drivers: [{ name: "pd.csi.storage.gke.io", nodeID: "a", topologyKeys: null, allocatable: { count } }] }
  })
  const has = (pdName: string, uid: string) => ({ ...disk({ pdName, readOnly: true }), uid })

  it("one that several pods use counts once, and one that is there already is no more", () => {
    const on: Parameters<typeof nodeInfo> = ["a", [has("d", "1"), has("d", "2")]]
    expect(says(disk({ pdName: "e", readOnly: true }), on, csiNode(2))).toBeUndefined()
    expect(says(disk({ pdName: "d", readOnly: true }), on, csiNode(1))).toBeUndefined()
    expect(says(disk({ pdName: "e", readOnly: true }), on, csiNode(1))).toEqual({
      plugin: "NodeVolumeLimits",
      reasons: ["node(s) exceed max volume count"],
      resolvable: true
    })
    expect(says(disk({ pdName: "e", readOnly: true }), on)).toBeUndefined()
  })

  it("is asked again when a pod with a volume goes, or a volume leaves the node", () => {
    const waiting = new Set<PluginName>(["NodeVolumeLimits"])
    const cache = new SchedulerCache(lookup())
    const gone = (pod: ReturnType<typeof podInfo>): ClusterChange => ({ _tag: "AssignedPodDeleted", pod })
    expect(isWorthRequeuing(disk({ pdName: "e" }), waiting, gone(disk({ pdName: "d" })), cache)).toBe(true)
    expect(isWorthRequeuing(disk({ pdName: "e" }), waiting, gone(podInfo({})), cache)).toBe(false)
    const changed = (object: KubernetesObject): ClusterChange => ({ _tag: "StorageChanged", object })
    expect(isWorthRequeuing(disk({ pdName: "e" }), waiting, changed(csiNode(1)), cache)).toBe(true)
    expect(isWorthRequeuing(disk({ pdName: "e" }), waiting, changed(volume({})), cache)).toBe(false)
  })
})

describe("another try", () => {
  const worth = (
    pod: ReturnType<typeof podInfo>,
    rejector: PluginName,
    change: ClusterChange,
    ...objects: ReadonlyArray<KubernetesObject>
  ) => isWorthRequeuing(pod, new Set([rejector]), change, new SchedulerCache(lookup(...objects)))

  it("is worth it for a claim in use when a pod with that claim goes, and for a claim that changed", () => {
    const gone = (spec: JsonObject) =>
      ({ _tag: "AssignedPodDeleted", pod: podInfo({ ...spec, nodeName: "n" }) }) as const
    expect(worth(claimed, "VolumeRestrictions", gone({ volumes: claimed.pod.spec["volumes"] ?? [] }))).toBe(true)
    expect(worth(claimed, "VolumeRestrictions", gone({}))).toBe(false)
    expect(worth(claimed, "VolumeBinding", { _tag: "StorageChanged", object: claim({}) })).toBe(true)
    const elsewhere = { ...claim({}), metadata: { name: "c", namespace: "other" } }
    expect(worth(claimed, "VolumeBinding", { _tag: "StorageChanged", object: elsewhere })).toBe(false)
  })

  const near = {
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "zone", labelSelector: { matchLabels: { app: "db" } } }
        ]
      }
    }
  }
  const labelled = (app: string, spec: JsonObject = { nodeName: "n" }) => {
    const { class: its, ...rest } = podInfo(spec)
    return { ...rest, class: { ...its, labels: { app } } }
  }

  it("is worth it for affinity when such a pod comes, or a node with the topology", () => {
    expect(worth(podInfo(near), "InterPodAffinity", { _tag: "AssignedPodAdded", pod: labelled("db") })).toBe(true)
    expect(worth(podInfo(near), "InterPodAffinity", { _tag: "AssignedPodAdded", pod: labelled("web") })).toBe(false)
    expect(worth(podInfo(near), "InterPodAffinity", { _tag: "AssignedPodDeleted", pod: labelled("db") })).toBe(false)
    const added = (labels: object): ClusterChange => ({ _tag: "NodeAdded", node: node("n", { labels }) })
    expect(worth(podInfo(near), "InterPodAffinity", added({ zone: "z" }))).toBe(true)
    expect(worth(podInfo(near), "InterPodAffinity", added({}))).toBe(false)
    const became = { _tag: "PodLabelsChanged", before: labelled("web"), pod: labelled("db") } as const
    expect(worth(podInfo(near), "InterPodAffinity", became)).toBe(true)
  })

  it("is worth it for spread when a pod that counts comes or goes, or the nodes of the topology change", () => {
    const constraint = {
      topologyKey: "zone",
      maxSkew: 1,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "db" } }
    }
    const spread = podInfo({ topologySpreadConstraints: [constraint] })
    expect(worth(spread, "PodTopologySpread", { _tag: "AssignedPodDeleted", pod: labelled("db") })).toBe(true)
    expect(worth(spread, "PodTopologySpread", { _tag: "AssignedPodAdded", pod: labelled("web") })).toBe(false)
    expect(worth(spread, "PodTopologySpread", { _tag: "AssignedPodAdded", pod: labelled("db", {}) })).toBe(false)
    const deleted = (labels: object): ClusterChange => ({ _tag: "NodeDeleted", node: node("n", { labels }) })
    expect(worth(spread, "PodTopologySpread", deleted({ zone: "z" }))).toBe(true)
    expect(worth(spread, "PodTopologySpread", deleted({}))).toBe(false)
  })

  it("is worth it for room when a pod asks for less than it did of what is short", () => {
    const before = podInfo({ nodeName: "n" }, { cpu: "2", memory: "1Gi" })
    const less = podInfo({ nodeName: "n" }, { cpu: "1", memory: "1Gi" })
    const scaled = { _tag: "PodScaledDown", before, pod: less } as const
    expect(worth(podInfo({}, { cpu: "1" }), "NodeResourcesFit", scaled)).toBe(true)
    expect(worth(podInfo({}, { memory: "1Gi" }), "NodeResourcesFit", scaled)).toBe(false)
  })
})
