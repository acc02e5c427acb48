/** Reads out of the published schema of Kubernetes' API what of its types is merged field by field, as the table in `src/decide/apiserver/managedfields/mergeTypes.ts`. */
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import { fieldsOf } from "../../../../src/decide/apiserver/apiTypes.ts"
import { goTypes } from "../../../../src/decide/apiserver/goTypes.ts"

/** In the module cache of Go: what `structured-merge-diff` is told of the OpenAPI schema of Kubernetes 1.36.3. */
export const schemaSource = "k8s.io/client-go@v0.36.3/applyconfigurations/internal/internal.go"

interface Type {
  readonly namedType?: string
  readonly scalar?: string
  readonly list?: {
    readonly elementType: Type
    readonly elementRelationship: "atomic" | "associative"
    readonly keys?: ReadonlyArray<string>
  }
  readonly map?: {
    readonly fields?: ReadonlyArray<{ readonly name: string; readonly type: Type; readonly default?: unknown }>
    readonly elementType?: Type
    readonly elementRelationship?: "atomic" | "separable"
  }
}

/** Where a name stands for several types: as in `readGoTypes`, core's EndpointPort is of the Endpoints of old. */
const groups = ["discovery", "core", "apps", "batch", "policy", "scheduling"].map((group) => `${group}.v1`)
const others = ["autoscaling.v2", "storage.v1", "node.v1", "autoscaling.v1"]
const prefixes = [
  ...groups.concat(others).map((group) => `io.k8s.api.${group}.`),
  "io.k8s.apimachinery.pkg.apis.meta.v1."
]

/** Kinds that are kept as they are given: of them the fields are in this table, too. */
const looseKinds: ReadonlyArray<readonly [name: string, type: string]> = [
  ["Event", "io.k8s.api.core.v1.Event"],
  ["EventSeries", "io.k8s.api.core.v1.EventSeries"],
  ["EventSource", "io.k8s.api.core.v1.EventSource"],
  ["Event@events.k8s.io/v1", "io.k8s.api.events.v1.Event"],
  ["EventSeries@events.k8s.io/v1", "io.k8s.api.events.v1.EventSeries"]
]

const readTypes = (cache: string): ReadonlyMap<string, Type> => {
  const yaml = /YAMLObject\(`(.*?)`\)/s.exec(readFileSync(`${cache}/${schemaSource}`, "utf8"))?.[1] ?? ""
  const { types } = parse(yaml) as { readonly types: ReadonlyArray<Type & { readonly name: string }> }
  return new Map(types.map((type) => [type.name, type]))
}

const shape = ({ list, map }: Type, item: Type | undefined): string | undefined => {
  if (map?.elementRelationship === "atomic") return "atomic"
  if (list?.elementRelationship !== "associative") return undefined
  if (list.keys === undefined) return "set"
  const defaultOf = (key: string) => item?.map?.fields?.find(({ name }) => name === key)?.default
  // Of numbers it is 0, which is what an empty one stands for.
  return list.keys.map((key) => (defaultOf(key) === undefined ? key : `${key}=${defaultOf(key) || ""}`)).join(" ")
}

interface MergeTypes {
  readonly rules: ReadonlyMap<string, string>
  readonly loose: ReadonlyMap<string, string>
}

const bare = (type: string) => type.replace(/^(?:\*|\[\]|\{\})+/, "")

const readMergeTypes = (cache: string): MergeTypes => {
  const types = readTypes(cache)
  const rules = new Map<string, string>()
  const told = (name: string, type: Type): void => {
    if (shape(type, undefined) === "atomic") rules.set(name, "atomic")
    for (const field of type.map?.fields ?? []) {
      const item = types.get(field.type.list?.elementType.namedType ?? "")
      const found = shape(field.type, item)
      if (found !== undefined) rules.set(`${name}.${field.name}`, found)
    }
  }
  for (const name of Object.keys(goTypes)) {
    const found = prefixes.map((prefix) => types.get(prefix + name)).find((type) => type?.map?.fields !== undefined)
    if (fieldsOf(name) !== undefined && found !== undefined) told(name, found)
  }
  const loose = new Map<string, string>()
  for (const [name, full] of looseKinds) {
    const type = types.get(full)
    if (type === undefined) throw new Error(`no type ${full}`)
    const version = name.includes("@") ? `@${name.split("@")[1]}` : ""
    const line = (type.map?.fields ?? []).map((field) => {
      const of = bare(field.type.namedType?.split(".").at(-1) ?? "string")
      return `${field.name} ${of === "EventSeries" ? `${of}${version}` : of}`
    })
    loose.set(name, line.join(", "))
    told(name, type)
  }
  return { rules, loose }
}

const lines = (map: ReadonlyMap<string, string>): string =>
  [...map]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, rule]) => {
      const key = /^\w+$/.test(name) ? name : JSON.stringify(name)
      const text = `  ${key}: ${JSON.stringify(rule)}`
      return text.length > 119 ? `  ${key}:\n    ${JSON.stringify(rule)}` : text
    })
    .join(",\n")

/** The text of `mergeTypes.ts`. */
export const mergeTypesSource = (cache: string): string => {
  const { loose, rules } = readMergeTypes(cache)
  return [
    "/** What of Kubernetes' types is owned and merged as a whole, and how the items of the other lists are told apart. Generated: see `test/decide/apiserver/managedfields/mergeTypes.test.ts`. */",
    "",
    "/**",
    " * A type, or `Type.field`: `atomic` (a mapping that is one value; lists are unless they are in this table), `set` (of scalars),",
    " * or the keys of its items, `key=default` where an item may leave it out; an empty default is the zero of the key's type.",
    " */",
    "export const mergeTypes: { readonly [name: string]: string } = {",
    lines(rules),
    "}",
    "",
    "/** Kinds of which the API server of this simulator knows no more: their fields, in the words of `goTypes`. */",
    "export const looseTypes: { readonly [name: string]: string } = {",
    lines(loose),
    "}",
    ""
  ].join("\n")
}
