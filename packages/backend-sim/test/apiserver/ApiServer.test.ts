import { asObject, type Instant, type JsonObject, type KubernetesObject, SECOND } from "@kubereel/core"
import { beforeEach, describe, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { podManifest } from "../given.ts"

const pod = (name: string, spec: object = {}) => podManifest(name, ["main"], spec) as unknown as KubernetesObject
const namespace = { kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }

let engine: Engine
let store: Store
let api: ApiServer
let changes: Array<string>

beforeEach(() => {
  engine = new Engine((1_767_225_600 * SECOND) as Instant)
  store = new Store(100)
  api = new ApiServer(engine, store, 0)
  changes = []
  const made = ["kube-root-ca.crt", "default"]
  store.watch((change, object) => {
    if (!made.includes(object.metadata.name)) changes.push(`${change} ${object.kind}/${object.metadata.name}`)
  })
  api.create(namespace, "")
})

const stored = (name: string) => {
  const found = api.getPod("n", name)
  if (found === undefined) throw new Error(`no pod ${name}`)
  return found
}

describe("the API server", () => {
  it("has in every namespace what controllers put there: the cluster's certificate and an account", () => {
    expect(store.get("ConfigMap", "n", "kube-root-ca.crt")?.["data"]).toHaveProperty(["ca.crt"])
    expect(store.get("ServiceAccount", "n", "default")).toBeDefined()
  })

  it("stores a Secret's texts as data, and a claim as nobody's yet", () => {
    const secret = {
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name: "s" },
      stringData: { a: "1" },
      data: { b: "Mg==" }
    }
    expect(api.create(secret, "n").body).toMatchObject({ type: "Opaque", data: { a: "MQ==", b: "Mg==" } })
    expect(store.get("Secret", "n", "s")).not.toHaveProperty("stringData")
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
    const claim = { kind: "PersistentVolumeClaim", apiVersion: "v1", metadata: { name: "c" }, spec }
    expect(api.create(claim, "n").body).toMatchObject({
      metadata: { finalizers: ["kubernetes.io/pvc-protection"] },
      spec: { volumeMode: "Filesystem" },
      status: { phase: "Pending" }
    })
  })

  it("C-006: answers 201 with the stored object, defaults included", () => {
    const answer = api.create(pod("p"), "n")
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      metadata: { namespace: "n", generation: 1 },
      spec: { restartPolicy: "Always" },
      status: { phase: "Pending" }
    })
    expect(changes).toEqual(["ADDED Namespace/n", "ADDED Pod/p"])
  })

  it.each([
    ["a namespace that is not there", () => api.create(pod("p"), "nowhere"), 404, 'namespaces "nowhere" not found'],
    [
      "a name that is taken",
      () => [api.create(pod("p"), "n"), api.create(pod("p"), "n")][1],
      409,
      'pods "p" already exists'
    ],
    [
      "an invalid pod",
      () => api.create(pod("p", { restartPolicy: "Sometimes" }), "n"),
      422,
      /spec.restartPolicy: Unsupported value: "Sometimes"/
    ],
    [
      "a field that does not exist",
      () => api.create(pod("p", { containerz: [] }), "n"),
      400,
      /unknown field "spec.containerz"/
    ],
    ["the deletion of what is not there", () => api.delete("Pod", "n", "gone", {}), 404, 'pods "gone" not found']
  ])("refuses %s with Kubernetes' own words", (_, ask, code, message) => {
    const answer = ask()
    expect(answer?.status).toBe(code)
    expect(answer?.body).toMatchObject({
      kind: "Status",
      status: "Failure",
      code,
      message: expect.stringMatching(message)
    })
  })

  it("S-345: a name is taken in its own namespace only", () => {
    api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "m" } }, "")
    const answers = ["n", "m", "n"].map((namespace) => api.create(pod("p"), namespace).status)
    expect(answers).toEqual([201, 201, 409])
    api.delete("Pod", "m", "p", {})
    expect([api.getPod("m", "p"), stored("p").metadata.name]).toEqual([undefined, "p"])
  })

  it("gives generated names a suffix, each another one, the same in every run", () => {
    const generate = () =>
      asObject(api.create({ ...pod(""), metadata: { generateName: "web-" } } as unknown as KubernetesObject, "n").body)
        .metadata.name
    const names = [generate(), generate()]
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it("K-240, C-130: a pod without a node goes at once, in two steps that a watch sees", () => {
    api.create(pod("p"), "n")
    api.delete("Pod", "n", "p", {})
    expect(changes.slice(1)).toEqual(["ADDED Pod/p", "MODIFIED Pod/p", "DELETED Pod/p"])
    expect(api.getPod("n", "p")).toBeUndefined()
  })

  it("K-240, S-379: one with a node is marked and stays for its grace period", () => {
    api.create(pod("p"), "n")
    expect(api.bindPod(stored("p"), "n-1")).toBeUndefined()
    api.delete("Pod", "n", "p", { gracePeriodSeconds: 7 })
    expect(stored("p").metadata).toMatchObject({
      deletionGracePeriodSeconds: 7,
      generation: 2,
      deletionTimestamp: "2026-01-01T00:00:07Z"
    })
  })

  it("S-003: refuses a second binding, and one of another life of the name", () => {
    api.create(pod("p"), "n")
    const first = stored("p")
    api.bindPod(first, "n-1")
    expect(api.bindPod(first, "n-2")).toMatch(/already assigned to node "n-1"/)
    api.delete("Pod", "n", "p", { gracePeriodSeconds: 0 })
    api.create(pod("p"), "n")
    expect(api.bindPod(first, "n-2")).toMatch(/the UID in the precondition/)
  })

  it("K-223: a status that says nothing new is no write", () => {
    api.create(pod("p"), "n")
    const before = stored("p")
    expect(api.updatePodStatus(before, { ...before.status })).toBe(before)
    expect(changes).toHaveLength(2)
    expect(Number(api.updatePodStatus(before, { phase: "Running" }).metadata.resourceVersion)).toBeGreaterThan(
      Number(before.metadata.resourceVersion)
    )
  })
})

