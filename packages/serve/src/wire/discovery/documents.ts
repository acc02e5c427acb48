/** The documents of discovery, in the order of fields in which Go writes them (`k8s.io/api/apidiscovery/v2`, `k8s.io/apimachinery/pkg/apis/meta/v1`). */
import { groupVersionOf, type Json, type JsonObject } from "@kubereel/core"
import type { DiscoveredGroup, DiscoveredResource, DiscoveredVersion } from "./discovered.ts"

const optional = (name: string, list: ReadonlyArray<Json>): JsonObject => (list.length === 0 ? {} : { [name]: list })

/** Only kinds of CustomResourceDefinitions say their group and version. */
const responseKind = ({ resource }: DiscoveredResource): JsonObject => ({
  group: resource.definition === undefined ? "" : resource.group,
  version: resource.definition === undefined ? "" : resource.version,
  kind: resource.kind
})

const aggregatedResource = (discovered: DiscoveredResource): JsonObject => {
  const { resource, subresources, verbs } = discovered
  return {
    resource: resource.resource,
    responseKind: responseKind(discovered),
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: resource.singular,
    verbs,
    ...optional("shortNames", resource.shortNames),
    ...optional("categories", resource.categories),
    ...optional(
      "subresources",
      subresources.map(({ group, kind, name, version, verbs: of }) => ({
        subresource: name,
        responseKind: { group, version, kind },
        verbs: of
      }))
    )
  }
}

/** The one document that tells of groups with everything in them; of the core group at `/api`, of all others at `/apis`. */
export const apiGroupDiscoveryList = (groups: ReadonlyArray<DiscoveredGroup>): JsonObject => ({
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  metadata: {},
  items: groups.map(({ name, versions }) => ({
    metadata: name === "" ? {} : { name },
    versions: versions.map(({ resources, version }) => ({
      version,
      resources: resources.map(aggregatedResource),
      freshness: "Current"
    }))
  }))
})

/** `/api`. `address`: `host:port` at which clients find the server. */
export const apiVersions = (core: DiscoveredGroup | undefined, address: string): JsonObject => ({
  kind: "APIVersions",
  versions: (core?.versions ?? []).map(({ version }) => version),
  serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }]
})

const groupOf = ({ name, versions }: DiscoveredGroup): JsonObject => {
  const list = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: list, preferredVersion: list[0] }
}

/** `/apis`. */
export const apiGroupList = (groups: ReadonlyArray<DiscoveredGroup>): JsonObject => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groups.map(groupOf)
})

/** `/apis/apps`. */
export const apiGroup = (group: DiscoveredGroup): JsonObject => ({
  kind: "APIGroup",
  apiVersion: "v1",
  ...groupOf(group)
})

const listedResource = (discovered: DiscoveredResource): ReadonlyArray<JsonObject> => {
  const { resource, storageVersionHash, subresources, verbs } = discovered
  const { categories, group, kind, namespaced, resource: name, shortNames, singular, version: own } = resource
  return [
    {
      name,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...optional("shortNames", shortNames),
      ...optional("categories", categories),
      ...(storageVersionHash === undefined ? {} : { storageVersionHash })
    },
    ...subresources.map((of) => ({
      name: `${name}/${of.name}`,
      singularName: "",
      namespaced,
      // Said only where it is another's.
      ...(of.group === "" || (of.group === group && of.version === own)
        ? {}
        : { group: of.group, version: of.version }),
      kind: of.kind,
      verbs: of.verbs
    }))
  ]
}

/** `/api/v1`, `/apis/apps/v1`. Those of the core group do not say their own version: it is older than that. */
export const apiResourceList = (group: string, { resources, version }: DiscoveredVersion): JsonObject => ({
  kind: "APIResourceList",
  ...(group === "" ? {} : { apiVersion: "v1" }),
  groupVersion: groupVersionOf({ group, version }),
  resources: resources.filter(({ verbs }) => verbs.length > 0).flatMap(listedResource)
})
