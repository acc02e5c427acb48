/** The resources that CustomResourceDefinitions define, and those whose definition nobody knows. */
import { entries, mapping, text, textsOf } from "../../decide/apiserver/fields.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import type { ServedResource } from "../ServedCluster.ts"
import { splitGroupVersion } from "./builtInResources.ts"

/** `v1`, `v2beta1`; other names have no rank but their letters. */
const kubeVersion = /^v(\d+)(?:(alpha|beta)(\d+))?$/

/** Which version comes first: stable before beta before alpha, higher before lower, then all others by name (`k8s.io/apimachinery/pkg/version/helpers.go`, CompareKubeAwareVersionStrings). */
export const compareVersions = (a: string, b: string): number => {
  const [x, y] = [kubeVersion.exec(a), kubeVersion.exec(b)]
  if (x === null || y === null) return x === y ? (a < b ? -1 : a > b ? 1 : 0) : x === null ? 1 : -1
  const stage = (match: RegExpExecArray) => ["alpha", "beta", undefined].indexOf(match[2])
  return stage(y) - stage(x) || Number(y[1]) - Number(x[1]) || Number(y[3] ?? 0) - Number(x[3] ?? 0)
}

const isTrue = (crd: KubernetesObject, type: string): boolean =>
  entries(mapping(crd, "status"), "conditions").some(
    (condition) => condition["type"] === type && condition["status"] === "True"
  )

/** `status` and `scale`, if the version has them; a definition of `v1beta1` may have them for all its versions. */
const subresourcesOf = (version: JsonObject, spec: JsonObject): ReadonlyArray<string> => {
  const of = { ...mapping(spec, "subresources"), ...mapping(version, "subresources") }
  return ["status", "scale"].filter((name) => of[name] !== undefined && of[name] !== null)
}

/**
 * What a CustomResourceDefinition adds to discovery, a resource a version that it serves, the preferred one first; nothing before its
 * names are accepted (`k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_discovery_controller.go`).
 */
export const customResources = (crd: KubernetesObject): ReadonlyArray<ServedResource> => {
  if (!isTrue(crd, "Established")) return []
  const spec = mapping(crd, "spec")
  const names = { ...mapping(spec, "names"), ...mapping(mapping(crd, "status"), "acceptedNames") }
  return entries(spec, "versions")
    .filter((version) => version["served"] === true)
    .map((definition) => ({
      group: text(spec, "group"),
      version: text(definition, "name"),
      resource: text(names, "plural"),
      kind: text(names, "kind"),
      namespaced: spec["scope"] === "Namespaced",
      singular: text(names, "singular"),
      shortNames: textsOf(names, "shortNames"),
      categories: textsOf(names, "categories"),
      subresources: subresourcesOf(definition, spec),
      definition
    }))
    .sort((a, b) => compareVersions(a.version, b.version))
}

/** The plural that is most likely that of a kind (`k8s.io/apimachinery/pkg/api/meta/restmapper.go`, UnsafeGuessKindToResource). */
export const guessedPlural = (kind: string): string => {
  const singular = kind.toLowerCase()
  if (singular === "" || singular.endsWith("endpoints")) return singular
  if (singular.endsWith("s")) return `${singular}es`
  return singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`
}

/** The resource of an object that no discovery knows: its names are guessed from its kind, its scope from its having a namespace. */
export const guessedResource = (object: KubernetesObject): ServedResource => {
  const [group, version] = splitGroupVersion(object.apiVersion)
  return {
    group,
    version,
    resource: guessedPlural(object.kind),
    kind: object.kind,
    namespaced: (object.metadata.namespace ?? "") !== "",
    singular: object.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    subresources: []
  }
}
