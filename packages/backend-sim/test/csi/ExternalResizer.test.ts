/** Claims that grow: from the request to the file system on the node. */
import { type Instant, isJsonObject, type JsonObject, type KubernetesObject, later, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { scenario } from "../given.ts"

const DRIVER = "pd.csi.storage.gke.io"
const storageClass = (allowVolumeExpansion?: boolean) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "disk" },
  provisioner: DRIVER,
  ...(allowVolumeExpansion === undefined ? {} : { allowVolumeExpansion })
})
const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "c" },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "disk", resources: { requests: { storage: "1Gi" } } }
}
const pod = (readOnly = false) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: {
    volumes: [{ name: "d", persistentVolumeClaim: { claimName: "c", readOnly } }],
    containers: [{ name: "main", image: "i", volumeMounts: [{ name: "d", mountPath: "/d" }] }]
  }
})
const quota = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "q" },
  spec: { hard: { "requests.storage": "3Gi" } }
}

const run = (driver: object, objects: ReadonlyArray<object>, everyResync = false) => {
  const made = scenario({
    storage: [{ driver: DRIVER, ...driver }],
    steps: objects.map((apply) => ({ at: "0s", apply })),
    until: "900s"
  } as never)
  const cluster = new Cluster(made, { everyResync })
  for (const { intention } of made.steps) cluster.submit(intention)
  const patch = (kind: string, name: string, body: JsonObject) =>
    cluster.submit({
      ...{ _tag: "Patch", kind, name, namespace: undefined, subresource: undefined, type: "merge", patch: body },
      ...{ fieldManager: undefined, force: undefined }
    })?.[0]
  const facts = () => cluster.takeFacts()
  const run = {
    /** Runs for so many seconds, and tells the Events of that time: reason, message, about what. */
    events: (seconds: number): ReadonlyArray<string> => {
      facts()
      cluster.run(later(cluster.now, seconds * SECOND) as Instant, Number.POSITIVE_INFINITY)
      return facts().flatMap((fact) => {
        const { kind, reason, message, involvedObject, count } = (fact._tag === "ObjectChanged"
          ? fact.object
          : {}) as never as JsonObject
        const about = isJsonObject(involvedObject) ? involvedObject["kind"] : ""
        const isOurs = /Resiz|Expand/.test(String(reason))
        return kind === "Event" && isOurs && count === 1
          ? [`${reason} (${about}): ${String(message).replace(/pvc-[0-9a-f-]{36}/, "V")}`]
          : []
      })
    },
    grow: (storage: string) => patch("PersistentVolumeClaim", "c", { spec: { resources: { requests: { storage } } } }),
    look: (kind: string, name: string) => patch(kind, name, {})?.body as JsonObject,
    status: () => run.look("PersistentVolumeClaim", "c")["status"] as JsonObject,
    apply: (object: object) => cluster.submit({ _tag: "Apply", objects: [object as KubernetesObject] }),
    node: (does: object) => cluster.submit({ _tag: "Node", name: "n-1", ...does } as never),
    volume: () => {
      const { volumeName } = run.look("PersistentVolumeClaim", "c")["spec"] as { readonly volumeName: string }
      return run.look("PersistentVolume", volumeName)["spec"]
    },
    patch
  }
  run.events(60)
  return run
}

const begun = [
  "ExternalExpanding (PersistentVolumeClaim): waiting for an external controller to expand this PVC",
  "Resizing (PersistentVolumeClaim): External resizer is resizing volume V"
]
const required = "FileSystemResizeRequired (PersistentVolumeClaim): Require file system resize of volume on node"
const succeeded = (about: string) =>
  `FileSystemResizeSuccessful (${about}): MountVolume.NodeExpandVolume succeeded for volume "V" n-1`

