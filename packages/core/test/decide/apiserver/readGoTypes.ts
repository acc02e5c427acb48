/** Reads the types of Kubernetes' API out of its Go sources, as the table in `src/decide/apiserver/goTypes.ts`. */
import { readFileSync } from "node:fs"

const api = "k8s.io/api@v0.36.3"

/** In the module cache of Go (`go mod download k8s.io/api@v0.36.3 k8s.io/apimachinery@v0.36.3`). */
export const goSources = [
  // First: core's EndpointPort is of the Endpoints of old.
  `${api}/discovery/v1/types.go`,
  `${api}/core/v1/types.go`,
  `${api}/apps/v1/types.go`,
  `${api}/batch/v1/types.go`,
  `${api}/policy/v1/types.go`,
  `${api}/scheduling/v1/types.go`,
  // First: what v1 has of the same name is older.
  `${api}/autoscaling/v2/types.go`,
  `${api}/storage/v1/types.go`,
  `${api}/node/v1/types.go`,
  `${api}/autoscaling/v1/types.go`,
  "k8s.io/apimachinery@v0.36.3/pkg/apis/meta/v1/types.go"
]

/** The kinds that a scenario may apply, with all that is in them. */
export const roots = [
  "Pod",
  "Namespace",
  "ConfigMap",
  "Secret",
  "Service",
  "ServiceAccount",
  "ResourceQuota",
  "LimitRange",
  "Node",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "StorageClass",
  "VolumeAttachment",
  "CSIDriver",
  "CSINode",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
  "ControllerRevision",
  "DaemonSet",
  "Job",
  "CronJob",
  "PodDisruptionBudget",
  "PriorityClass",
  "RuntimeClass",
  "EndpointSlice",
  "Scale",
  "HorizontalPodAutoscaler"
]

interface GoField {
  /** Its name in Go; that of its type if it is embedded. */
  readonly name: string
  readonly json: string
  readonly type: string
  readonly omitEmpty: boolean
  readonly omitZero: boolean
  readonly inline: boolean
  /** How a strategic merge patch tells the items of the list apart; `undefined`: it replaces the list. */
  readonly mergeKey: string | undefined
}

const scalars = new Map([
  ["string", "string"],
  ["bool", "bool"],
  ["int32", "int32"],
  ["int64", "int64"],
  ["int", "int64"],
  ["uint32", "int64"],
  ["float64", "float64"],
  ["[]byte", "bytes"],
  ["resource.Quantity", "Quantity"],
  ["intstr.IntOrString", "IntOrString"],
  ["types.UID", "UID"],
  ["Time", "Time"],
  ["MicroTime", "MicroTime"],
  ["FieldsV1", "Any"],
  ["runtime.RawExtension", "Any"]
])

/** Go's type as an expression of the table: `*T`, `[]T`, `{}T`, a scalar, or a name. */
const expression = (go: string): string => {
  const type = go.replace(/\b(?:metav1|corev1|apiv1|v1)\./g, "")
  const known = scalars.get(type)
  if (known !== undefined) return known
  if (type.startsWith("*")) return `*${expression(type.slice(1))}`
  if (type.startsWith("[]")) return `[]${expression(type.slice(2))}`
  const map = /^map\[[\w.]+\](.+)$/.exec(type)
  if (map !== null) return `{}${expression(map[1] ?? "")}`
  if (!/^\w+$/.test(type)) throw new Error(`cannot read the Go type ${go}`)
  return type
}

const mergeKeyOf = (tags: string): string | undefined =>
  /patchStrategy:"(?:[^"]*,)?merge(?:,[^"]*)?"/.test(tags)
    ? (/patchMergeKey:"([^"]*)"/.exec(tags)?.[1] ?? "")
    : undefined

const readFields = (body: string): ReadonlyArray<GoField> =>
  [...body.matchAll(/^\t(?:(\w+) +)?([\w.*[\]]+) +`[^`\n]*json:"([^"]*)"([^`\n]*)`/gm)].flatMap(
    ([, name, type = "", tag = "", others = ""]) => {
      const [json = "", ...flags] = tag.split(",")
      if (json === "-") return []
      return [
        {
          name: name ?? (type.split(".").at(-1) as string),
          json,
          type,
          omitEmpty: flags.includes("omitempty"),
          omitZero: flags.includes("omitzero"),
          inline: json === "",
          mergeKey: mergeKeyOf(others)
        }
      ]
    }
  )

interface GoTypes {
  /** From a name to its line of the table. */
  readonly lines: ReadonlyMap<string, string>
  /** From `Type.field` to the merge key of that list. */
  readonly mergeKeys: ReadonlyMap<string, string>
}

const sorted = (map: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)))

const codeOf = (cache: string, file: string): string =>
  readFileSync(`${cache}/${file}`, "utf8").replace(/^\s*\/\/.*$/gm, "")

const readStructs = (cache: string, files = goSources): ReadonlyMap<string, ReadonlyArray<GoField>> => {
  const structs = new Map<string, ReadonlyArray<GoField>>()
  for (const file of files)
    for (const [, name = "", body = ""] of codeOf(cache, file).matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms))
      if (!structs.has(name)) structs.set(name, readFields(body))
  return structs
}

