/** The resources that Kubernetes itself serves, as its discovery names them (`k8s.io/kubernetes/api/discovery`). */
import { discoveryTable } from "../../decide/apiserver/discoveryTable.ts"
import { groupVersionOf } from "../../decide/apiserver/RestStrategy.ts"
import type { ServedResource } from "../ServedCluster.ts"

/** A path below an object: what is read or written there, and with which verbs. */
export interface ServedSubresource {
  /** `autoscaling`; "": that of the resource. */
  readonly group: string
  /** "": that of the resource. */
  readonly version: string
  readonly kind: string
  readonly verbs: ReadonlyArray<string>
}

/** What discovery says of a resource beside its names. */
export interface DiscoveryEntry {
  readonly resource: ServedResource
  readonly verbs: ReadonlyArray<string>
  /** Of the version in which its objects are stored; `undefined`: none are. */
  readonly storageVersionHash: string | undefined
  readonly subresources: ReadonlyMap<string, ServedSubresource>
}

/** Every verb that a stored kind has, in the order of discovery. */
export const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] as const

/** `apps/v1` → `["apps", "v1"]`; the core group has no name. */
export const splitGroupVersion = (groupVersion: string): readonly [group: string, version: string] => {
  const slash = groupVersion.indexOf("/")
  return slash === -1 ? ["", groupVersion] : [groupVersion.slice(0, slash), groupVersion.slice(slash + 1)]
}

/** `autoscaling/v1.Scale:get,patch,update` or `Pod:get`. */
const subresourceOf = (text: string): ServedSubresource => {
  const [, groupVersion = "", kind = "", verbs = ""] = /^(?:(\S+)\.)?(\w+):(\S+)$/.exec(text) ?? []
  const [group, version] = splitGroupVersion(groupVersion)
  return { group, version, kind, verbs: verbs.split(",") }
}

const listed = (words: ReadonlyArray<string>, name: string): ReadonlyArray<string> => {
  const word = words.find((candidate) => candidate.startsWith(name))
  return word === undefined ? [] : word.slice(name.length).split(",")
}

const entryOf = (line: string): DiscoveryEntry => {
  const [groupVersion = "", resource = "", singular = "", kind = "", scope, verbs = "", ...more] = line.split(" ")
  const [group, version] = splitGroupVersion(groupVersion)
  const subresources = more
    .filter((word) => word.startsWith("/"))
    .map((word): readonly [string, ServedSubresource] => {
      const equals = word.indexOf("=")
      return [word.slice(1, equals), subresourceOf(word.slice(equals + 1))]
    })
  return {
    resource: {
      group,
      version,
      resource,
      kind,
      namespaced: scope === "Namespaced",
      singular,
      shortNames: listed(more, "short="),
      categories: listed(more, "in="),
      subresources: subresources.map(([name]) => name)
    },
    verbs: verbs === "*" ? allVerbs : verbs.split(","),
    storageVersionHash: listed(more, "hash=")[0],
    subresources: new Map(subresources)
  }
}

let entries: ReadonlyMap<string, DiscoveryEntry> | undefined

/** All entries by `group/version/plural`, in the order of discovery; read at the first question. */
const table = (): ReadonlyMap<string, DiscoveryEntry> => {
  entries ??= new Map(
    discoveryTable.map((line) => {
      const entry = entryOf(line)
      const { group, version, resource } = entry.resource
      return [`${group}/${version}/${resource}`, entry]
    })
  )
  return entries
}

/**
 * Everything that Kubernetes 1.36 can serve, alpha and beta too, in the order of discovery: the core group first, then the groups by
 * their priority, of each its preferred version first. Also what stores nothing: reviews, bindings.
 */
export const builtInResources = (): ReadonlyArray<ServedResource> =>
  [...table().values()].map(({ resource }) => resource)

/** What discovery says of a resource of Kubernetes; `undefined`: it is none. */
export const builtInEntry = (of: {
  readonly group: string
  readonly version: string
  readonly resource: string
}): DiscoveryEntry | undefined => table().get(`${of.group}/${of.version}/${of.resource}`)

let byKind: ReadonlyMap<string, ServedResource> | undefined

/** The resource whose objects are of this kind; `undefined`: none of Kubernetes' own. */
export const builtInResourceOf = (apiVersion: string, kind: string): ServedResource | undefined => {
  byKind ??= new Map(builtInResources().map((resource) => [`${groupVersionOf(resource)} ${resource.kind}`, resource]))
  return byKind.get(`${apiVersion} ${kind}`)
}
