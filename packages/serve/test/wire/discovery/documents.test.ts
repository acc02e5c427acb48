/** Discovery, beside the documents that Kubernetes 1.36.3 writes of itself (where its sources are installed). */
import { existsSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { builtInResourceOf, builtInResources, customResources, type ServedResource } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { discoveredGroups } from "../../../src/wire/discovery/discovered.ts"
import {
  apiGroup,
  apiGroupDiscoveryList,
  apiGroupList,
  apiResourceList,
  apiVersions
} from "../../../src/wire/discovery/documents.ts"

const cache = process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`
const documents = `${cache}/k8s.io/kubernetes@v1.36.3/api/discovery`
const recorded = (name: string) => JSON.parse(readFileSync(`${documents}/${name}.json`, "utf8"))

const all = discoveredGroups(builtInResources(), true)
const [core, ...groups] = all
const versions = all.flatMap((group) =>
  group.versions.map((version): readonly [string, typeof group, typeof version] => [
    group.name === "" ? "api__v1" : `apis__${group.name}__${version.version}`,
    group,
    version
  ])
)

describe.skipIf(!existsSync(documents))("discovery of everything that Kubernetes serves", () => {
  it("C-189: the one document is that of Kubernetes", () => {
    const { items, ...rest } = apiGroupDiscoveryList(groups)
    expect(rest).toEqual({ kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {} })
    expect(items).toEqual(recorded("aggregated_v2").items)
  })

  it("C-190: the list of groups is that of Kubernetes", () => {
    expect(apiGroupList(groups)).toEqual(recorded("apis"))
    expect(apiVersions(core, "10.10.10.10:8050")).toEqual(recorded("api"))
  })

  it.each(groups.map((group) => [group.name, group] as const))(
    "C-190: the group %s is that of Kubernetes",
    (name, group) => {
      expect(apiGroup(group)).toEqual(recorded(`apis__${name}`))
    }
  )

  it.each(versions)("C-193: the resources of %s are those of Kubernetes", (file, group, version) => {
    expect(apiResourceList(group.name, version)).toEqual(recorded(file))
  })
})

const pod = builtInResourceOf("v1", "Pod") as ServedResource

describe("discovery of what only reads", () => {
  it("C-200: names no verb that writes, and no subresource that only writes", () => {
    const [group] = discoveredGroups([{ ...pod, subresources: ["eviction", "log", "status"] }], false)
    const document = apiGroupDiscoveryList(group === undefined ? [] : [group])
    expect(document).toMatchObject({
      items: [
        {
          metadata: {},
          versions: [
            {
              version: "v1",
              resources: [
                {
                  resource: "pods",
                  verbs: ["get", "list", "watch"],
                  subresources: [
                    { subresource: "log", responseKind: { kind: "Pod" }, verbs: ["get"] },
                    { subresource: "status", responseKind: { kind: "Pod" }, verbs: ["get"] }
                  ]
                }
              ]
            }
          ]
        }
      ]
    })
  })

  it("C-199: reviews are asked by creating them", () => {
    const groups = discoveredGroups([], false)
    expect(groups.map(({ name }) => name)).toEqual(["authentication.k8s.io", "authorization.k8s.io"])
    const resources = groups.flatMap(({ versions: of }) => of.flatMap((version) => version.resources))
    expect(resources.map(({ resource }) => resource.resource)).toContain("selfsubjectaccessreviews")
    expect(resources.every(({ verbs }) => verbs.join() === "create")).toBe(true)
  })
})

describe("discovery of custom resources", () => {
  const resources = customResources({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "crontabs.stable.example.com" },
    spec: {
      group: "stable.example.com",
      scope: "Namespaced",
      names: { plural: "crontabs", singular: "crontab", kind: "CronTab", shortNames: ["ct"] },
      versions: [
        { name: "v1beta1", served: true, storage: false },
        { name: "v1", served: true, storage: true, subresources: { status: {}, scale: {} } }
      ]
    },
    status: { conditions: [{ type: "Established", status: "True" }] }
  })
  const found = discoveredGroups([...resources, pod], true)

  it("come behind Kubernetes' own, with the hash of the version that they are stored in", () => {
    expect(found.map(({ name }) => name)).toEqual([
      "",
      "authentication.k8s.io",
      "authorization.k8s.io",
      "stable.example.com"
    ])
    const group = found.at(-1)
    // `printf %s stable.example.com/v1/CronTab | sha256sum`, the first eight bytes: as for Kubernetes own kinds.
    expect(group?.versions.map((version) => version.resources[0]?.storageVersionHash)).toEqual([
      "EdX2FP+L0js=",
      "EdX2FP+L0js="
    ])
  })

  it("say group and version of their kinds", () => {
    const document = JSON.stringify(apiGroupDiscoveryList(found.slice(-1)))
    expect(document).toContain('"responseKind":{"group":"stable.example.com","version":"v1","kind":"CronTab"}')
    expect(document).toContain(
      '{"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"}'
    )
  })
})
