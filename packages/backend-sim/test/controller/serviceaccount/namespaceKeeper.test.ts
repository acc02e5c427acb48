/** What every namespace has is made again when it is deleted or changed: the controllers alone. */
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const CERTIFICATE = "kube-root-ca.crt"

describe("a namespace", () => {
  it("has the cluster's certificate, whoever deletes it or writes over it", () => {
    const cluster = new TestControlPlane()
    const before = cluster.get("ConfigMap", CERTIFICATE)
    cluster.delete("ConfigMap", CERTIFICATE)
    cluster.run(1)
    const { data, metadata } = cluster.get("ConfigMap", CERTIFICATE)
    expect(data).toEqual(before["data"])
    expect(metadata.uid).not.toBe(before.metadata.uid)
    cluster.patch("ConfigMap", CERTIFICATE, { data: { "ca.crt": "mine" }, metadata: { annotations: { mine: "kept" } } })
    cluster.run(1)
    expect(cluster.get("ConfigMap", CERTIFICATE)).toMatchObject({
      data: before["data"],
      metadata: { annotations: { mine: "kept", ...before.metadata.annotations } }
    })
  })

  it("has the account that pods have by default", () => {
    const cluster = new TestControlPlane()
    cluster.delete("ServiceAccount", "default")
    cluster.run(1)
    expect(cluster.get("ServiceAccount", "default").metadata.name).toBe("default")
  })

  it("gets nothing new while nothing of it is missing, nor when it is about to go", () => {
    const cluster = new TestControlPlane()
    cluster.patch("ConfigMap", CERTIFICATE, { metadata: { labels: { a: "b" } } })
    cluster.run(1).clear()
    cluster.patch("Namespace", "n", { metadata: { labels: { a: "b" } } })
    cluster.run(1)
    expect(cluster.log).toEqual(["MODIFIED Namespace/n"])
    cluster.api.delete("Namespace", "", "n", {})
    cluster.run(60)
    expect(cluster.list("ConfigMap")).toEqual([])
  })
})
