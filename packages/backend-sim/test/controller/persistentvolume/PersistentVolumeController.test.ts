import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const claim = (spec: JsonObject = {}, name = "c") => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "", resources: { requests: { storage: "1Gi" } }, ...spec }
})
const volume = (spec: JsonObject = {}, name = "v") => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "2Gi" }, hostPath: { path: "/data" }, ...spec }
})
const storageClass = (fields: JsonObject = {}) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "fast" },
  provisioner: "disk.example.com",
  ...fields
})
const pod = (nodeName?: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: {
    ...(nodeName === undefined ? {} : { nodeName }),
    volumes: [{ name: "d", persistentVolumeClaim: { claimName: "c" } }],
    containers: [{ name: "main", image: "busybox" }]
  }
})
const phase = (cluster: TestControlPlane, kind: string, name: string) =>
  (cluster.get(kind, name)["status"] as JsonObject)["phase"]

describe("a claim and a volume", () => {
  it("S-338: find each other; what is written: the volume, its phase, the claim, its phase", () => {
    const cluster = new TestControlPlane()
    cluster.create(volume())
    cluster.run(1).clear()
    cluster.create(claim())
    cluster.run(1)
    expect(cluster.log.slice(1)).toEqual([
      "MODIFIED PersistentVolume/v",
      "MODIFIED PersistentVolume/v",
      "MODIFIED PersistentVolumeClaim/c",
      "MODIFIED PersistentVolumeClaim/c"
    ])
    const [bound, has] = [cluster.get("PersistentVolumeClaim", "c"), cluster.get("PersistentVolume", "v")]
    expect(bound).toMatchObject({
      metadata: {
        annotations: { "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes" }
      },
      spec: { volumeName: "v" },
      status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "2Gi" } }
    })
    expect(has).toMatchObject({
      metadata: { annotations: { "pv.kubernetes.io/bound-by-controller": "yes" } },
      spec: { claimRef: { namespace: "n", name: "c", uid: bound.metadata.uid } },
      status: { phase: "Bound" }
    })
    expect(cluster.events).toEqual([])
  })

  it("a claim without a volume says so every fifteen seconds, and gets one that comes at the next look", () => {
    const cluster = new TestControlPlane()
    cluster.create(claim())
    cluster.run(40)
    expect(cluster.events[0]).toBe(
      "FailedBinding: no persistent volumes available for this claim and no storage class is set"
    )
    expect(cluster.events.length).toBeGreaterThanOrEqual(3)
    expect(cluster.events.length).toBeLessThanOrEqual(4)
    cluster.create(volume())
    cluster.run(1)
    expect(phase(cluster, "PersistentVolume", "v")).toBe("Available")
    cluster.run(15)
    expect(phase(cluster, "PersistentVolumeClaim", "c")).toBe("Bound")
    cluster.clear()
    cluster.run(100)
    expect(cluster.log).toEqual([])
  })

  it("one that was asked for by name has to be what is asked for", () => {
    const cluster = new TestControlPlane()
    cluster.create(volume({ capacity: { storage: "1Mi" } }))
    cluster.create(claim({ volumeName: "v" }))
    cluster.run(1)
    expect(cluster.events[0]).toBe('VolumeMismatch: Cannot bind to requested volume "v": requested PV is too small')
  })

  it("one that is another's is not had", () => {
    const cluster = new TestControlPlane()
    cluster.create(volume())
    cluster.create(claim())
    cluster.run(16).clear()
    cluster.create(claim({ volumeName: "v" }, "d"))
    cluster.run(1)
    expect(cluster.events).toEqual(['FailedBinding: volume "v" already bound to a different claim.'])
  })

  it.each([
    ["Retain", "Released", []],
    ["Delete", "Failed", ["VolumeFailedDelete: host_path deleter only supports /tmp/.+ but received provided /data"]]
  ])("what becomes of a volume whose claim is gone: %s", (persistentVolumeReclaimPolicy, expected, events) => {
    const cluster = new TestControlPlane()
    cluster.create(volume({ persistentVolumeReclaimPolicy }))
    cluster.create(claim())
    cluster.run(16).clear()
    cluster.delete("PersistentVolumeClaim", "c")
    cluster.run(1)
    expect(phase(cluster, "PersistentVolume", "v")).toBe(expected)
    expect(cluster.events).toEqual(events)
    // Another claim does not get what a claim has left behind.
    cluster.create(claim())
    cluster.run(40)
    expect(phase(cluster, "PersistentVolumeClaim", "c")).toBe("Pending")
  })

  it("a claim whose volume is taken away is lost", () => {
    const cluster = new TestControlPlane()
    cluster.create(volume())
    cluster.create(claim())
    cluster.run(16).clear()
    cluster.delete("PersistentVolume", "v")
    cluster.run(5)
    // As long as the claim has it, it stays.
    expect(phase(cluster, "PersistentVolumeClaim", "c")).toBe("Bound")
    cluster.patch("PersistentVolume", "v", { metadata: { finalizers: null } })
    cluster.run(1)
    expect(phase(cluster, "PersistentVolumeClaim", "c")).toBe("Lost")
    expect(cluster.events).toEqual([
      "ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!"
    ])
  })
})

