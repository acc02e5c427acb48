/** Reads the discovery documents of Kubernetes (`api/discovery`), as the table in `src/decide/apiserver/discoveryTable.ts`. */
import { readFileSync } from "node:fs"

/** In the module cache of Go (`go mod download k8s.io/kubernetes@v1.36.3`). */
export const discoverySource = "k8s.io/kubernetes@v1.36.3/api/discovery"

interface Resource {
  readonly name: string
  readonly singularName: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: ReadonlyArray<string>
  readonly group?: string
  readonly version?: string
  readonly shortNames?: ReadonlyArray<string>
  readonly categories?: ReadonlyArray<string>
  readonly storageVersionHash?: string
}

const allVerbs = "create,delete,deletecollection,get,list,patch,update,watch"

const subresource = ({ name, group, version, kind, verbs }: Resource): string =>
  `/${name.split("/")[1]}=${group === undefined ? "" : `${group}/${version}.`}${kind}:${verbs.join(",")}`

const lineOf = (groupVersion: string, resource: Resource, subresources: ReadonlyArray<Resource>): string => {
  const { name, singularName, kind, namespaced, verbs, shortNames, categories, storageVersionHash } = resource
  return [
    groupVersion,
    name,
    singularName,
    kind,
    namespaced ? "Namespaced" : "Cluster",
    verbs.join(",") === allVerbs ? "*" : verbs.join(","),
    ...(shortNames === undefined ? [] : [`short=${shortNames.join(",")}`]),
    ...(categories === undefined ? [] : [`in=${categories.join(",")}`]),
    ...(storageVersionHash === undefined ? [] : [`hash=${storageVersionHash}`]),
    ...subresources.map(subresource)
  ].join(" ")
}

/** The text of `discoveryTable.ts`. */
export const discoveryTableSource = (cache: string): string => {
  const read = (file: string) => JSON.parse(readFileSync(`${cache}/${discoverySource}/${file}.json`, "utf8"))
  const groups: ReadonlyArray<{ versions: ReadonlyArray<{ groupVersion: string }> }> = read("apis").groups
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion))
  const lines = ["v1", ...versions].flatMap((groupVersion) => {
    const file = groupVersion === "v1" ? "api__v1" : `apis__${groupVersion.replace("/", "__")}`
    const all: ReadonlyArray<Resource> = read(file).resources
    return all
      .filter(({ name }) => !name.includes("/"))
      .map((resource) =>
        lineOf(
          groupVersion,
          resource,
          all.filter(({ name }) => name.startsWith(`${resource.name}/`))
        )
      )
  })
  return [
    "/** The resources that Kubernetes 1.36 can serve. Generated: see `test/port/served/builtInResources.test.ts`. */",
    "",
    "/**",
    " * `groupVersion plural singular Kind scope verbs`, `*` for all verbs; then its short names, categories, the hash of the version",
    " * it is stored in, and its subresources as `/name=Kind:verbs` (a kind of another group with it). In the order of discovery.",
    " */",
    "export const discoveryTable: ReadonlyArray<string> = [",
    lines.map((line) => `  ${JSON.stringify(line)}`).join(",\n"),
    "]",
    ""
  ].join("\n")
}
