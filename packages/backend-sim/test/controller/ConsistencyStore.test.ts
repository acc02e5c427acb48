/** A controller waits until its caches show what it wrote, by the cases of `pkg/controller/util/consistency/consistency_test.go`. */
import { type KubernetesObject, releaseOf } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { ConsistencyStore } from "../../src/controller/ConsistencyStore.ts"

const written = (kind: string, resourceVersion: string): KubernetesObject => ({
  kind,
  apiVersion: "v1",
  metadata: { name: "x", resourceVersion }
})

const setUp = (heard: { readonly [kind: string]: string }) => {
  const read = { ...heard }
  const store = new ConsistencyStore({ lastSync: (kind) => read[kind] ?? "0" }, true)
  return { read, store }
}

describe("the consistency store", () => {
  it("C-265: whoever wrote nothing is ready", () => {
    expect(setUp({}).store.isReady("n/a")).toBe(true)
  })

  it("C-265: waits for the newest version of each kind that was written", () => {
    const { read, store } = setUp({ Pod: "9", ReplicaSet: "20" })
    store.wroteAt("n/a", "u", written("Pod", "10"))
    store.wroteAt("n/a", "u", written("Pod", "12"))
    store.wroteAt("n/a", "u", written("Pod", "11"))
    store.wroteAt("n/a", "u", written("ReplicaSet", "20"))
    expect(store.isReady("n/a")).toBe(false)
    read["Pod"] = "11"
    expect(store.isReady("n/a")).toBe(false)
    read["Pod"] = "12"
    expect(store.isReady("n/a")).toBe(true)
  })

  it("C-265: versions are compared as numbers", () => {
    const { store } = setUp({ Pod: "100" })
    store.wroteAt("n/a", "u", written("Pod", "99"))
    expect(store.isReady("n/a")).toBe(true)
  })

  it("C-265: another life of the owner begins anew, and only the life that is meant is cleared", () => {
    const { store } = setUp({ Pod: "5" })
    store.wroteAt("n/a", "old", written("Pod", "10"))
    store.wroteAt("n/a", "new", written("Pod", "3"))
    expect(store.isReady("n/a")).toBe(true)
    store.wroteAt("n/a", "new", written("Pod", "10"))
    store.clear("n/a", "old")
    expect(store.isReady("n/a")).toBe(false)
    store.clear("n/a", "new")
    expect(store.isReady("n/a")).toBe(true)
    store.wroteAt("n/a", "new", written("Pod", "10"))
    store.clear("n/a")
    expect(store.isReady("n/a")).toBe(true)
  })

  it("C-265: before 1.36 nobody waits", () => {
    const store = new ConsistencyStore(
      { lastSync: () => "5" },
      releaseOf("1.35")?.gates.StaleControllerConsistency === true
    )
    store.wroteAt("n/a", "u", written("Pod", "10"))
    expect(store.isReady("n/a")).toBe(true)
  })

  it("C-265: owners do not wait for each other", () => {
    const { store } = setUp({ Pod: "5" })
    store.wroteAt("n/a", "u", written("Pod", "10"))
    expect([store.isReady("n/a"), store.isReady("n/b")]).toEqual([false, true])
  })
})
