import { toTime } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, replicaSetManifest } from "../given.ts"
import { create, get, isStatus, list, live, names, pass, resource, scope, settled, watching, write } from "./live.ts"

const configMap = (name: string, data: object = {}) => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name },
  data
})

describe("a cluster that lives", () => {
  it("has the namespaces, the accounts and the nodes that every cluster has", async () => {
    const cluster = live()
    const { items } = await list(cluster, "namespaces")
    const all = items.map(({ metadata }) => metadata.name)
    expect(all).toEqual(expect.arrayContaining(["default", "kube-system", "kube-public", "kube-node-lease"]))
    for (const namespace of all) {
      expect(await cluster.get(scope(cluster, "serviceaccounts", namespace), "default")).toBeDefined()
      expect(await cluster.get(scope(cluster, "configmaps", namespace), "kube-root-ca.crt")).toBeDefined()
    }
    expect(names(await list(cluster, "nodes"))).toEqual(["n-1"])
  })

  it("has the Service through which pods find the API server, and where it leads", async () => {
    const cluster = live()
    pass(cluster, "2m")
    expect(await get(cluster, "services", "kubernetes")).toMatchObject({
      metadata: { labels: { component: "apiserver", provider: "kubernetes" }, managedFields: expect.any(Array) },
      spec: { type: "ClusterIP", clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443, targetPort: 6443 }] }
    })
    const ip = "10.89.255.254"
    expect(await get(cluster, "endpoints", "kubernetes")).toMatchObject({ subsets: [{ addresses: [{ ip }] }] })
    expect(await get(cluster, "endpointslices", "kubernetes")).toMatchObject({ endpoints: [{ addresses: [ip] }] })
    const spec = { ports: [{ port: 80 }] }
    const other = await create(cluster, "services", { metadata: { name: "other" }, spec })
    expect(other).toMatchObject({ status: 201 })
    expect(other.body["spec"]).not.toMatchObject({ clusterIP: "10.96.0.1" })
  })

  it("makes what it is asked to make run, as far as its clock goes", async () => {
    const cluster = live()
    const made = await create(cluster, "replicasets", replicaSetManifest(2))
    expect(made).toMatchObject({ status: 201, body: { metadata: { name: "web", namespace: "default" } } })
    expect((await list(cluster, "pods")).items).toEqual([])
    pass(cluster, "10s")
    const { items } = await list(cluster, "pods")
    expect(items.map(({ status }) => (status as { phase: string }).phase)).toEqual(["Running", "Running"])
    expect(await get(cluster, "replicasets", "web")).toMatchObject({ status: { readyReplicas: 2 } })
  })

  it("C-029: shows who owns which field, and names whoever does not say who he is", async () => {
    const cluster = live()
    await create(cluster, "pods", podManifest("a", ["main"]))
    const object = podManifest("b", ["main"])
    await write(cluster, "pods", { verb: "create", object, fieldManager: undefined })
    const { items } = await list(cluster, "pods")
    const managers = items.map(({ metadata }) => (metadata["managedFields"] as Array<{ manager: string }>)[0]?.manager)
    expect(managers).toEqual(["test", "unknown"])
  })

  it("stamps with its own clock", async () => {
    const cluster = live()
    pass(cluster, "90s")
    const { body } = await create(cluster, "configmaps", configMap("a"))
    expect(body).toMatchObject({ metadata: { creationTimestamp: toTime(cluster.now()) } })
  })

  it("C-007: a dry run answers as if, and nobody ever sees anything of it", async () => {
    const cluster = live()
    const before = await list(cluster, "pods")
    const watch = await watching(cluster, "pods", before.resourceVersion)
    const pod = podManifest("p", ["main"])
    const tried = await write(cluster, "pods", { verb: "create", object: pod, dryRun: true })
    expect(tried).toMatchObject({ status: 201, body: { metadata: { name: "p", uid: expect.any(String) } } })
    expect((tried.body["metadata"] as object) ?? {}).not.toHaveProperty("resourceVersion")
    pass(cluster, "10s")
    expect(watch.told()).toEqual([])
    expect(names(await list(cluster, "pods"))).toEqual([])
    const made = await create(cluster, "pods", pod)
    const uidOf = ({ metadata }: { readonly metadata?: unknown }) => (metadata as { uid: string }).uid
    expect(uidOf(made.body)).not.toBe(uidOf(tried.body))
    // What comes later is as if nobody had tried.
    const other = live()
    pass(other, "10s")
    expect(uidOf(made.body)).toBe(uidOf((await create(other, "pods", pod)).body))
  })

  it("a dry run of an update, a patch and a deletion changes nothing", async () => {
    const cluster = live()
    const made = (await create(cluster, "configmaps", configMap("a", { k: "1" }))).body
    const patch = { type: "merge", body: { data: { k: "2" } } }
    const patched = await write(cluster, "configmaps", { verb: "patch", name: "a", patch, dryRun: true })
    expect(patched).toMatchObject({ status: 200, body: { data: { k: "2" } } })
    const next = { ...made, data: { k: "3" } }
    const updated = await write(cluster, "configmaps", { verb: "update", name: "a", object: next, dryRun: true })
    expect(updated).toMatchObject({ status: 200, body: { data: { k: "3" } } })
    const deleted = await write(cluster, "configmaps", { verb: "delete", name: "a", dryRun: true })
    expect(deleted).toMatchObject({ status: 200, body: { kind: "Status", status: "Success" } })
    expect(await get(cluster, "configmaps", "a")).toEqual(made)
  })
})

