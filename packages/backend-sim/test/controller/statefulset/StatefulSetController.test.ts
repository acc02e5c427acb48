import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const template = (image = "busybox:1") => ({
  metadata: { labels: { app: "db" } },
  spec: { nodeName: "away", terminationGracePeriodSeconds: 5, containers: [{ name: "x", image }] }
})

const set = (spec: JsonObject = {}) => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "db" },
  spec: { replicas: 3, serviceName: "db", selector: { matchLabels: { app: "db" } }, template: template(), ...spec }
})

const names = (cluster: TestControlPlane, kind = "Pod"): ReadonlyArray<string> =>
  cluster.list(kind).map(({ metadata }) => metadata.name)

/** Every pod that is there becomes ready, and those that follow from it, too. */
const settle = (cluster: TestControlPlane): void => {
  for (let round = 0; round < 5; round++) {
    for (const { metadata } of cluster.list("Pod"))
      if (metadata.deletionTimestamp === undefined) cluster.makeReady(metadata.name)
    cluster.run(1)
  }
}

const gone = (cluster: TestControlPlane, name: string): void => {
  cluster.delete("Pod", name, { gracePeriodSeconds: 0 })
  cluster.run(1)
}

const running = (spec: JsonObject = {}): TestControlPlane => {
  const cluster = new TestControlPlane()
  cluster.create(set(spec))
  cluster.run(1)
  settle(cluster)
  cluster.clear()
  return cluster
}

const pods = (cluster: TestControlPlane): ReadonlyArray<string> => cluster.log.filter((line) => line.includes(" Pod/"))

