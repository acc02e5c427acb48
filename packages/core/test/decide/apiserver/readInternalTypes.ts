/** Reads the internal types of Kubernetes' API server out of its Go sources, as the table in `src/decide/apiserver/internalTypes.ts`. */
import { readFileSync } from "node:fs"

const packages = "k8s.io/kubernetes@v1.36.3/pkg/apis"

/** In the module cache of Go (`go mod download k8s.io/kubernetes@v1.36.3`). */
export const internalSources = ["apps", "batch", "core"].map((group) => `${packages}/${group}/types.go`)

/** What is shown in refusals: immutable fields, and fields of the wrong mode. */
const roots = [
  "PodTemplateSpec",
  "PersistentVolumeSource",
  "VolumeNodeAffinity",
  "PodFailurePolicy",
  "SuccessPolicy",
  "UncountedTerminatedPods",
  "DaemonSetUpdateStrategy",
  "StatefulSetUpdateStrategy",
  "ScopeSelector",
  "ServicePort",
  "Taint"
]

interface Field {
  readonly name: string
  readonly type: string
  readonly embedded: boolean
}

const scalars: { readonly [go: string]: string } = {
  string: "string",
  "types.UID": "string",
  bool: "bool",
  int32: "number",
  int64: "number",
  int: "number",
  "resource.Quantity": "Quantity",
  "intstr.IntOrString": "IntOrString"
}

const bare = (go: string): string => go.replace(/\b(?:api|core)\./g, "")

const readFields = (body: string): ReadonlyArray<Field> =>
  [...body.matchAll(/^\t(?:(\w+)[ \t]+)?([\w.*[\]]+)[ \t]*$/gm)].map(([, name, type = ""]) => ({
    name: name ?? (type.split(".").at(-1) as string),
    type: bare(type),
    embedded: name === undefined
  }))

/** `*T`, `[]T`, `{}T`, a scalar, a name of the table, or `meta`: a type whose JSON is the same inside and outside. */
const expression = (go: string, aliases: ReadonlyMap<string, string>): string => {
  if (go.startsWith("*")) return `*${expression(go.slice(1), aliases)}`
  if (go.startsWith("[]")) return `[]${expression(go.slice(2), aliases)}`
  const map = /^map\[[\w.]+\](.+)$/.exec(go)
  if (map !== null) return `{}${expression(map[1] ?? "", aliases)}`
  if (go.startsWith("metav1.")) return "meta"
  const alias = aliases.get(go)
  return scalars[go] ?? (alias === undefined ? go : expression(alias, aliases))
}

const readInternalTypes = (cache: string): ReadonlyArray<readonly [string, string]> => {
  const code = internalSources.map((file) => readFileSync(`${cache}/${file}`, "utf8").replace(/\s*\/\/.*$/gm, ""))
  const structs = new Map<string, ReadonlyArray<Field>>()
  const aliases = new Map<string, string>()
  for (const text of code) {
    for (const [, name = "", body = ""] of text.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms))
      structs.set(name, readFields(body))
    for (const [, name = "", go = ""] of text.matchAll(/^type (\w+) ([\w.[\]*]+)$/gm)) aliases.set(name, bare(go))
  }
  const flat = (name: string): ReadonlyArray<Field> =>
    (structs.get(name) ?? []).flatMap((field) =>
      field.embedded && structs.has(field.type) ? flat(field.type) : [field]
    )
  const lines = new Map<string, string>()
  const visit = (type: string): void => {
    const name = type.replace(/^(?:\*|\[\]|\{\})+/, "")
    if (lines.has(name) || !structs.has(name)) return
    const fields = flat(name).map((field) => ({ ...field, type: expression(field.type, aliases) }))
    lines.set(name, fields.map(({ embedded, name: field, type: of }) => `${embedded ? "-" : field} ${of}`).join(", "))
    for (const field of fields) visit(field.type)
  }
  for (const root of roots) visit(root)
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Long lines are broken as the formatter breaks them. */
const entry = ([name, line]: readonly [string, string], index: number, all: ReadonlyArray<unknown>): string => {
  const text = `  ${name}: ${JSON.stringify(line)}`
  const comma = index === all.length - 1 ? 0 : 1
  return text.length + comma > 120 ? `  ${name}:\n    ${JSON.stringify(line)}` : text
}

/** The text of `internalTypes.ts`. */
export const internalTypesSource = (cache: string): string =>
  [
    "/** The API server's internal types, as refusals show them. Generated: see `test/decide/apiserver/internalTypes.test.ts`. */",
    "",
    "/**",
    " * By its name a list of `field type` in the order of Go; the JSON of the field `-` is its holder's. `*T` may be nil, `[]T` is a list,",
    " * `{}T` maps text to T, `meta` has the same JSON outside; the rest are scalars and names of this table.",
    " */",
    "export const internalTypes: { readonly [type: string]: string } = {",
    readInternalTypes(cache).map(entry).join(",\n"),
    "}",
    ""
  ].join("\n")
