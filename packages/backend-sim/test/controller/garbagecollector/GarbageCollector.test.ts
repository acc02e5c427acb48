import type { JsonObject, KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const owned = (kind: string, name: string, owners: ReadonlyArray<KubernetesObject>, more: JsonObject = {}) => ({
  apiVersion: "v1",
  kind,
  metadata: {
    name,
    ownerReferences: owners.map(({ apiVersion, kind: ofKind, metadata }) => ({
      ...{ apiVersion, kind: ofKind, name: metadata.name, uid: metadata.uid ?? "" },
      ...more
    }))
  }
})

const map = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } })

const names = (cluster: TestControlPlane, kind: string): ReadonlyArray<string> =>
  cluster
    .list(kind)
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== "kube-root-ca.crt")

describe("the garbage collector", () => {
  it("C-348: deletes what its last owner leaves behind, in the background, and what that leaves behind", () => {
    const cluster = new TestControlPlane()
    const top = cluster.create(map("top"))
    const middle = cluster.create(owned("ConfigMap", "middle", [top]))
    cluster.create(owned("Secret", "leaf", [middle]))
    cluster.run(1).clear()
    cluster.delete("ConfigMap", "top")
    cluster.run(1)
    expect(cluster.log).toEqual(["DELETED ConfigMap/top", "DELETED ConfigMap/middle", "DELETED Secret/leaf"])
  })

  it("C-348: keeps what has another owner, and strikes the one that is gone", () => {
    const cluster = new TestControlPlane()
    const [a, b] = [cluster.create(map("a")), cluster.create(map("b"))]
    cluster.create(owned("Secret", "both", [a, b]))
    cluster.run(1)
    cluster.delete("ConfigMap", "a")
    cluster.run(1)
    expect(cluster.get("Secret", "both").metadata.ownerReferences).toMatchObject([{ name: "b" }])
  })

  it("C-348: deletes what is made with an owner that never was, or that was another life of its name", () => {
    const cluster = new TestControlPlane()
    const first = cluster.create(map("a"))
    cluster.delete("ConfigMap", "a")
    cluster.create(map("a"))
    cluster.create(owned("Secret", "late", [first]))
    cluster.run(1)
    expect(names(cluster, "Secret")).toEqual([])
  })

  it("C-349: in the foreground the owner stays until those that block it are gone", () => {
    const cluster = new TestControlPlane()
    const top = cluster.create(map("top"))
    cluster.create(owned("Secret", "blocking", [top], { blockOwnerDeletion: true }))
    cluster.create(owned("Secret", "not-blocking", [top]))
    cluster.patch("Secret", "blocking", { metadata: { finalizers: ["example.com/hold"] } })
    cluster.run(1).clear()
    cluster.delete("ConfigMap", "top", { propagationPolicy: "Foreground" })
    cluster.run(5)
    expect(cluster.log).toEqual(["MODIFIED ConfigMap/top", "MODIFIED Secret/blocking", "DELETED Secret/not-blocking"])
    cluster.patch("Secret", "blocking", { metadata: { finalizers: [] } })
    cluster.run(1)
    expect(cluster.log.slice(3)).toEqual(["DELETED Secret/blocking", "DELETED ConfigMap/top"])
  })

  it("C-349: orphans lose the reference before their owner goes", () => {
    const cluster = new TestControlPlane()
    const top = cluster.create(map("top"))
    cluster.create(owned("Secret", "a", [top]))
    cluster.create(owned("Secret", "b", [top]))
    cluster.run(1).clear()
    cluster.delete("ConfigMap", "top", { propagationPolicy: "Orphan" })
    cluster.run(1)
    expect(cluster.log).toEqual([
      "MODIFIED ConfigMap/top",
      "MODIFIED Secret/a",
      "MODIFIED Secret/b",
      "DELETED ConfigMap/top"
    ])
    expect(cluster.list("Secret").map(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([[], []])
  })

  it("C-350: says so of an owner in another namespace, and takes it for absent", () => {
    const cluster = new TestControlPlane()
    cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "m" } })
    const there = cluster.api.create({ ...map("there") } as unknown as KubernetesObject, "m").body as unknown
    cluster.run(1).clear()
    cluster.create(owned("Secret", "here", [there as KubernetesObject]))
    cluster.run(1)
    expect(names(cluster, "Secret")).toEqual([])
    expect(cluster.events).toEqual([
      expect.stringMatching(
        /^OwnerRefInvalidNamespace: ownerRef \[v1\/ConfigMap, namespace: n, name: there, uid: .*\] does not exist in namespace "n"$/
      )
    ])
  })

  it("leaves alone what nobody owned", () => {
    const cluster = new TestControlPlane()
    cluster.create(map("a"))
    cluster.create(map("b"))
    cluster.run(1).clear()
    cluster.delete("ConfigMap", "a")
    cluster.run(60)
    expect(cluster.log).toEqual(["DELETED ConfigMap/a"])
  })
})
