/** Bookmarks as Kubernetes 1.36.3 writes them: of each kind the object that has nothing but a resourceVersion. */
import { describe, expect, it } from "vitest"
import { bookmark, INITIAL_EVENTS_END } from "../../../../src/decide/apiserver/list/bookmark.ts"
import { emptyObjects } from "../../../../src/decide/apiserver/list/emptyObjects.ts"
import { apiResource, servedKinds } from "../../../../src/decide/apiserver/resources.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import { golden } from "./golden.ts"

const written = golden<{ readonly [kind: string]: JsonObject }>("goBookmarks")
const ofKind = (key: string) => ({
  apiVersion: key.slice(0, key.lastIndexOf("/")),
  kind: key.slice(key.lastIndexOf("/") + 1)
})
const served = servedKinds().map((kind) => {
  const { group, version } = apiResource(kind)
  return `${group === "" ? "" : `${group}/`}${version}/${kind}`
})
const plain = Object.keys(written).filter(
  (key) => Object.keys(written[key] ?? {}).length === 3 && /\/v1\//.test(`/${key}`)
)

describe("C-036, C-170: a bookmark", () => {
  it.each([...new Set([...Object.keys(emptyObjects), ...served, ...plain])].sort())("of %s", (key) => {
    expect(JSON.stringify(bookmark(ofKind(key), "7"))).toBe(JSON.stringify(written[key]))
  })

  it("of a custom resource has nothing else", () => {
    expect(bookmark({ apiVersion: "example.com/v1", kind: "Shirt" }, "7")).toEqual({
      kind: "Shirt",
      apiVersion: "example.com/v1",
      metadata: { resourceVersion: "7" }
    })
  })

  it("C-168: that ends what there was at the beginning says so", () => {
    expect(bookmark({ apiVersion: "v1", kind: "Pod" }, "7", true)["metadata"]).toEqual({
      resourceVersion: "7",
      annotations: { [INITIAL_EVENTS_END]: "true" }
    })
    expect(bookmark({ apiVersion: "apps/v1", kind: "DaemonSet" }, "7", true)["metadata"]).toEqual({
      resourceVersion: "7",
      annotations: { "deprecated.daemonset.template.generation": "0", "k8s.io/initial-events-end": "true" }
    })
  })
})
