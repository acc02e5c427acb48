/** Who may do what: everybody what works, nobody the rest. There is no RBAC in the past, nor in a simulated cluster. */
import type { JsonObject } from "@kubereel/core"
import type { DiscoveredGroup, DiscoveredResource } from "../discovery/discovered.ts"

/** What is served, and how. */
export interface Rights {
  readonly groups: ReadonlyArray<DiscoveredGroup>
  /** Objects can be changed. */
  readonly writable: boolean
  /** Why nothing is known of a resource although it is served (the recorder was not allowed to look); `undefined`: it is. */
  readonly unknown: (of: DiscoveredResource["resource"], namespace: string | undefined) => string | undefined
}

export interface Decision {
  readonly allowed: boolean
  /** "": nothing to say. */
  readonly reason: string
}

/** "" for what is no text. */
export const text = (object: JsonObject, key: string): string => {
  const value = object[key]
  return typeof value === "string" ? value : ""
}

const yes: Decision = { allowed: true, reason: "" }
const no = (reason: string): Decision => ({ allowed: false, reason })

const READ_ONLY = "the past is read-only"

/** Verbs that no path has: Kubernetes asks for them when roles and users are dealt with (`k8s.io/kubectl/pkg/cmd/auth/cani.go`). */
const withoutPath: ReadonlySet<string> = new Set([
  "use",
  "bind",
  "impersonate",
  "escalate",
  "approve",
  "sign",
  "attest"
])

const resourcesOf = ({ groups }: Rights): ReadonlyArray<DiscoveredResource> =>
  groups.flatMap(({ versions }) => versions.flatMap(({ resources }) => resources))

/** What of a resource is served at this path below it; "": the objects themselves. */
const verbsAt = (discovered: DiscoveredResource, subresource: string): ReadonlyArray<string> =>
  subresource === ""
    ? discovered.verbs
    : (discovered.subresources.find(({ name }) => name === subresource)?.verbs ?? [])

const nameOf = (group: string, resource: string, subresource: string): string =>
  `${resource}${group === "" ? "" : `.${group}`}${subresource === "" ? "" : `/${subresource}`}`

/** `spec.resourceAttributes`. */
const ofResource = (rights: Rights, attributes: JsonObject): Decision => {
  const [verb, group, resource, subresource] = ["verb", "group", "resource", "subresource"].map((name) =>
    text(attributes, name)
  ) as [string, string, string, string]
  if ([verb, group, resource].includes("*")) return rights.writable ? yes : no(READ_ONLY)
  const name = nameOf(group, resource, subresource)
  const version = text(attributes, "version")
  const found = resourcesOf(rights).filter(
    ({ resource: served }) =>
      served.resource === resource &&
      served.group === group &&
      (version === "" || version === "*" || version === served.version)
  )
  if (found.length === 0) return no(`${name} is not served`)
  const namespace = text(attributes, "namespace")
  const unknown = found.map((of) => rights.unknown(of.resource, namespace === "" ? undefined : namespace))
  if (unknown.every((why) => why !== undefined)) return no(unknown[0] ?? "")
  if (found.some((of) => verbsAt(of, subresource).includes(verb))) return yes
  if (!rights.writable) return no(READ_ONLY)
  return withoutPath.has(verb) ? yes : no(`${verb} is not served on ${name}`)
}

const paths = ["/api", "/apis", "/healthz", "/livez", "/openapi", "/readyz", "/version"]

/** `spec.nonResourceAttributes`. */
const ofPath = ({ writable }: Rights, attributes: JsonObject): Decision => {
  const [verb, path] = [text(attributes, "verb").toLowerCase(), text(attributes, "path")]
  if (verb !== "get" && verb !== "head") return no(writable ? `${verb} is not served on ${path}` : READ_ONLY)
  const isServed = paths.some((served) => path === served || path.startsWith(`${served}/`))
  return isServed ? yes : no(`${path} is not served`)
}

/** May what is asked be done? `spec`: of a review of access, valid. */
export const authorize = (
  rights: Rights,
  { nonResourceAttributes, resourceAttributes }: { readonly [attributes: string]: JsonObject | undefined }
): Decision =>
  resourceAttributes === undefined
    ? ofPath(rights, nonResourceAttributes ?? {})
    : ofResource(rights, resourceAttributes)

/** All of it, as rules: resources of a group with the same verbs are one (`kubectl auth can-i --list`). */
export const resourceRules = ({ groups }: Rights): ReadonlyArray<JsonObject> =>
  groups.flatMap(({ name, versions }) => {
    const pairs = versions.flatMap(({ resources }) =>
      resources.flatMap(({ resource: { resource }, subresources, verbs }) => [
        { resource, verbs },
        ...subresources.map((of) => ({ resource: `${resource}/${of.name}`, verbs: of.verbs }))
      ])
    )
    return [...Map.groupBy(pairs, ({ verbs }) => verbs.join())]
      .filter(([verbs]) => verbs !== "")
      .map(([verbs, of]) => ({
        verbs: verbs.split(","),
        apiGroups: [name],
        resources: [...new Set(of.map(({ resource }) => resource))]
      }))
  })

export const nonResourceRules: ReadonlyArray<JsonObject> = [
  { verbs: ["get"], nonResourceURLs: paths.flatMap((path) => [path, `${path}/*`]) }
]
