/** The generated table of Kubernetes' resources: equal to its own discovery documents where they are installed (`vitest -u` writes it anew). */
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { describe, expect, it } from "vitest"
import { apiResource } from "../../../src/decide/apiserver/resources.ts"
import { builtInEntry, builtInResourceOf, builtInResources } from "../../../src/port/served/builtInResources.ts"
import { discoverySource, discoveryTableSource } from "../../decide/apiserver/readDiscovery.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`

describe("builtInResources", () => {
  it.skipIf(!existsSync(`${cache}/${discoverySource}`))("is what Kubernetes 1.36.3 says of itself", async () => {
    await expect(discoveryTableSource(cache)).toMatchFileSnapshot("../../../src/decide/apiserver/discoveryTable.ts")
  })

  it("C-193: knows names, scope, short names and categories of a kind", () => {
    expect(builtInResourceOf("v1", "Pod")).toEqual({
      group: "",
      version: "v1",
      resource: "pods",
      kind: "Pod",
      namespaced: true,
      singular: "pod",
      shortNames: ["po"],
      categories: ["all"],
      subresources: [
        "attach",
        "binding",
        "ephemeralcontainers",
        "eviction",
        "exec",
        "log",
        "portforward",
        "proxy",
        "resize",
        "status"
      ]
    })
    expect(builtInResourceOf("apps/v1", "Deployment")?.shortNames).toEqual(["deploy"])
    expect(builtInResourceOf("v1", "Deployment")).toBeUndefined()
  })

  it("knows the kind and the verbs of a subresource", () => {
    const entry = builtInEntry({ group: "apps", version: "v1", resource: "deployments" })
    expect(entry?.subresources.get("scale")).toEqual({
      group: "autoscaling",
      version: "v1",
      kind: "Scale",
      verbs: ["get", "patch", "update"]
    })
    expect(builtInEntry({ group: "", version: "v1", resource: "pods" })?.subresources.get("eviction")).toEqual({
      group: "policy",
      version: "v1",
      kind: "Eviction",
      verbs: ["create"]
    })
  })

  it("names the core group first, and of each group the preferred version first", () => {
    const all = builtInResources()
    expect(all[0]?.group).toBe("")
    const autoscalers = all.filter(({ resource }) => resource === "horizontalpodautoscalers")
    expect(autoscalers.map(({ version }) => version)).toEqual(["v2", "v1"])
  })

  it.each(["Pod", "Node", "Namespace", "Deployment", "Job", "EndpointSlice", "HorizontalPodAutoscaler"])(
    "says of %s what the simulated API server says",
    (kind) => {
      const { group, version, ...said } = apiResource(kind)
      expect(builtInResourceOf(group === "" ? version : `${group}/${version}`, kind)).toMatchObject(said)
    }
  )
})