describe("a claim that asks for more", () => {
  it("is refused unless it is bound, of a class that allows it", () => {
    const only =
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
    for (const allows of [undefined, false])
      expect(run({}, [storageClass(allows), claim]).grow("2Gi")?.body).toMatchObject({
        code: 403,
        message: `persistentvolumeclaims "c" is forbidden: ${only}`
      })
    const unbound = run({ provisionError: "no" }, [storageClass(true), claim])
    // What an unbound claim asks for cannot change at all.
    expect(unbound.grow("2Gi")?.status).toBe(422)
    expect(run({}, [storageClass(false), claim]).grow("1Gi")?.status).toBe(200)
  })

  it("is counted against the quota", () => {
    const cluster = run({}, [quota, storageClass(true), claim])
    expect(cluster.grow("4Gi")?.body).toMatchObject({
      code: 403,
      message: expect.stringContaining("exceeded quota: q")
    })
    expect(cluster.grow("2Gi")?.status).toBe(200)
    expect(cluster.look("ResourceQuota", "q")["status"]).toMatchObject({ used: { "requests.storage": "2Gi" } })
  })

  it("gets a larger volume, and a larger file system once a pod mounts it", () => {
    const cluster = run({ expand: "5s" }, [storageClass(true), claim])
    cluster.grow("2Gi")
    expect(cluster.events(4)).toEqual(begun)
    expect(cluster.status()).toMatchObject({
      capacity: { storage: "1Gi" },
      allocatedResources: { storage: "2Gi" },
      allocatedResourceStatuses: { storage: "ControllerResizeInProgress" },
      conditions: [{ type: "Resizing", status: "True" }]
    })
    expect(cluster.events(10)).toEqual([required])
    expect(cluster.volume()).toMatchObject({ capacity: { storage: "2Gi" } })
    expect(cluster.status()).toMatchObject({
      capacity: { storage: "1Gi" },
      allocatedResourceStatuses: { storage: "NodeResizePending" },
      conditions: [
        {
          type: "FileSystemResizePending",
          status: "True",
          message: "Waiting for user to (re-)start a pod to finish file system resize of volume on node."
        }
      ]
    })
    expect(cluster.events(100)).toEqual([])
    cluster.apply(pod())
    expect(cluster.events(30)).toEqual([succeeded("Pod"), succeeded("PersistentVolumeClaim")])
    expect(cluster.status()).toMatchObject({ capacity: { storage: "2Gi" } })
  })

  it.each([false, true])("is served while a pod uses it, at the next look at that pod (each of them: %s)", (each) => {
    const cluster = run({ expand: "2s" }, [storageClass(true), claim, pod()], each)
    cluster.grow("2Gi")
    expect(cluster.events(100)).toEqual([...begun, required, succeeded("Pod"), succeeded("PersistentVolumeClaim")])
    const status = cluster.status()
    expect(status).toMatchObject({
      phase: "Bound",
      capacity: { storage: "2Gi" },
      allocatedResources: { storage: "2Gi" }
    })
    expect(status).not.toHaveProperty("conditions")
    expect(status).not.toHaveProperty("allocatedResourceStatuses")
    cluster.grow("3Gi")
    cluster.events(100)
    expect(cluster.status()).toMatchObject({ capacity: { storage: "3Gi" } })
  })

  it("is served as soon as its node can write again", () => {
    const cluster = run({ expand: "2s" }, [storageClass(true), claim, pod()])
    const network = (what: "cut" | "heal") => cluster.node({ network: what })
    network("cut")
    cluster.grow("2Gi")
    expect(cluster.events(200)).toEqual([...begun, required])
    network("heal")
    expect(cluster.events(150)).toEqual([succeeded("Pod"), succeeded("PersistentVolumeClaim")])
  })

  it("waits for a pod that writes", () => {
    const cluster = run({}, [storageClass(true), claim, pod(true)])
    cluster.grow("2Gi")
    expect(cluster.events(200)).toEqual([...begun, required])
    expect(cluster.status()).toMatchObject({ capacity: { storage: "1Gi" } })
  })

  it("needs no node where the driver has nothing for it to do", () => {
    const cluster = run({ nodeExpansion: false }, [storageClass(true), claim])
    cluster.grow("2Gi")
    expect(cluster.events(30)).toEqual([
      ...begun,
      "VolumeResizeSuccessful (PersistentVolumeClaim): Resize volume succeeded"
    ])
    expect(cluster.status()).toMatchObject({ capacity: { storage: "2Gi" } })
  })

  it("is tried again and again while the driver says no", () => {
    const cluster = run({ expandError: "rpc error: code = Internal desc = quota" }, [storageClass(true), claim])
    cluster.grow("2Gi")
    const events = cluster.events(60)
    expect(events.slice(0, 3)).toEqual([
      ...begun,
      `VolumeResizeFailed (PersistentVolumeClaim): resize volume "V" by resizer "${DRIVER}" failed: rpc error: code = Internal desc = quota`
    ])
    expect(cluster.status()).toMatchObject({ conditions: [{ type: "Resizing" }], capacity: { storage: "1Gi" } })
  })
})
