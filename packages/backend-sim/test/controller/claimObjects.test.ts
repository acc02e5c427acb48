/** Whose an object is, by the cases of `pkg/controller/controller_ref_manager_test.go` (TestClaimPods, TestClaimReplicaSets). */
import { controllerOf, controllerRef, type Instant, type KubernetesObject, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Client } from "../../src/client/Client.ts"
import { carryOut } from "../../src/client/Course.ts"
import { RateLimiter } from "../../src/client/RateLimiter.ts"
import { type Claim, claimObjects } from "../../src/controller/claimObjects.ts"
import { Engine } from "../../src/engine/Engine.ts"

const START = (1_767_225_600 * SECOND) as Instant
const labels = { app: "web" }

const setUp = () => {
  const engine = new Engine(START)
  const store = new Store(0)
  const api = new ApiServer(engine, store, 0)
  api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }, "")
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } }
  const create = (object: KubernetesObject) => api.create(object, "n").body as unknown as KubernetesObject
  const owner = create({
    kind: "ReplicaSet",
    apiVersion: "apps/v1",
    metadata: { name: "rs" },
    spec: { selector: { matchLabels: labels }, template }
  })
  const pod = (name: string, more: object = { labels }): KubernetesObject =>
    create({ kind: "Pod", apiVersion: "v1", metadata: { name, ...more }, spec: template.spec })
  const client = new Client({ engine, api, limiter: new RateLimiter(20, 30), latency: () => 10 })
  const claim = (objects: ReadonlyArray<KubernetesObject>, as = owner): Claim<KubernetesObject> => {
    let claimed: Claim<KubernetesObject> | undefined
    carryOut(engine, "test", claimObjects({ client }, as, objects), (result) => {
      claimed = result
    })
    engine.runUntil((engine.now + SECOND) as Instant)
    return claimed as Claim<KubernetesObject>
  }
  const names = ({ claimed }: Claim<KubernetesObject>) => claimed.map(({ metadata }) => metadata.name)
  const there = (name: string) => api.get({ kind: "Pod", namespace: "n", name })
  return { api, claim, names, owner, pod, there }
}

describe("claiming", () => {
  it("adopts what it selects and nobody controls", () => {
    const { claim, names, owner, pod, there } = setUp()
    const claimed = claim([pod("a"), pod("b", { labels: { app: "other" } }), pod("c")])
    expect([names(claimed), claimed.failure]).toEqual([["a", "c"], undefined])
    expect(there("a")?.metadata.ownerReferences).toEqual([controllerRef(owner)])
    expect(there("b")?.metadata.ownerReferences).toBeUndefined()
  })

  it("keeps its own, releases what it selects no more, and leaves alone what others control", () => {
    const { claim, names, owner, pod, there } = setUp()
    const own = { ownerReferences: [controllerRef(owner)] }
    const other = { ownerReferences: [{ ...controllerRef(owner), name: "x", uid: "other" }] }
    const claimed = claim([
      pod("mine", { labels, ...own }),
      pod("former", { labels: { app: "other" }, ...own }),
      pod("theirs", { labels, ...other })
    ])
    expect([names(claimed), claimed.failure]).toEqual([["mine"], undefined])
    expect(there("former")?.metadata.ownerReferences).toBeUndefined()
    expect(controllerOf(there("theirs") as KubernetesObject)?.uid).toBe("other")
  })

  it("adopts and releases nothing when it is about to go itself", () => {
    const { claim, names, owner, pod, there } = setUp()
    const going = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }
    const own = { ownerReferences: [controllerRef(owner)] }
    const pods = [pod("a"), pod("mine", { labels, ...own }), pod("former", { labels: { app: "other" }, ...own })]
    expect(names(claim(pods, going))).toEqual(["mine"])
    expect(there("a")?.metadata.ownerReferences).toBeUndefined()
    expect(there("former")?.metadata.ownerReferences).toHaveLength(1)
  })

  it("asks the API server first whether it is still there: its cache may be old", () => {
    const { api, claim, names, owner, pod, there } = setUp()
    const orphan = pod("a")
    api.delete("ReplicaSet", "n", "rs", {})
    const claimed = claim([orphan], owner)
    expect([names(claimed), claimed.failure?.code]).toEqual([[], 409])
    expect(there("a")?.metadata.ownerReferences).toBeUndefined()
  })

  it("adopts nothing that is being deleted", () => {
    const { claim, names, pod } = setUp()
    const going = pod("a")
    const deleted = { ...going, metadata: { ...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }
    expect(names(claim([deleted]))).toEqual([])
  })

  it("does not mind that an orphan is gone, or lives again under another UID when it would be released", () => {
    const { api, claim, names, owner, pod } = setUp()
    const gone = pod("gone")
    const former = pod("former", { labels: { app: "other" }, ownerReferences: [controllerRef(owner)] })
    for (const name of ["gone", "former"]) api.delete("Pod", "n", name, { gracePeriodSeconds: 0 })
    pod("former")
    const claimed = claim([gone, former])
    expect([names(claimed), claimed.failure]).toEqual([[], undefined])
  })

  it("has to try again when an orphan is another one by now", () => {
    const { api, claim, pod } = setUp()
    const old = pod("a")
    api.delete("Pod", "n", "a", { gracePeriodSeconds: 0 })
    pod("a")
    expect(claim([old]).failure?.code).toBe(422)
  })
})
