/** ReplicaSets keep their pods: the controller alone, the kubelet's part done by hand. */
import { isPod, type JsonObject, later, type PodObject, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { replicaSetManifest } from "../../given.ts"
import { TestControlPlane } from "../TestControlPlane.ts"

const labels = { app: "web" }

class Cluster extends TestControlPlane {
  get pods(): ReadonlyArray<PodObject> {
    return this.list("Pod").filter(isPod)
  }

  get status(): JsonObject {
    return this.get("ReplicaSet", "web")["status"] as JsonObject
  }

  hold(kind: string, seconds: number): void {
    this.informers.makeStale({ until: later(this.engine.now, seconds * SECOND), lag: undefined }, [kind])
  }

  bind(): void {
    for (const pod of this.pods) if (pod.spec.nodeName === undefined) this.api.bindPod(pod, "n-1")
  }
}

const made = (replicas: number, spec: JsonObject = {}): Cluster => {
  const cluster = new Cluster()
  cluster.create(replicaSetManifest(replicas, {}, spec))
  cluster.run(1).bind()
  cluster.run(1).clear()
  return cluster
}

describe("a ReplicaSet", () => {
  it("C-262: says of each pod that it has made or deleted it", () => {
    const cluster = new Cluster()
    cluster.create(replicaSetManifest(2))
    cluster.run(1)
    const names = cluster.pods.map(({ metadata }) => metadata.name)
    expect(cluster.events.toSorted()).toEqual(names.map((name) => `SuccessfulCreate: Created pod: ${name}`).toSorted())
    cluster.clear()
    cluster.patch("ReplicaSet", "web", { spec: { replicas: 0 } })
    cluster.run(1)
    expect(cluster.events.toSorted()).toEqual(names.map((name) => `SuccessfulDelete: Deleted pod: ${name}`).toSorted())
  })

  it("C-370, C-423: tells of what it has made one sync later", () => {
    const cluster = new Cluster()
    const told: Array<JsonObject> = []
    cluster.store.watch((change, { kind, status }) => {
      if (kind === "ReplicaSet" && change === "MODIFIED") told.push(status as JsonObject)
    })
    cluster.create(replicaSetManifest(2))
    cluster.run(1)
    expect(told).toEqual([
      { replicas: 0, terminatingReplicas: 0, observedGeneration: 1 },
      { replicas: 2, fullyLabeledReplicas: 2, terminatingReplicas: 0, observedGeneration: 1 }
    ])
  })

  it("C-267, C-424: replaces a pod that failed or is deleted at once; the failed one stays", () => {
    const cluster = made(2)
    const [first, second] = cluster.pods
    cluster.patch("Pod", first?.metadata.name ?? "", { status: { phase: "Failed" } }, "status")
    cluster.delete("Pod", second?.metadata.name ?? "")
    cluster.run(1)
    expect(cluster.pods).toHaveLength(4)
    expect(cluster.status).toMatchObject({ replicas: 2, terminatingReplicas: 1 })
  })

  it("C-268: makes at most five hundred pods in one sync, and deletes as many", () => {
    const cluster = new Cluster()
    cluster.create(replicaSetManifest(600))
    cluster.run(120)
    const firstWrite = cluster.log.indexOf("MODIFIED ReplicaSet/web")
    expect(cluster.log.slice(0, firstWrite).filter((line) => line.startsWith("ADDED Pod"))).toHaveLength(500)
    expect(cluster.pods).toHaveLength(600)
    cluster.bind()
    cluster.run(1).clear()
    cluster.patch("ReplicaSet", "web", { spec: { replicas: 0 } })
    cluster.run(120)
    const nextWrite = cluster.log.findLastIndex((line, i) => line === "MODIFIED ReplicaSet/web" && i < 520)
    expect(cluster.log.slice(0, nextWrite).filter((line) => line.startsWith("MODIFIED Pod"))).toHaveLength(500)
    expect(cluster.pods.every(({ metadata }) => metadata.deletionTimestamp !== undefined)).toBe(true)
  })

  it("C-264: makes no pod twice while its cache does not show the first, for five minutes", () => {
    const cluster = new Cluster()
    cluster.create(replicaSetManifest(3))
    cluster.hold("Pod", 200)
    cluster.run(100)
    cluster.patch("ReplicaSet", "web", { spec: { replicas: 4 } })
    cluster.run(90)
    expect(cluster.pods).toHaveLength(3)
    cluster.run(20)
    expect(cluster.pods).toHaveLength(4)
  })

  it("C-265: does nothing before its cache shows what it wrote itself", () => {
    const cluster = made(1)
    cluster.hold("ReplicaSet", 60)
    cluster.hold("Pod", 2)
    cluster.delete("Pod", cluster.pods[0]?.metadata.name ?? "")
    cluster.run(30)
    const before = cluster.log.filter((line) => line.endsWith("ReplicaSet/web")).length
    cluster.delete(
      "Pod",
      cluster.pods.find(({ metadata }) => metadata.deletionTimestamp === undefined)?.metadata.name ?? ""
    )
    cluster.run(20)
    expect(cluster.log.filter((line) => line.endsWith("ReplicaSet/web"))).toHaveLength(before)
    cluster.run(20)
    expect(cluster.status).toMatchObject({ replicas: 1 })
  })

  it("C-269 C-270: deletes those that matter least, all at the same time", () => {
    const cluster = made(4)
    const [ready] = cluster.pods
    cluster.makeReady(ready?.metadata.name ?? "")
    cluster.run(1).clear()
    cluster.patch("ReplicaSet", "web", { spec: { replicas: 1 } })
    cluster.run(1)
    const left = cluster.pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    expect(left.map(({ metadata }) => metadata.name)).toEqual([ready?.metadata.name])
    expect(cluster.log.slice(1, 4).every((line) => line.startsWith("MODIFIED Pod"))).toBe(true)
  })

  it("C-271: a pod that is ready becomes available without any further news", () => {
    const cluster = made(1, { minReadySeconds: 10 })
    cluster.makeReady(cluster.pods[0]?.metadata.name ?? "")
    cluster.run(8)
    expect(cluster.status).toMatchObject({ readyReplicas: 1 })
    expect(cluster.status["availableReplicas"]).toBeUndefined()
    cluster.run(4)
    expect(cluster.status).toMatchObject({ readyReplicas: 1, availableReplicas: 1 })
  })

  it("what counts for nothing does not make it work", () => {
    const cluster = made(1)
    const { name } = cluster.pods[0]?.metadata ?? { name: "" }
    cluster.patch("Pod", name, { metadata: { annotations: { a: "b" } } })
    cluster.run(10)
    expect(cluster.log).toEqual([`MODIFIED Pod/${name}`])
  })
})

describe("a ReplicaSet that may not make all its pods", () => {
  const quota = (pods: string) => ({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "few" },
    spec: { hard: { pods } }
  })

  it("C-262 C-272: says why, until it may", () => {
    const cluster = new Cluster()
    cluster.create(quota("1"))
    cluster.run(5)
    cluster.create(replicaSetManifest(3))
    cluster.run(5)
    expect(cluster.pods).toHaveLength(1)
    expect(cluster.events).toContainEqual(
      expect.stringMatching(/^FailedCreate: Error creating: pods "web-[a-z0-9]{5}" is forbidden: exceeded quota: few/)
    )
    expect(cluster.status["conditions"]).toMatchObject([
      {
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message: expect.stringContaining("exceeded quota")
      }
    ])
    cluster.patch("ResourceQuota", "few", { spec: { hard: { pods: "9" } } })
    cluster.run(1_200)
    expect(cluster.pods).toHaveLength(3)
    expect(cluster.status["conditions"]).toBeUndefined()
  })
})

describe("pods that match", () => {
  it("are adopted, and released when they match no more", () => {
    const cluster = new Cluster()
    cluster.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "orphan", labels },
      spec: { containers: [{ name: "main", image: "i" }] }
    })
    cluster.create(replicaSetManifest(2))
    cluster.run(1)
    expect(cluster.pods).toHaveLength(2)
    expect(cluster.get("Pod", "orphan").metadata.ownerReferences).toMatchObject([{ kind: "ReplicaSet", name: "web" }])
    cluster.patch("Pod", "orphan", { metadata: { labels: { app: "other" } } })
    cluster.run(1)
    expect(cluster.pods).toHaveLength(3)
    expect(cluster.get("Pod", "orphan").metadata.ownerReferences).toBeUndefined()
    cluster.patch("Pod", "orphan", { metadata: { labels } })
    cluster.run(1)
    expect(cluster.pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toHaveLength(2)
  })
})
