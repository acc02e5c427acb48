/** An intention says to the API what `kubectl` would say. */
import { assert, describe, it } from "vitest"
import {
  createRequest,
  deleteRequest,
  evictRequest,
  patchRequest,
  picked,
  scaleRequest,
  selectRequest
} from "../../src/play/requests.ts"
import { defaultResources, type Resource } from "../../src/record/Resource.ts"

const resource = (name: string): Resource => defaultResources.find((one) => one.name === name) as Resource
const pods = resource("pods")

describe("a request", () => {
  it("creates an object in the run's namespace, whatever it says of one", () => {
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "shop" } }
    const { body, method, path } = createRequest(pods, "shop", object)
    assert.deepStrictEqual([method, path, body], ["POST", "/api/v1/namespaces/shop/pods", object])
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n" } }
    assert.deepStrictEqual(createRequest(resource("nodes"), "shop", node).body, node)
  })

  it("deletes with the options that were given, and no others", () => {
    const bare = deleteRequest(pods, "shop", "p", {})
    assert.deepStrictEqual(bare.body, { apiVersion: "v1", kind: "DeleteOptions" })
    const { body } = deleteRequest(pods, "shop", "p", { gracePeriodSeconds: 0, propagationPolicy: "Orphan" })
    assert.deepInclude(body, { gracePeriodSeconds: 0, propagationPolicy: "Orphan" })
  })

  it("chooses among objects with generated names by their age", () => {
    assert.deepStrictEqual(selectRequest(pods, "shop", { app: "web", tier: "a" }).query, {
      labelSelector: "app=web,tier=a"
    })
    const item = (name: string, creationTimestamp: string) => ({ metadata: { name, creationTimestamp } })
    const list = {
      items: [item("c", "2026-01-01T00:00:02Z"), item("b", "2026-01-01T00:00:01Z"), item("a", "2026-01-01T00:00:02Z")]
    }
    assert.deepStrictEqual(picked(list, "all"), ["b", "a", "c"])
    assert.deepStrictEqual(picked(list, "oldest"), ["b"])
    assert.deepStrictEqual(picked(list, "newest"), ["c"])
    assert.deepStrictEqual(picked({}, "newest"), [])
  })

  it("patches with the type that was meant, also a subresource", () => {
    const patch = { metadata: { labels: { a: "b" } } }
    const strategic = patchRequest(pods, "shop", { name: "p", patch, subresource: "status", type: "strategic" })
    assert.strictEqual(strategic.contentType, "application/strategic-merge-patch+json")
    assert.strictEqual(strategic.path, "/api/v1/namespaces/shop/pods/p/status")
    const json = patchRequest(pods, "shop", { name: "p", patch: [], subresource: undefined, type: "json" })
    assert.deepStrictEqual(
      [json.contentType, json.path],
      ["application/json-patch+json", "/api/v1/namespaces/shop/pods/p"]
    )
    const more = { fieldManager: "b", force: true }
    const apply = patchRequest(pods, "shop", { name: "p", patch, subresource: undefined, type: "apply", ...more })
    assert.deepStrictEqual(
      [apply.contentType, apply.query],
      ["application/apply-patch+yaml", { fieldManager: "b", fieldValidation: "Strict", force: "true" }]
    )
  })

  it("scales and evicts through the subresources for it", () => {
    const deployments = resource("deployments.apps")
    const scale = scaleRequest(deployments, "shop", {
      _tag: "Scale",
      kind: "Deployment",
      namespace: undefined,
      name: "web",
      replicas: 3
    })
    assert.strictEqual(scale.path, "/apis/apps/v1/namespaces/shop/deployments/web/scale")
    assert.deepStrictEqual(scale.body, { spec: { replicas: 3 } })
    const evict = evictRequest("shop", { _tag: "Evict", namespace: undefined, pod: "p", gracePeriodSeconds: 4 })
    assert.strictEqual(evict.path, "/api/v1/namespaces/shop/pods/p/eviction")
    assert.deepInclude(evict.body, { kind: "Eviction", deleteOptions: { gracePeriodSeconds: 4 } })
  })
})
