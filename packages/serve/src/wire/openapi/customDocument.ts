/** The OpenAPI document of custom resources (`k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder/builder.go`). */
import { isJsonObject, type Json, type JsonObject, type ServedResource } from "@kubereel/core"
import type { DiscoveredResource } from "../discovery/discovered.ts"
import { openApiDocument } from "./store.ts"

/** A kind of Kubernetes whose paths are those of a custom resource, but for its names. */
interface Model {
  readonly document: string
  readonly plural: string
  readonly kind: string
  /** Of its schema, and in the names of its operations. */
  readonly schema: string
  readonly operations: string
  readonly tag: string
}

const namespaced: Model = {
  document: "apis/coordination.k8s.io/v1",
  plural: "leases",
  kind: "Lease",
  schema: "io.k8s.api.coordination.v1.Lease",
  operations: "CoordinationV1",
  tag: "coordination_v1"
}

const ofCluster: Model = {
  document: "apis/scheduling.k8s.io/v1",
  plural: "priorityclasses",
  kind: "PriorityClass",
  schema: "io.k8s.api.scheduling.v1.PriorityClass",
  operations: "SchedulingV1",
  tag: "scheduling_v1"
}

/** Nothing of Kubernetes has a status and a scale but this. */
const subresources: Model = {
  document: "apis/apps/v1",
  plural: "deployments",
  kind: "Deployment",
  schema: "io.k8s.api.apps.v1.Deployment",
  operations: "AppsV1",
  tag: "apps_v1"
}

const mediaTypes: ReadonlySet<string> = new Set([
  "application/json",
  "application/yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml"
])

const at = (value: Json | undefined, ...path: ReadonlyArray<string>): JsonObject => {
  let found = value
  for (const key of path) found = isJsonObject(found) ? found[key] : undefined
  return isJsonObject(found) ? found : {}
}

/** `stable.example.com` → `com.example.stable.v1.CronTab` (gvkToModelName). */
const modelName = ({ group, kind, version }: ServedResource): string =>
  `${group.split(".").toReversed().join(".")}.${version}.${kind}`

/** `stable.example.com` → `StableExampleCom` (ToValidOperationID). */
const capitalised = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")

const uncapitalised = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** The names of the model become those of the resource, wherever they stand. */
const renamer = (model: Model, of: ServedResource): ((value: Json) => Json) => {
  const group = capitalised(of.group.replace(/\.k8s\.io$/, ""))
  const texts: ReadonlyArray<readonly [string, string]> = [
    [`#/components/schemas/${model.schema}`, `#/components/schemas/${modelName(of)}`],
    [model.operations, `${group}${capitalised(of.version)}`],
    [model.tag, `${uncapitalised(group)}_${of.version}`],
    [model.kind, of.kind],
    // In the names of operations.
    ...(of.namespaced ? [] : [["Namespaced", ""] as const])
  ]
  const renamed = (value: Json): Json => {
    if (typeof value === "string") return texts.reduce((text, [from, to]) => text.replaceAll(from, to), value)
    if (Array.isArray(value)) return value.map(renamed)
    if (!isJsonObject(value)) return value
    return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => entriesOf(key, item ?? null)))
  }
  const entriesOf = (key: string, item: Json): ReadonlyArray<readonly [string, Json]> => {
    if (key === "x-kubernetes-group-version-kind")
      return [[key, { group: of.group, version: of.version, kind: of.kind }]]
    if (key === "*/*") return ["application/json", "application/yaml"].map((type) => [type, renamed(item)])
    return key.includes("/") && !mediaTypes.has(key) ? [] : [[key, renamed(item)]]
  }
  return renamed
}

const read = (path: string): Json => JSON.parse(Buffer.from(openApiDocument(path) ?? "{}").toString("utf8"))

const pathsOf = ({ resource, subresources: below }: DiscoveredResource): JsonObject => {
  const model = resource.namespaced ? namespaced : ofCluster
  const from = at(read(model.document), "paths")
  const rename = renamer(model, resource)
  const root = (of: { readonly document: string }, within: string, plural: string) =>
    `/${of.document}/${within}${plural}`
  const own = { document: `apis/${resource.group}/${resource.version}` }
  const within = resource.namespaced ? "namespaces/{namespace}/" : ""
  const plain = [...new Set(["", within])].flatMap((scope) =>
    (scope === within ? ["", "/{name}"] : [""]).map((end): readonly [string, Json] => [
      `${root(own, scope, resource.resource)}${end}`,
      rename(from[`${root(model, scope, model.plural)}${end}`] ?? null)
    ])
  )
  const ofModel = below.length === 0 ? {} : at(read(subresources.document), "paths")
  const renameBelow = renamer(subresources, resource)
  const ends = below.map(({ name }): readonly [string, Json] => {
    const item = at(ofModel, `${root(subresources, "namespaces/{namespace}/", subresources.plural)}/{name}/${name}`)
    return [`${root(own, within, resource.resource)}/{name}/${name}`, scoped(renameBelow(item), resource.namespaced)]
  })
  return Object.fromEntries([...plain, ...ends])
}