describe("a PATCH", () => {
  const podName = { kind: "Pod", namespace: "n", name: "p" }
  const merge = (body: JsonObject, subresource = "") => api.patch(podName, subresource, { type: "merge", body })

  beforeEach(() => {
    api.create({ ...pod("p"), metadata: { name: "p", finalizers: ["a/b"] } } as unknown as KubernetesObject, "n")
    changes = []
  })

  it("stores a version more, and shows it to who watches", () => {
    const before = stored("p").metadata.resourceVersion
    expect(merge({ metadata: { labels: { a: "b" } } }).status).toBe(200)
    expect(stored("p").metadata.labels).toEqual({ a: "b" })
    expect(stored("p").metadata.resourceVersion).not.toBe(before)
    expect(changes).toEqual(["MODIFIED Pod/p"])
  })

  it("C-028: that changes nothing stores nothing", () => {
    expect(merge({ metadata: { labels: null } })).toMatchObject({ status: 200, body: stored("p") })
    expect(changes).toEqual([])
  })

  it("of what is not there is not found, and of a Node needs no namespace", () => {
    expect(api.patch({ ...podName, name: "q" }, "", { type: "merge", body: {} })).toMatchObject({
      status: 404,
      body: { message: 'pods "q" not found' }
    })
    store.create({
      kind: "Node",
      apiVersion: "v1",
      metadata: { name: "x", uid: "u", resourceVersion: "1" }
    } as KubernetesObject)
    const body = { metadata: { labels: { a: "b" } } }
    expect(api.patch({ kind: "Node", namespace: "n", name: "x" }, "", { type: "strategic", body }).status).toBe(200)
  })

  it("C-137: that takes the last finalizer of a deleted pod removes it, as it was", () => {
    api.delete("Pod", "n", "p", {})
    changes = []
    expect(merge({ metadata: { finalizers: null } }).status).toBe(200)
    expect(changes).toEqual(["DELETED Pod/p"])
  })

  it("that is refused stores nothing", () => {
    expect(merge({ spec: { restartPolicy: "Never" } }).status).toBe(422)
    expect(changes).toEqual([])
  })
})

describe("an eviction", () => {
  it("C-146: says why in a condition, then deletes with the pod's grace", () => {
    api.create(pod("p", { nodeName: "n-1", terminationGracePeriodSeconds: 7 }), "n")
    changes = []
    expect(api.evict("n", "p", {})).toEqual({
      status: 201,
      body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" }
    })
    expect(changes).toEqual(["MODIFIED Pod/p", "MODIFIED Pod/p"])
    expect(stored("p").metadata.deletionGracePeriodSeconds).toBe(7)
    expect(stored("p").status.conditions?.at(-1)).toMatchObject({
      type: "DisruptionTarget",
      status: "True",
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting"
    })
  })

  it("of a pod that is not there is not found", () => {
    expect(api.evict("n", "p", {})).toMatchObject({ status: 404, body: { message: 'pods "p" not found' } })
  })
})