/** All that the roots need. */
const readGoTypes = (cache: string): GoTypes => {
  const structs = readStructs(cache)
  const aliases = new Map<string, string>([["UID", "string"]])
  for (const file of goSources) {
    for (const [, name = "", go = ""] of codeOf(cache, file).matchAll(/^type (\w+) ([\w.[\]]+)$/gm)) {
      if (!aliases.has(name) && go !== "interface") aliases.set(name, expression(go))
    }
  }
  const flat = (name: string): ReadonlyArray<GoField> =>
    (structs.get(name) ?? []).flatMap((field) => (field.inline ? flat(expression(field.type)) : [field]))
  const lines = new Map<string, string>()
  const mergeKeys = new Map<string, string>()
  const visit = (type: string): void => {
    const name = type.replace(/^(?:\*|\[\]|\{\})+/, "")
    if (lines.has(name) || [...scalars.values()].some((scalar) => scalar === name && name !== "UID")) return
    const alias = aliases.get(name)
    if (alias !== undefined && !structs.has(name)) {
      lines.set(name, `=${alias}`)
      visit(alias)
      return
    }
    if (!structs.has(name)) throw new Error(`no Go type ${name}`)
    const fields = flat(name).map((field) => ({ ...field, type: expression(field.type) }))
    const isStruct = (expr: string) =>
      structs.has(expr) || expr === "Time" || expr === "MicroTime" || expr === "Quantity" || expr === "IntOrString"
    const omitted = (field: GoField) => field.omitZero || (field.omitEmpty && !isStruct(field.type))
    lines.set(name, fields.map((field) => `${field.json}${omitted(field) ? "?" : ""} ${field.type}`).join(", "))
    for (const { json, mergeKey } of fields) if (mergeKey !== undefined) mergeKeys.set(`${name}.${json}`, mergeKey)
    for (const field of fields) visit(field.type)
  }
  for (const root of roots) visit(root)
  return { lines: sorted(lines), mergeKeys: sorted(mergeKeys) }
}

/** Long lines are broken as the formatter breaks them. */
const entry = ([name, line]: readonly [string, string], index: number, all: ReadonlyArray<unknown>): string => {
  const text = `  ${name}: ${JSON.stringify(line)}`
  const comma = index === all.length - 1 ? 0 : 1
  return text.length + comma > 120 ? `  ${name}:\n    ${JSON.stringify(line)}` : text
}

/** The text of `goTypes.ts`. */
export const goTypesSource = (cache: string): string =>
  [
    "/** The fields of Kubernetes' objects, in the order of its API types. Generated: see `test/decide/apiserver/goTypes.test.ts`. */",
    "",
    "/**",
    " * A struct is a list of `name type`; `name?` is left out of the JSON when it is empty. `=T` is another name for T.",
    " * Types: `*T` may be nil, `[]T` is a list, `{}T` maps text to T; the rest are scalars and names of this table.",
    " */",
    "export const goTypes: { readonly [type: string]: string } = {",
    [...readGoTypes(cache).lines].map(entry).join(",\n"),
    "}",
    ""
  ].join("\n")

/** The text of `patchStrategies.ts`. */
export const patchStrategiesSource = (cache: string): string =>
  [
    "/** How strategic merge patches merge Kubernetes' lists. Generated: see `test/decide/apiserver/goTypes.test.ts`. */",
    "",
    "/** The lists that are merged, as `Type.field`, and the field by which their items are told apart; empty for scalars. All others are replaced. */",
    "export const patchStrategies: { readonly [field: string]: string } = {",
    [...readGoTypes(cache).mergeKeys].map(([name, key]) => `  "${name}": ${JSON.stringify(key)}`).join(",\n"),
    "}",
    ""
  ].join("\n")

/** Go's type as Go prints it from anywhere: `*int64`, `[]v1.Container`, `map[v1.ResourceName]resource.Quantity`. */
const printedType = (go: string): string =>
  go
    .replace(/\[\]byte\b/g, "[]uint8")
    .replace(/\bmetav1\./g, "v1.")
    .replace(/(?<![\w.])([A-Z]\w*)/g, "v1.$1")

/** All structs that a pod template and Endpoints hold, each as the line of `goStructs.ts`; those of EndpointSlices have names that Endpoints have, too. */
const readGoStructs = (cache: string): ReadonlyMap<string, string> => {
  const structs = readStructs(
    cache,
    goSources.filter((file) => !file.includes("/discovery/"))
  )
  const lines = new Map<string, string>()
  const visit = (type: string): void => {
    const fields = structs.get(type)
    if (fields === undefined || lines.has(type)) return
    lines.set(
      type,
      fields.map(({ inline, json, name, type: go }) => `${name} ${inline ? "-" : json} ${printedType(go)}`).join(", ")
    )
    for (const field of fields) visit(/\w+$/.exec(field.type)?.[0] ?? "")
  }
  visit("PodTemplateSpec")
  visit("EndpointSubset")
  return sorted(lines)
}

/** The text of `goStructs.ts`. */
export const goStructsSource = (cache: string): string =>
  [
    "/** The structs that a pod template and Endpoints are made of, as Go prints them. Generated: see `test/decide/apiserver/goTypes.test.ts`. */",
    "",
    "/** By its name a list of `field json type`, every field in the order of Go; the JSON of an embedded struct is `-`, its fields are its holder's. */",
    "export const goStructs: { readonly [type: string]: string } = {",
    [...readGoStructs(cache)].map(entry).join(",\n"),
    "}",
    ""
  ].join("\n")
