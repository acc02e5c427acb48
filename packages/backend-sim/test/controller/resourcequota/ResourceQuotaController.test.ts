import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const quota = (hard: JsonObject, more: JsonObject = {}) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "q" },
  spec: { hard, ...more }
})

const pod = (name: string, more: JsonObject = {}, requests: JsonObject = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { nodeName: "away", containers: [{ name: "x", image: "busybox:1", resources: { requests } }], ...more }
})

const used = (cluster: TestControlPlane) => (cluster.get("ResourceQuota", "q")["status"] as JsonObject)["used"]

const withQuota = (hard: JsonObject, more: JsonObject = {}): TestControlPlane => {
  const cluster = new TestControlPlane()
  cluster.create(quota(hard, more))
  return cluster.run(1)
}

describe("quotas", () => {
  it("say at once what is used, and are asked before anything is stored", () => {
    const cluster = withQuota({ pods: "2", "count/secrets": "1" })
    expect(used(cluster)).toEqual({ pods: "0", "count/secrets": "0" })
    cluster.clear()
    cluster.create(pod("a"))
    expect(cluster.log).toEqual(["MODIFIED ResourceQuota/q", "ADDED Pod/a"])
    expect(used(cluster)).toEqual({ pods: "1", "count/secrets": "0" })
  })

  it.each([
    [{ pods: "0" }, {}, "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0"],
    [
      { "requests.cpu": "1", "requests.memory": "1Gi" },
      { cpu: "1500m", memory: "2Gi" },
      "exceeded quota: q, requested: requests.cpu=1500m,requests.memory=2Gi, used: requests.cpu=0,requests.memory=0, limited: requests.cpu=1,requests.memory=1Gi"
    ],
    [{ cpu: "1", "limits.memory": "1Gi" }, {}, "failed quota: q: must specify cpu for: x; limits.memory for: x"]
  ])("C-020: %j forbids a pod that asks for %j", (hard, requests, why) => {
    const cluster = withQuota(hard)
    const answer = cluster.api.create(pod("a", {}, requests) as never, "n")
    expect(answer).toMatchObject({ status: 403, body: { message: `pods "a" is forbidden: ${why}` } })
    expect(cluster.list("Pod")).toEqual([])
  })

  it("C-020: a quota that nobody has counted yet holds nobody up; one whose use is unknown does", () => {
    const cluster = new TestControlPlane()
    cluster.create(quota({ pods: "1" }))
    cluster.run(0.002)
    const { body } = cluster.api.create(pod("early") as never, "n")
    expect(body).toMatchObject({ kind: "Pod" })
    cluster.run(1)
    cluster.patch("ResourceQuota", "q", { status: { hard: { pods: "1" }, used: null } }, "status")
    expect(() => cluster.create(pod("late"))).toThrow("status unknown for quota: q, resources: pods")
  })

  it("C-021: charge no pod that has ended, but count it; and none that should be gone by now", () => {
    const cluster = withQuota({ pods: "9", "count/pods": "9" })
    // Else its pods would be taken away as orphans.
    cluster.create({ apiVersion: "v1", kind: "Node", metadata: { name: "away" } })
    cluster.create(pod("a"))
    cluster.create(pod("b", { terminationGracePeriodSeconds: 10 }))
    cluster.patch("Pod", "a", { status: { phase: "Succeeded" } }, "status")
    cluster.run(1)
    expect(used(cluster)).toEqual({ pods: "1", "count/pods": "2" })
    cluster.delete("Pod", "b")
    cluster.run(15)
    expect(used(cluster)).toEqual({ pods: "1", "count/pods": "2" })
    cluster.run(300)
    expect(used(cluster)).toEqual({ pods: "0", "count/pods": "2" })
  })

  it("count again what is deleted", () => {
    const cluster = withQuota({ "count/secrets": "1" })
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }
    cluster.create(secret)
    expect(() => cluster.create({ ...secret, metadata: { name: "t" } })).toThrow("exceeded quota: q")
    cluster.delete("Secret", "s")
    cluster.run(1)
    expect(used(cluster)).toEqual({ "count/secrets": "0" })
  })

  it("count only what is in their scopes", () => {
    const cluster = withQuota({ pods: "5" }, { scopes: ["Terminating"] })
    cluster.create(pod("a"))
    cluster.create(pod("b", { activeDeadlineSeconds: 60 }))
    expect(used(cluster)).toEqual({ pods: "1" })
    cluster.patch("Pod", "a", { spec: { activeDeadlineSeconds: 60 } })
    expect(used(cluster)).toEqual({ pods: "2" })
  })
})