describe("watching a cluster that lives", () => {
  it("tells everything after the version that was asked for, once and in order, and nothing before it answered", async () => {
    const cluster = live()
    const { resourceVersion } = await list(cluster, "configmaps")
    await create(cluster, "configmaps", configMap("a"))
    const told: Array<string> = []
    const answer = cluster.watch(scope(cluster, "configmaps"), resourceVersion, {
      changed: ({ object, type }) => told.push(`${type} ${object.metadata.name}`),
      ended: () => undefined
    })
    const written = create(cluster, "configmaps", configMap("b"))
    await answer.then(() => expect(told).toEqual([]))
    await written
    await settled()
    await write(cluster, "configmaps", {
      verb: "patch",
      name: "a",
      patch: { type: "merge", body: { data: { k: "v" } } }
    })
    await write(cluster, "configmaps", { verb: "delete", name: "b" })
    expect(told).toEqual(["ADDED a", "ADDED b", "MODIFIED a", "DELETED b"])
  })

  it("gives the version before with each change", async () => {
    const cluster = live()
    const { resourceVersion } = await list(cluster, "configmaps")
    const first = (await create(cluster, "configmaps", configMap("a"))).body
    const patch = { type: "merge", body: { data: { k: "v" } } }
    const second = (await write(cluster, "configmaps", { verb: "patch", name: "a", patch })).body
    await write(cluster, "configmaps", { verb: "delete", name: "a" })
    const { changes } = await watching(cluster, "configmaps", resourceVersion)
    await settled()
    expect(changes.map(({ object, previous }) => [object, previous])).toMatchObject([
      [first, undefined],
      [second, first],
      [{ data: { k: "v" } }, second]
    ])
    const versions = changes.map(({ object }) => Number(object.metadata.resourceVersion))
    expect([...versions].sort((a, b) => a - b)).toEqual(versions)
    expect(new Set(versions).size).toBe(3)
  })

  it("is of one namespace, or of all", async () => {
    const cluster = live()
    await create(cluster, "namespaces", { kind: "Namespace", apiVersion: "v1", metadata: { name: "other" } })
    const { resourceVersion } = await list(cluster, "configmaps")
    const own = await watching(cluster, "configmaps", resourceVersion)
    const { changes } = await watching(cluster, "configmaps", resourceVersion, "other")
    await settled()
    await create(cluster, "configmaps", configMap("a"))
    expect([own.told(), changes]).toEqual([["ADDED a"], []])
  })

  it("410 for a version that is forgotten; one that is still to come is waited for", async () => {
    const cluster = live()
    const old = await watching(cluster, "pods", "1")
    expect(old.answer).toMatchObject({
      code: 410,
      reason: "Expired",
      message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/)
    })
    const future = await watching(
      cluster,
      "configmaps",
      String(Number(await cluster.resourceVersion(scope(cluster, "pods"))) + 1_000)
    )
    await create(cluster, "configmaps", configMap("a"))
    expect(future.told()).toEqual([])
  })

  it("tells how far it is, and hears of leases that are renewed without a word", async () => {
    const cluster = live()
    const { resourceVersion } = await cluster
      .list(scope(cluster, "leases", "kube-node-lease"))
      .then((found) => found as { resourceVersion: string })
    const { changes, progress } = await watching(cluster, "leases", resourceVersion, "kube-node-lease")
    await settled()
    for (let i = 0; i < 6; i++) pass(cluster, "10s")
    expect(changes.length).toBeGreaterThan(3)
    expect(progress.length).toBeGreaterThan(3)
    expect([...progress].sort((a, b) => Number(a) - Number(b))).toEqual(progress)
  })

  it("a closed watch hears nothing any more", async () => {
    const cluster = live()
    const watch = await watching(cluster, "configmaps", (await list(cluster, "configmaps")).resourceVersion)
    await settled()
    if (!isStatus(watch.answer)) watch.answer.close()
    await create(cluster, "configmaps", configMap("a"))
    expect(watch.told()).toEqual([])
  })
})

