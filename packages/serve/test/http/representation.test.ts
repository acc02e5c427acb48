/** Tables of what no printer of Kubernetes' own prints, or prints in another order. */
import { bookmark, type Instant, type KubernetesObject, type ServedResource } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { type IncludeObject, representList, representObject } from "../../src/http/representation.ts"

const shirts = {
  group: "example.com",
  version: "v1",
  resource: "shirts",
  kind: "Shirt",
  namespaced: true,
  singular: "shirt",
  shortNames: [],
  categories: [],
  subresources: [],
  definition: { name: "v1", additionalPrinterColumns: [{ name: "Color", type: "string", jsonPath: ".spec.color" }] }
} satisfies ServedResource

const table = (includeObject: IncludeObject) => ({
  form: { as: "Table" as const, version: "v1", includeObject },
  now: 0 as Instant
})

describe("a Table", () => {
  const shirt: KubernetesObject = {
    apiVersion: "example.com/v1",
    kind: "Shirt",
    metadata: { name: "s" },
    spec: { color: "blue" }
  }

  it("C-202: of a custom resource has the columns of its definition", () => {
    const shown = { ...table("None"), resource: shirts }
    expect(representList([shirt], { resourceVersion: "7" }, shown)).toMatchObject({
      columnDefinitions: [{ name: "Name" }, { name: "Color" }],
      rows: [{ cells: ["s", "blue"], object: null }]
    })
  })

  it("of FlowSchemas has them in the order in which they are asked", () => {
    const schemas = { ...shirts, group: "flowcontrol.apiserver.k8s.io", resource: "flowschemas", kind: "FlowSchema" }
    const { definition: _, ...resource } = schemas
    const list = [9, 1].map((matchingPrecedence) => ({
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      kind: "FlowSchema",
      metadata: { name: `p${matchingPrecedence}` },
      spec: { matchingPrecedence }
    }))
    const { rows } = representList(list, { resourceVersion: "7" }, { ...table("None"), resource })
    expect((rows as ReadonlyArray<{ cells: ReadonlyArray<unknown> }>).map(({ cells }) => cells[0])).toEqual([
      "p1",
      "p9"
    ])
  })

  it("C-185: keeps the object of the bookmark that ends what there was, even where no objects are asked for", () => {
    const kind = { apiVersion: "example.com/v1", kind: "Shirt" }
    const shown = { ...table("None"), resource: shirts }
    const told = (ends: boolean) =>
      representObject(bookmark(kind, "7", ends) as KubernetesObject, shown, false) as { rows: ReadonlyArray<unknown> }
    expect(told(false).rows).toEqual([{ cells: ["", null], object: null }])
    expect(told(true).rows).toMatchObject([
      { object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } } }
    ])
  })
})