describe("StatefulSets", () => {
  it("C-284: their pods have names, labels and a host of their own, and the hash that Kubernetes gives the revision", () => {
    const cluster = running()
    const { metadata, spec } = cluster.get("Pod", "db-1")
    const revision = names(cluster, "ControllerRevision")[0] ?? ""
    expect(metadata).toMatchObject({
      generateName: "db-",
      labels: {
        app: "db",
        "statefulset.kubernetes.io/pod-name": "db-1",
        "apps.kubernetes.io/pod-index": "1",
        "controller-revision-hash": revision
      },
      ownerReferences: [{ kind: "StatefulSet", name: "db", controller: true, blockOwnerDeletion: true }]
    })
    expect(spec).toMatchObject({ hostname: "db-1", subdomain: "db" })
  })

  it("C-285: one is made when the one before is ready; with Parallel all at once", () => {
    const ordered = new TestControlPlane()
    ordered.create(set())
    ordered.run(5)
    expect(names(ordered)).toEqual(["db-0"])
    ordered.makeReady("db-0")
    ordered.run(1)
    expect(names(ordered)).toEqual(["db-0", "db-1"])
    const parallel = new TestControlPlane()
    parallel.create(set({ podManagementPolicy: "Parallel" }))
    parallel.run(1)
    expect(names(parallel)).toEqual(["db-0", "db-1", "db-2"])
  })

  it("C-285: a pod has to be ready for minReadySeconds before the next is made", () => {
    const cluster = new TestControlPlane()
    cluster.create(set({ minReadySeconds: 10 }))
    cluster.run(1)
    cluster.makeReady("db-0")
    cluster.run(9)
    expect(names(cluster)).toEqual(["db-0"])
    cluster.run(2)
    expect(names(cluster)).toEqual(["db-0", "db-1"])
  })

  it.each(["Failed", "Succeeded"])("C-286: a pod that is %s is deleted, and made again when it is gone", (phase) => {
    const cluster = running()
    const { uid } = cluster.get("Pod", "db-1").metadata
    cluster.patch("Pod", "db-1", { status: { phase } }, "status")
    cluster.run(1)
    expect(cluster.events).toContain("SuccessfulDelete: Delete Pod db-1 in StatefulSet db successful")
    expect(cluster.get("Pod", "db-1").metadata.uid).not.toBe(uid)
  })

  it("C-424: a pod that has ended, even well, is deleted and made again under its name", () => {
    const cluster = running()
    const { uid } = cluster.get("Pod", "db-1").metadata
    cluster.patch("Pod", "db-1", { status: { phase: "Succeeded" } }, "status")
    cluster.run(1)
    expect(names(cluster).toSorted()).toEqual(["db-0", "db-1", "db-2"])
    expect(cluster.get("Pod", "db-1").metadata.uid).not.toBe(uid)
    expect(pods(cluster).filter((line) => line.startsWith("ADDED"))).toHaveLength(1)
  })

  it("C-287: scaled down from the highest, one after the other", () => {
    const cluster = running()
    cluster.patch("StatefulSet", "db", { spec: { replicas: 1 } })
    cluster.run(1)
    expect(pods(cluster)).toEqual(["MODIFIED Pod/db-2"])
    gone(cluster, "db-2")
    expect(pods(cluster).slice(-1)).toEqual(["MODIFIED Pod/db-1"])
  })

  it("C-287: while another is not healthy, only the first unhealthy one may go", () => {
    const cluster = running()
    const unready = [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:05Z" }]
    for (const name of ["db-1", "db-2"]) cluster.patch("Pod", name, { status: { conditions: unready } }, "status")
    cluster.run(1)
    cluster.clear()
    cluster.patch("StatefulSet", "db", { spec: { replicas: 1 } })
    cluster.run(5)
    expect(pods(cluster)).toEqual([])
    cluster.makeReady("db-1")
    cluster.run(1)
    expect(pods(cluster)).toContain("MODIFIED Pod/db-2")
  })

  it("C-288: rolled out from the highest down to the partition, each waiting until the one before is back", () => {
    const cluster = running({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } })
    cluster.patch("StatefulSet", "db", { spec: { template: template("busybox:2") } })
    cluster.run(2)
    expect(pods(cluster)).toEqual(["MODIFIED Pod/db-2"])
    gone(cluster, "db-2")
    cluster.run(5)
    expect(pods(cluster).filter((line) => line.includes("db-1"))).toEqual([])
    settle(cluster)
    gone(cluster, "db-1")
    settle(cluster)
    const images = cluster.list("Pod").map(({ metadata, spec }) => {
      const [container] = (spec as { containers: ReadonlyArray<{ image: string }> }).containers
      return `${metadata.name} ${container?.image}`
    })
    expect(images.sort()).toEqual(["db-0 busybox:1", "db-1 busybox:2", "db-2 busybox:2"])
    gone(cluster, "db-0")
    settle(cluster)
    expect(cluster.get("Pod", "db-0").spec).toMatchObject({ containers: [{ image: "busybox:1" }] })
  })

  it("C-288: OnDelete leaves them alone until somebody deletes one", () => {
    const cluster = running({ updateStrategy: { type: "OnDelete" } })
    cluster.patch("StatefulSet", "db", { spec: { template: template("busybox:2") } })
    cluster.run(5)
    expect(pods(cluster)).toEqual([])
    gone(cluster, "db-2")
    expect(cluster.get("Pod", "db-2").spec).toMatchObject({ containers: [{ image: "busybox:2" }] })
  })

  it("a template of old brings its revision back, with a new number", () => {
    const cluster = running()
    const first = names(cluster, "ControllerRevision")
    cluster.patch("StatefulSet", "db", { spec: { template: template("busybox:2") } })
    cluster.run(1)
    expect(names(cluster, "ControllerRevision")).toHaveLength(2)
    cluster.patch("StatefulSet", "db", { spec: { template: template() } })
    cluster.run(1)
    expect(
      cluster.list("ControllerRevision").map(({ metadata, revision }) => [metadata.name, revision])
    ).toContainEqual([first[0], 3])
  })

  it("keeps no more revisions than it is told to, beside those that are in use", () => {
    const cluster = running({ revisionHistoryLimit: 1 })
    for (const image of ["a:1", "a:2", "a:3"]) {
      cluster.patch("StatefulSet", "db", { spec: { template: template(image) } })
      cluster.run(1)
    }
    expect(cluster.list("ControllerRevision")).toHaveLength(3)
  })

  it("C-289, C-290: makes the claims of a pod before the pod, and says so", () => {
    const cluster = new TestControlPlane()
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
    }
    cluster.create(set({ volumeClaimTemplates: [claim] }))
    cluster.run(1)
    const made = cluster.log.filter((line) => line.includes("ADDED P"))
    expect(made).toEqual(["ADDED PersistentVolumeClaim/data-db-0", "ADDED Pod/db-0"])
    // Nobody has a volume for the claim, which is told, too.
    expect(cluster.events.filter((event) => !event.startsWith("FailedBinding"))).toEqual([
      "SuccessfulCreate: Create Claim data-db-0 Pod db-0 in StatefulSet db success",
      "SuccessfulCreate: Create Pod db-0 in StatefulSet db successful"
    ])
    expect(cluster.get("Pod", "db-0").spec).toMatchObject({
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-db-0" } }, {}]
    })
  })

  it("claims go with their pod when the set is scaled down and says Delete, else they stay", () => {
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
    }
    const policy = { whenScaled: "Delete", whenDeleted: "Retain" }
    for (const [more, left] of [
      [{}, ["data-db-0", "data-db-1", "data-db-2"]],
      [{ persistentVolumeClaimRetentionPolicy: policy }, ["data-db-0", "data-db-1"]]
    ] as const) {
      const cluster = running({ volumeClaimTemplates: [claim], ...more })
      cluster.patch("StatefulSet", "db", { spec: { replicas: 2 } })
      cluster.run(1)
      gone(cluster, "db-2")
      cluster.run(5)
      const claims = cluster.list("PersistentVolumeClaim")
      expect(
        claims.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name)
      ).toEqual(left)
    }
  })

  it("C-289: says why a pod cannot be made, and tries again", () => {
    const cluster = new TestControlPlane()
    cluster.create({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q" }, spec: { hard: { pods: "0" } } })
    cluster.run(1)
    cluster.create(set())
    cluster.run(1)
    expect(cluster.events).toContain(
      `FailedCreate: Create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0`
    )
    cluster.patch("ResourceQuota", "q", { spec: { hard: { pods: "5" } } })
    cluster.run(60)
    expect(names(cluster)).toEqual(["db-0"])
  })

  it("begin counting where they are told to", () => {
    const cluster = running({ ordinals: { start: 5 }, replicas: 2 })
    expect(names(cluster)).toEqual(["db-5", "db-6"])
  })
})
