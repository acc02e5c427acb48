/** What a simulated cluster serves: everything that is stored in it, in the version in which it is. */
import {
  apiResource,
  builtInResources,
  faultDefinition,
  keptKind,
  type ServedResource,
  servedKinds
} from "@kubereel/core"

/** Nobody listens behind these. */
const unserved: { readonly [resource: string]: ReadonlyArray<string> } = {
  pods: ["proxy"],
  services: ["proxy"],
  nodes: ["proxy"]
}

export const CUSTOM_RESOURCES = "customresourcedefinitions"

const simulated = new Set(servedKinds())

const isServed = ({ group, kind, resource, version }: ServedResource): boolean => {
  if (resource === CUSTOM_RESOURCES) return true
  if (!simulated.has(kind) && keptKind(kind) === undefined) return false
  const stored = apiResource(kind)
  return stored.group === group && stored.version === version
}

const served = (resource: ServedResource): ServedResource => {
  const without = unserved[resource.resource] ?? []
  return { ...resource, subresources: resource.subresources.filter((name) => !without.includes(name)) }
}

const faults: ServedResource = {
  ...apiResource("Fault"),
  singular: "fault",
  shortNames: [],
  categories: [],
  subresources: ["status"],
  definition: faultDefinition
}

export const liveResources = (): ReadonlyArray<ServedResource> => [
  ...builtInResources().filter(isServed).map(served),
  faults
]