describe("classes of storage", () => {
  it("the default one is that of claims that name none, also of older ones", () => {
    const cluster = new TestControlPlane()
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" }
    const older = claim({}, "older")
    const { storageClassName: _, ...spec } = older.spec
    cluster.create({ ...older, spec })
    cluster.run(1)
    cluster.create({ ...storageClass(), metadata: { name: "fast", annotations } })
    cluster.create({ ...claim(), spec })
    cluster.run(16)
    const classOf = (name: string) =>
      (cluster.get("PersistentVolumeClaim", name)["spec"] as JsonObject)["storageClassName"]
    expect([classOf("c"), classOf("older")]).toEqual(["fast", "fast"])
  })

  it.each([
    ["gone", 'ProvisioningFailed: storageclass.storage.k8s.io "gone" not found'],
    [
      "fast",
      "ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'disk.example.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
    ]
  ])("who is to make a volume of the class %s", (storageClassName, event) => {
    const cluster = new TestControlPlane()
    cluster.create(storageClass())
    cluster.create(claim({ storageClassName }))
    cluster.run(1)
    expect(cluster.events[0]).toBe(event)
  })

  it("a class without a provisioner cannot make one", () => {
    const cluster = new TestControlPlane()
    cluster.create(storageClass({ provisioner: "kubernetes.io/no-provisioner" }))
    cluster.create(claim({ storageClassName: "fast" }))
    cluster.run(1)
    expect(cluster.events[0]).toBe("ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner")
  })

  it("one that waits for pods leaves the choice to the scheduler", () => {
    const cluster = new TestControlPlane()
    cluster.create(storageClass({ volumeBindingMode: "WaitForFirstConsumer" }))
    cluster.create(volume({ storageClassName: "fast" }))
    cluster.create(claim({ storageClassName: "fast" }))
    cluster.run(1)
    expect(cluster.events).toEqual(["WaitForFirstConsumer: waiting for first consumer to be created before binding"])
    cluster.create(pod())
    cluster.run(15)
    expect(cluster.events.at(-1)).toBe("WaitForPodScheduled: waiting for pod p to be scheduled")
  })
})

it("a claim in use stays until no pod with a node has it", () => {
  const cluster = new TestControlPlane()
  cluster.create(volume())
  cluster.create(claim())
  cluster.create(pod("somewhere"))
  cluster.run(2).clear()
  cluster.delete("PersistentVolumeClaim", "c")
  cluster.run(5)
  expect(cluster.get("PersistentVolumeClaim", "c").metadata.deletionTimestamp).toBeDefined()
  cluster.delete("Pod", "p", { gracePeriodSeconds: 0 })
  cluster.run(1)
  expect(cluster.list("PersistentVolumeClaim")).toEqual([])
  expect(phase(cluster, "PersistentVolume", "v")).toBe("Released")
})