describe("a list at exactly a version", () => {
  it("is what was there then: what came later is not in it, what went is", async () => {
    const cluster = live()
    await create(cluster, "configmaps", configMap("a"))
    await create(cluster, "configmaps", configMap("b", { k: "1" }))
    const then = await list(cluster, "configmaps")
    await write(cluster, "configmaps", { verb: "delete", name: "a" })
    await write(cluster, "configmaps", {
      verb: "patch",
      name: "b",
      patch: { type: "merge", body: { data: { k: "2" } } }
    })
    await create(cluster, "configmaps", configMap("c"))
    const now = await list(cluster, "configmaps")
    const again = await list(cluster, "configmaps", then.resourceVersion)
    expect(new Set(again.items)).toEqual(new Set(then.items))
    expect(again.resourceVersion).toBe(then.resourceVersion)
    expect(names(now)).toEqual(["b", "c", "kube-root-ca.crt"])
  })

  it("504 for one that is still to come, 410 for one that is forgotten", async () => {
    const cluster = live()
    const current = await cluster.resourceVersion(scope(cluster, "pods"))
    const next = String(Number(current) + 1)
    expect(await cluster.list(scope(cluster, "pods"), next)).toMatchObject({
      code: 504,
      reason: "Timeout",
      message: `Timeout: Too large resource version: ${next}, current: ${current}`,
      details: { retryAfterSeconds: 1, causes: [{ reason: "ResourceVersionTooLarge" }] }
    })
    expect(await cluster.list(scope(cluster, "pods"), "3")).toMatchObject({ code: 410, reason: "Expired" })
  })
})

describe("what it serves", () => {
  it("is what it stores, by Kubernetes' names", () => {
    const cluster = live()
    expect(resource(cluster, "pods")).toMatchObject({ kind: "Pod", shortNames: ["po"], namespaced: true })
    expect(resource(cluster, "pods").subresources).toEqual(
      expect.arrayContaining(["log", "exec", "eviction", "resize"])
    )
    expect(resource(cluster, "ingresses")).toMatchObject({ group: "networking.k8s.io", version: "v1" })
    const twice = cluster.resources().map((one) => `${one.group}/${one.version}/${one.resource}`)
    expect(twice.length).toBe(new Set(twice).size)
  })
})
