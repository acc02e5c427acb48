/** ReplicationControllers keep their pods as ReplicaSets do: the controller alone. */
import { isPod, type JsonObject, type PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const labels = { app: "web" }
const spec = { containers: [{ name: "main", image: "busybox:1.37" }] }

const manifest = (replicas: number, selector: JsonObject = labels): JsonObject => ({
  apiVersion: "v1",
  kind: "ReplicationController",
  metadata: { name: "web" },
  spec: { replicas, selector, template: { metadata: { labels }, spec } }
})

class Cluster extends TestControlPlane {
  get pods(): ReadonlyArray<PodObject> {
    return this.list("Pod").filter(isPod)
  }

  get status(): JsonObject {
    return this.get("ReplicationController", "web")["status"] as JsonObject
  }
}

const made = (replicas: number): Cluster => {
  const cluster = new Cluster()
  cluster.create(manifest(replicas))
  return cluster.run(1)
}

describe("a ReplicationController", () => {
  it("makes the pods that it asks for, which are its own, and says so as itself", () => {
    const cluster = made(2)
    const { uid = "" } = cluster.get("ReplicationController", "web").metadata
    const owner = { apiVersion: "v1", kind: "ReplicationController", name: "web", uid }
    for (const { metadata } of cluster.pods)
      expect(metadata.ownerReferences).toEqual([{ ...owner, controller: true, blockOwnerDeletion: true }])
    expect(cluster.pods).toHaveLength(2)
    const said = cluster.store.list("Event")
    expect(said.map(({ source }) => (source as JsonObject)["component"])).toEqual(
      Array(2).fill("replication-controller")
    )
    expect(said.map(({ involvedObject }) => (involvedObject as JsonObject)["kind"])).toEqual(
      Array(2).fill("ReplicationController")
    )
  })

  it("has a status that does not tell how many pods are going away, and keeps its selector", () => {
    const cluster = made(1)
    expect(cluster.status).toEqual({ replicas: 1, fullyLabeledReplicas: 1, observedGeneration: 1 })
    expect((cluster.get("ReplicationController", "web")["spec"] as JsonObject)["selector"]).toEqual(labels)
  })

  it("adopts the pods that it selects, and releases those that it selects no more", () => {
    const cluster = new Cluster()
    cluster.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "orphan", labels }, spec })
    cluster.create(manifest(1))
    cluster.run(1)
    const [only] = cluster.pods
    expect(cluster.pods).toHaveLength(1)
    expect(only?.metadata).toMatchObject({ name: "orphan", ownerReferences: [{ kind: "ReplicationController" }] })
    cluster.patch("Pod", "orphan", { metadata: { labels: { app: "other" } } })
    cluster.run(1)
    expect(cluster.get("Pod", "orphan").metadata.ownerReferences ?? []).toEqual([])
    expect(cluster.pods).toHaveLength(2)
  })

  it("wakes for an orphan that comes after it", () => {
    const cluster = made(0)
    cluster.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "late", labels }, spec })
    cluster.run(1)
    expect(cluster.events).toContain("SuccessfulDelete: Deleted pod: late")
  })

  it("has a condition as long as its pods are refused", () => {
    const cluster = new Cluster()
    cluster.create({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q" }, spec: { hard: { pods: "1" } } })
    cluster.run(1)
    cluster.create(manifest(2))
    cluster.run(5)
    expect(cluster.status["conditions"]).toMatchObject([{ type: "ReplicaFailure", reason: "FailedCreate" }])
    cluster.patch("ReplicationController", "web", { spec: { replicas: 1 } })
    cluster.run(5)
    expect(cluster.status["conditions"]).toBeUndefined()
  })

  it("leaves its pods behind if nobody says what is to become of them", () => {
    const cluster = made(1)
    cluster.delete("ReplicationController", "web")
    cluster.run(5)
    expect(cluster.pods.map(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([[]])
  })
})
