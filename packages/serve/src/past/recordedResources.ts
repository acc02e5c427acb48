/** Which kinds a reel can be asked for: those that were recorded, and no others. */
import {
  builtInResourceOf,
  builtInResources,
  customResources,
  guessedResource,
  type KubernetesObject,
  resourceName,
  type ServedResource
} from "@kubereel/core"
import type { Contents, Session } from "./Archive.ts"

/** What a recording of a cluster holds that does not say what it was asked to hold: there may have been none of a kind. */
const usual = [
  ...["namespaces", "nodes", "pods", "events"],
  ...["deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps"],
  ...["jobs.batch", "cronjobs.batch"]
]

/** What one of the recordings says that it recorded. */
export const recordedIn = ({ header }: Session): ReadonlyArray<string> => {
  const recorder = header["recorder"] as { readonly resources?: ReadonlyArray<string> } | undefined
  return recorder?.resources ?? []
}

/** What the recordings say that they recorded; `undefined`: they do not. */
export const saidResources = ({ sessions }: Contents): ReadonlySet<string> | undefined => {
  const said = sessions.flatMap(recordedIn)
  return said.length === 0 ? undefined : new Set(said)
}

const ofKind = (line: string, custom: ReadonlyArray<ServedResource>): ServedResource => {
  const [apiVersion = "", kind = ""] = line.split(" ")
  const known =
    builtInResourceOf(apiVersion, kind) ??
    custom.find(({ group, kind: named, version }) => `${group}/${version}` === apiVersion && named === kind)
  return known ?? guessedResource({ apiVersion, kind, metadata: { name: "", namespace: "?" } } as KubernetesObject)
}

/** In the order of discovery, those that Kubernetes itself has first. */
export const recordedResources = (contents: Contents): ReadonlyArray<ServedResource> => {
  const names = saidResources(contents) ?? new Set(usual)
  const custom = contents.definitions.flatMap(customResources)
  const met = [...contents.kinds].map((line) => ofKind(line, custom))
  const versions = new Set(met.map((resource) => `${resourceName(resource)} ${resource.version}`))
  const groups = new Set(met.map(resourceName))
  const named = builtInResources().filter((resource) => {
    const name = resourceName(resource)
    // Of a kind with several versions the one that was met; of one that was not, the preferred one alone.
    return (
      versions.has(`${name} ${resource.version}`) || (names.has(name) && !groups.has(name) && isPreferred(resource))
    )
  })
  const others = met.filter(
    ({ group, resource, version }) =>
      !named.some((one) => one.group === group && one.resource === resource && one.version === version)
  )
  return [...named, ...others]
}

const isPreferred = (resource: ServedResource): boolean =>
  builtInResources().find((one) => resourceName(one) === resourceName(resource)) === resource
