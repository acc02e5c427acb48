import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const pod = (name: string, seconds: number) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: seconds,
    nodeName: "away",
    containers: [{ name: "main", image: "busybox:1" }]
  }
})

const conditions = (cluster: TestControlPlane): ReadonlyArray<string> => {
  const status = cluster.get("Namespace", "n")["status"] as JsonObject
  return ((status["conditions"] ?? []) as ReadonlyArray<JsonObject>).map(
    ({ message, reason, status: truth, type }) => `${type} ${truth} ${reason}: ${message}`
  )
}

describe("the namespace controller", () => {
  it("C-342: a deletion only says that the namespace ends", () => {
    const cluster = new TestControlPlane()
    cluster.delete("Namespace", "n")
    const { metadata, spec, status } = cluster.get("Namespace", "n")
    expect(metadata.deletionTimestamp).toBe("2026-01-01T00:00:01Z")
    expect(metadata.deletionGracePeriodSeconds).toBeUndefined()
    expect({ spec, status }).toEqual({ spec: { finalizers: ["kubernetes"] }, status: { phase: "Terminating" } })
    expect(cluster.log).toEqual(["MODIFIED Namespace/n"])
    cluster.delete("Namespace", "n")
    expect(cluster.log).toEqual(["MODIFIED Namespace/n"])
  })

  it("C-018: nothing is made in it any more", () => {
    const cluster = new TestControlPlane()
    cluster.delete("Namespace", "n")
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }
    const { body, status } = cluster.api.create(secret, "n")
    expect(status).toBe(403)
    expect(body).toMatchObject({
      message: `secrets "s" is forbidden: unable to create new content in namespace n because it is being terminated`,
      details: {
        causes: [
          {
            reason: "NamespaceTerminating",
            message: "namespace n is being terminated",
            field: "metadata.namespace"
          }
        ]
      }
    })
  })

  it("C-343, C-344: five seconds later everything in it is deleted, then it is gone", () => {
    const cluster = new TestControlPlane()
    cluster.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } })
    cluster.run(1).clear()
    cluster.delete("Namespace", "n")
    cluster.run(4.9)
    expect(cluster.log).toEqual(["MODIFIED Namespace/n"])
    cluster.run(1)
    expect(cluster.log.slice(1)).toEqual([
      "DELETED ConfigMap/kube-root-ca.crt",
      "DELETED Secret/s",
      "DELETED ServiceAccount/default",
      "MODIFIED Namespace/n",
      "DELETED Namespace/n"
    ])
  })

  it("C-344, C-345, C-420: pods first; while they end it says that all is well, and looks again until they are gone", () => {
    const cluster = new TestControlPlane()
    cluster.create(pod("slow", 20))
    cluster.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } })
    cluster.run(1).clear()
    cluster.delete("Namespace", "n")
    cluster.run(6)
    expect(cluster.log).toEqual(["MODIFIED Namespace/n", "MODIFIED Pod/slow", "MODIFIED Namespace/n"])
    expect(conditions(cluster)).toContain(
      "NamespaceContentRemaining False ContentRemoved: All content successfully removed"
    )
    cluster.run(10)
    expect(cluster.list("Secret")).toHaveLength(1)
    cluster.delete("Pod", "slow", { gracePeriodSeconds: 0 })
    cluster.run(11)
    expect(cluster.store.get("Namespace", undefined, "n")).toBeUndefined()
  })

  it("C-346: says what a finalizer holds, and looks again five seconds after that was written", () => {
    const cluster = new TestControlPlane()
    const held = { name: "s", finalizers: ["example.com/hold"] }
    cluster.create({ apiVersion: "v1", kind: "Secret", metadata: held })
    cluster.delete("Namespace", "n")
    cluster.run(6)
    expect(conditions(cluster)).toEqual([
      "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered",
      "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed",
      "NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization",
      "NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: secrets. has 1 resource instances",
      "NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
    ])
    cluster.patch("Secret", "s", { metadata: { finalizers: [] } })
    cluster.run(3)
    expect(cluster.store.get("Namespace", undefined, "n")).toBeDefined()
    cluster.run(3)
    expect(cluster.store.get("Namespace", undefined, "n")).toBeUndefined()
  })

  it("C-347: looks again after eight seconds if there is nothing new to say", () => {
    const cluster = new TestControlPlane()
    const held = { name: "s", finalizers: ["example.com/hold"] }
    cluster.create({ apiVersion: "v1", kind: "Secret", metadata: held })
    cluster.delete("Namespace", "n")
    cluster.run(10.5)
    cluster.patch("Secret", "s", { metadata: { finalizers: [] } })
    cluster.run(7)
    expect(cluster.store.get("Namespace", undefined, "n")).toBeDefined()
    cluster.run(2)
    expect(cluster.store.get("Namespace", undefined, "n")).toBeUndefined()
  })

  it("leaves those alone that every cluster has", () => {
    const cluster = new TestControlPlane()
    cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } })
    expect(() => cluster.delete("Namespace", "default")).toThrow("this namespace may not be deleted")
  })
})
