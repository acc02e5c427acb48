/** What discovery tells of each resource: the verbs that are served, its subresources, the version that it is stored in. */
import { createHash } from "node:crypto"
import {
  allVerbs,
  builtInEntry,
  builtInResources,
  compareVersions,
  type ServedResource,
  type ServedSubresource
} from "@kubereel/core"

export interface DiscoveredSubresource extends ServedSubresource {
  readonly name: string
}

/** A resource as discovery tells it. */
export interface DiscoveredResource {
  readonly resource: ServedResource
  readonly verbs: ReadonlyArray<string>
  readonly subresources: ReadonlyArray<DiscoveredSubresource>
  readonly storageVersionHash: string | undefined
}

export interface DiscoveredVersion {
  readonly version: string
  readonly resources: ReadonlyArray<DiscoveredResource>
}

export interface DiscoveredGroup {
  /** "": the core group. */
  readonly name: string
  /** The preferred one first. */
  readonly versions: ReadonlyArray<DiscoveredVersion>
}

/** What a server that only reads answers, beside reviews. */
const readingVerbs: ReadonlySet<string> = new Set(["get", "list", "watch"])

const isReview = ({ group }: ServedResource): boolean =>
  group === "authentication.k8s.io" || group === "authorization.k8s.io"

/** Questions about what one may do, which every server answers although it stores nothing: their only verb is `create`. */
const reviewResources = (): ReadonlyArray<ServedResource> => builtInResources().filter(isReview)

/** Which of these verbs are served. */
const served = (verbs: ReadonlyArray<string>, of: ServedResource, writable: boolean): ReadonlyArray<string> =>
  writable || isReview(of) ? verbs : verbs.filter((verb) => readingVerbs.has(verb))

/** `StorageVersionHash` (`k8s.io/apiserver/pkg/endpoints/discovery/storageversionhash.go`). */
const storageVersionHash = ({ group, kind, version }: ServedResource): string =>
  createHash("sha256").update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString("base64")

/** Of a kind that a CustomResourceDefinition defines: a subresource answers with its kind, `scale` with a Scale. */
const customSubresource = (name: string, { group, kind, version }: ServedResource): ServedSubresource => ({
  ...(name === "scale" ? { group: "autoscaling", version: "v1", kind: "Scale" } : { group, version, kind }),
  verbs: ["get", "patch", "update"]
})

/** Verbs and subresources of a resource that is served; `stored`: the version of it that objects are stored in, if that is known. */
const discoveredResource = (
  resource: ServedResource,
  writable: boolean,
  stored: ServedResource | undefined
): DiscoveredResource => {
  const entry = builtInEntry(resource)
  const subresources = resource.subresources.map((name) => {
    const of = entry?.subresources.get(name) ?? customSubresource(name, resource)
    return { name, ...of, verbs: served(of.verbs, resource, writable) }
  })
  return {
    resource,
    verbs: served(entry?.verbs ?? allVerbs, resource, writable),
    subresources: subresources.filter(({ verbs }) => verbs.length > 0),
    storageVersionHash: entry === undefined ? stored && storageVersionHash(stored) : entry.storageVersionHash
  }
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const isSame = (a: ServedResource, b: ServedResource): boolean => a.group === b.group && a.resource === b.resource

let ranks: ReadonlyMap<string, number> | undefined

/** Where Kubernetes' own groups and versions stand in its discovery; all others come behind them (`pkg/controlplane/apiserver/aggregator.go`). */
const rankOf = (name: string): number => {
  ranks ??= new Map(
    [...new Set(builtInResources().flatMap(({ group, version }) => [`${group}/`, `${group}/${version}`]))].map(
      (known, rank) => [known, rank]
    )
  )
  return ranks.get(name) ?? Number.POSITIVE_INFINITY
}

/** By rank; what has none comes last, in the order that it has without. */
const ranked = (a: string, b: string, otherwise: number): number => {
  const [x, y] = [rankOf(a), rankOf(b)]
  return x === y ? otherwise : x - y
}

const versionsOf = (
  group: string,
  resources: ReadonlyArray<ServedResource>,
  writable: boolean
): ReadonlyArray<DiscoveredVersion> =>
  [...Map.groupBy(resources, ({ version }) => version)]
    .map(([version, of]) => ({
      version,
      resources: of
        .toSorted((a, b) => byName(a.resource, b.resource))
        .map((resource) => {
          const stored = resources.find((other) => isSame(other, resource) && other.definition?.["storage"] === true)
          return discoveredResource(resource, writable, stored)
        })
        .filter(({ subresources, verbs }) => verbs.length + subresources.length > 0)
    }))
    .filter((version) => version.resources.length > 0)
    .toSorted((a, b) => ranked(`${group}/${a.version}`, `${group}/${b.version}`, compareVersions(a.version, b.version)))

/**
 * Groups, versions and resources in the order of discovery, with the reviews, which are always served. `writable`: everything that
 * Kubernetes does is served; otherwise only what reads. What has no verb left is not told of.
 */
export const discoveredGroups = (
  resources: ReadonlyArray<ServedResource>,
  writable: boolean
): ReadonlyArray<DiscoveredGroup> =>
  [...Map.groupBy([...resources.filter((of) => !isReview(of)), ...reviewResources()], ({ group }) => group)]
    .map(([name, of]) => ({ name, versions: versionsOf(name, of, writable) }))
    .filter(({ versions }) => versions.length > 0)
    .toSorted((a, b) => ranked(`${a.name}/`, `${b.name}/`, byName(a.name, b.name)))