/** Without what says the namespace, for a kind that has none. */
const scoped = (item: Json, isNamespaced: boolean): Json => {
  if (isNamespaced || !isJsonObject(item)) return item
  const parameters = Array.isArray(item["parameters"]) ? (item["parameters"] as ReadonlyArray<Json>) : []
  return { ...item, parameters: parameters.filter((parameter) => at(parameter)["name"] !== "namespace") }
}

const objectMeta = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
const listMeta = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"
const conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md"

/** What every kind has (addTypeMetaProperties). */
const typeMeta = (schemas: JsonObject): JsonObject => {
  const { apiVersion = null, kind = null } = at(schemas, namespaced.schema, "properties")
  return { apiVersion, kind }
}

const metadata: JsonObject = {
  description: `Standard object's metadata. More info: ${conventions}#metadata`,
  allOf: [{ $ref: objectMeta }]
}

/** What the shorthands of a schema stand for: numbers or texts, objects within objects (addEmbeddedProperties, Structural.Unfold). */
const unfolded = (schema: Json, common: JsonObject): Json => {
  if (!isJsonObject(schema)) return schema
  const { additionalProperties, items, properties, required, ...rest } = schema
  const embedded = schema["x-kubernetes-embedded-resource"] === true
  const either = schema["x-kubernetes-int-or-string"] === true && schema["anyOf"] === undefined
  const names = Array.isArray(required) ? (required as ReadonlyArray<Json>) : []
  const all = embedded ? [...names, ...["kind", "apiVersion"].filter((name) => !names.includes(name))] : names
  const fields = Object.entries(at(properties)).map(([name, field]) => [name, unfolded(field ?? null, common)] as const)
  return {
    ...rest,
    ...(either ? { anyOf: [{ type: "integer" }, { type: "string" }] } : {}),
    ...(items === undefined ? {} : { items: unfolded(items, common) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: unfolded(additionalProperties, common) }),
    ...(all.length === 0 ? {} : { required: all }),
    ...(embedded || properties !== undefined
      ? { properties: { ...Object.fromEntries(fields), ...(embedded ? { ...common, metadata } : {}) } }
      : {})
  }
}

const gvk = ({ group, version }: ServedResource, kind: string): JsonObject => ({
  "x-kubernetes-group-version-kind": [{ group, version, kind }]
})

/** Without a schema nothing is said of the fields: whoever checks would take all others for wrong. */
const schemaOf = (of: ServedResource, common: JsonObject): JsonObject => {
  const given = at(of.definition, "schema", "openAPIV3Schema")
  if (Object.keys(given).length === 0) return { type: "object", ...gvk(of, of.kind) }
  const properties = { ...at(given, "properties"), ...common, metadata }
  return { ...at(unfolded({ ...given, properties }, common)), ...gvk(of, of.kind) }
}

const listSchemaOf = (of: ServedResource, common: JsonObject): JsonObject => ({
  description: `${of.kind}List is a list of ${of.kind}`,
  type: "object",
  required: ["items"],
  properties: {
    ...common,
    items: {
      description: `List of ${of.resource}. More info: ${conventions}`,
      type: "array",
      items: { $ref: `#/components/schemas/${modelName(of)}` }
    },
    metadata: {
      description: `Standard list metadata. More info: ${conventions}#types-kinds`,
      allOf: [{ $ref: listMeta }]
    }
  },
  ...gvk(of, `${of.kind}List`)
})

/** All schemas that are named in `value`, and in those. */
const withReferences = (value: Json, all: JsonObject, into: Map<string, Json>): void => {
  for (const [, name = ""] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    const schema = all[name]
    if (into.has(name) || schema === undefined) continue
    into.set(name, schema)
    withReferences(schema, all, into)
  }
}

/** The document of the custom resources of one group and version. */
export const customDocument = (resources: ReadonlyArray<DiscoveredResource>): JsonObject => {
  const known = [namespaced, ofCluster, subresources].map(({ document }) => at(read(document), "components", "schemas"))
  const common = typeMeta(known[0] ?? {})
  const own = Object.fromEntries(
    resources.flatMap(({ resource }) => [
      [modelName(resource), schemaOf(resource, common)],
      [`${modelName(resource)}List`, listSchemaOf(resource, common)]
    ])
  )
  const paths = Object.assign({}, ...resources.map(pathsOf)) as JsonObject
  const schemas = new Map<string, Json>()
  withReferences([paths, own], { ...Object.assign({}, ...known), ...own }, schemas)
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes CRD Swagger", version: "v0.1.0" },
    paths,
    components: { schemas: Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))) }
  }
}
