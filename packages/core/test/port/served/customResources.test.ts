import { describe, expect, it } from "vitest"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import {
  compareVersions,
  customResources,
  guessedPlural,
  guessedResource
} from "../../../src/port/served/customResources.ts"

const names = { plural: "widgets", singular: "widget", kind: "Widget", shortNames: ["wd"], categories: ["all"] }

const definition = (status: object): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget" },
    versions: [
      { name: "v1beta1", served: true, storage: false },
      { name: "v1alpha1", served: false, storage: false },
      { name: "v1", served: true, storage: true, subresources: { status: {}, scale: { specReplicasPath: ".spec.n" } } }
    ]
  },
  status: status as KubernetesObject
})

describe("customResources", () => {
  it("has a resource a version that is served, under the names that were accepted", () => {
    const found = customResources(
      definition({ acceptedNames: names, conditions: [{ type: "Established", status: "True" }] })
    )
    expect(found.map(({ version }) => version)).toEqual(["v1", "v1beta1"])
    expect(found[0]).toMatchObject({
      group: "example.com",
      resource: "widgets",
      singular: "widget",
      kind: "Widget",
      namespaced: true,
      shortNames: ["wd"],
      categories: ["all"],
      subresources: ["status", "scale"]
    })
    expect(found[1]?.subresources).toEqual([])
  })

  it("has nothing before the definition is established", () => {
    expect(customResources(definition({ acceptedNames: names, conditions: [] }))).toEqual([])
  })
})

describe("compareVersions", () => {
  it("puts stable before beta before alpha, and what is no version of Kubernetes last", () => {
    const versions = ["foo1", "v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo10"]
    expect(versions.toSorted(compareVersions)).toEqual([
      "v10",
      "v2",
      "v1",
      "v11beta2",
      "v10beta3",
      "v3beta1",
      "v12alpha1",
      "v11alpha2",
      "foo1",
      "foo10"
    ])
  })
})

describe("guessedResource", () => {
  it.each([
    ["Pod", "pods"],
    ["NetworkPolicy", "networkpolicies"],
    ["Ingress", "ingresses"],
    ["Endpoints", "endpoints"],
    ["Gateway", "gatewaies"]
  ])("guesses the plural of %s as Kubernetes does", (kind, plural) => {
    expect(guessedPlural(kind)).toBe(plural)
  })

  it("takes the scope from the object", () => {
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a", namespace: "b" } }
    expect(guessedResource(widget)).toMatchObject({ group: "example.com", version: "v1", namespaced: true })
    expect(guessedResource({ ...widget, metadata: { name: "a" } }).namespaced).toBe(false)
  })
})
