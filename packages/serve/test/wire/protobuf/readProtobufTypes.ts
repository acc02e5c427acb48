/** Reads how Kubernetes' API types are written as protobuf out of its Go sources, as the table in `src/wire/protobuf/protobufTypes.ts`. */
import { globSync, readFileSync } from "node:fs"
import { builtInResources } from "@kubereel/core"

const api = "k8s.io/api@v0.36.3"
const meta = "k8s.io/apimachinery@v0.36.3/pkg/apis/meta"

/** Where the types of a group are; of all others the first word of the name is the folder. */
const folders: { readonly [group: string]: string } = {
  "": `${api}/core`,
  "internal.apiserver.k8s.io": `${api}/apiserverinternal`,
  "apiextensions.k8s.io": "k8s.io/apiextensions-apiserver@v0.36.3/pkg/apis/apiextensions",
  "apiregistration.k8s.io": "k8s.io/kube-aggregator@v0.36.3/pkg/apis/apiregistration",
  "meta.k8s.io": meta
}

interface Package {
  /** `apps/v1`; what names of its types begin with. */
  readonly id: string
  readonly folder: string
}

const packageOf = (id: string): Package => {
  const [group = "", version = ""] = id.includes("/") ? id.split("/") : ["", id]
  return { id, folder: `${folders[group] ?? `${api}/${group.split(".")[0]}`}/${version}` }
}

/** Every version that is served, and what bodies and answers may be beside that. */
const packages = [
  ...new Set(builtInResources().map(({ group, version }) => (group === "" ? version : `${group}/${version}`))),
  "apidiscovery.k8s.io/v2",
  "meta.k8s.io/v1",
  "meta.k8s.io/v1beta1"
].map(packageOf)

/** In the module cache of Go (`go mod download k8s.io/kubernetes@v1.36.3`, and what it needs). */
export const protobufSources: ReadonlyArray<string> = packages.map(({ folder }) => folder)

interface Field {
  readonly name: string
  readonly go: string
  readonly json: string
  /** `omitempty`: of what can be empty. */
  readonly omitEmpty: boolean
  readonly omitZero: boolean
  readonly inline: boolean
  /** `undefined`: not written (the kind and the version of an object). */
  readonly number: number | undefined
}

interface Declarations {
  readonly of: Package
  readonly structs: ReadonlyMap<string, ReadonlyArray<Field>>
  readonly aliases: ReadonlyMap<string, string>
  /** By the name under which a file knows it; the files of a package agree about those. */
  readonly imports: ReadonlyMap<string, string>
  /** What is a message on the wire. */
  readonly messages: ReadonlySet<string>
}

const readFields = (body: string): ReadonlyArray<Field> =>
  [...body.matchAll(/^\t(?:(\w+)[ \t]+)?([\w.*[\]]+)[ \t]+`([^`\n]*)`/gm)].flatMap(([, name, go = "", tags = ""]) => {
    const [json = "", ...flags] = (/json:"([^"]*)"/.exec(tags)?.[1] ?? "").split(",")
    const protobuf = /protobuf:"\w+,(\d+),/.exec(tags)?.[1]
    if (json === "-") return []
    return [
      {
        name: name ?? go.split(".").at(-1) ?? "",
        go,
        json,
        omitEmpty: flags.includes("omitempty"),
        omitZero: flags.includes("omitzero"),
        inline: json === "",
        number: protobuf === undefined ? undefined : Number(protobuf)
      }
    ]
  })

const importsOf = (code: string): ReadonlyArray<readonly [string, string]> =>
  [...code.matchAll(/^(?:import )?[\t ]*(?:(\w+) )?"(k8s\.io\/[\w./-]+)"$/gm)].map(([, name, path = ""]) => [
    name ?? path.split("/").at(-1) ?? "",
    path
  ])

const declarationsOf = (cache: string, of: Package): Declarations => {
  const files = globSync("*.go", { cwd: `${cache}/${of.folder}` })
    .filter((file) => !/^(?:zz_)?generated|_test\.go$|fuzz/.test(file))
    .toSorted()
  const code = files.map((file) => readFileSync(`${cache}/${of.folder}/${file}`, "utf8").replace(/^\s*\/\/.*$/gm, ""))
  const proto = readFileSync(`${cache}/${of.folder}/generated.proto`, "utf8")
  const all = code.join("\n")
  return {
    of,
    structs: new Map(
      [...all.matchAll(/^type (\w+) struct ?\{(?:\}|\n(.*?)^\})/gms)].map(([, name = "", body = ""]) => [
        name,
        readFields(body)
      ])
    ),
    aliases: new Map([...all.matchAll(/^type (\w+) =? ?([\w.[\]]+)$/gm)].map(([, name = "", go = ""]) => [name, go])),
    imports: new Map(code.flatMap(importsOf)),
    messages: new Set([...proto.matchAll(/^message (\w+)/gm)].map(([, name = ""]) => name))
  }
}

const scalars = new Map([
  ["string", "string"],
  ["bool", "bool"],
  ["int32", "int32"],
  ["int64", "int64"],
  ["int", "int64"],
  ["uint32", "int64"],
  ["float64", "float64"],
  ["[]byte", "bytes"]
])

/** Types that write themselves otherwise than their fields say, by their package in Go. */
const special = new Map([
  ["k8s.io/apimachinery/pkg/api/resource.Quantity", "Quantity"],
  ["k8s.io/apimachinery/pkg/util/intstr.IntOrString", "IntOrString"],
  ["k8s.io/apimachinery/pkg/types.UID", "string"],
  ["k8s.io/apimachinery/pkg/types.NodeName", "string"],
  ["k8s.io/apimachinery/pkg/runtime.RawExtension", "RawExtension"],
  ["meta.k8s.io/v1.Time", "Time"],
  ["meta.k8s.io/v1.MicroTime", "MicroTime"],
  ["meta.k8s.io/v1.FieldsV1", "FieldsV1"],
  ["apiextensions.k8s.io/v1.JSON", "JSON"],
  ["apiextensions.k8s.io/v1.JSONSchemaPropsOrArray", "OrArray"],
  ["apiextensions.k8s.io/v1.JSONSchemaPropsOrBool", "OrBool"],
  ["apiextensions.k8s.io/v1.JSONSchemaPropsOrStringArray", "OrStringArray"]
])

/** Those of them that are structs. */
const structs = new Set([...special.values()].filter((type) => type !== "string"))

class Reader {
  readonly lines = new Map<string, string>()
  private readonly declarations: ReadonlyMap<string, Declarations>

  constructor(cache: string) {
    this.declarations = new Map(packages.map((of) => [of.id, declarationsOf(cache, of)]))
  }

  /** What the type of a field is: `*T`, `[]T`, `{}T`, a scalar, or a name with its package in front. */
  private expression(go: string, at: Declarations): string {
    const known = scalars.get(go)
    if (known !== undefined) return known
    if (go.startsWith("*")) return `*${this.expression(go.slice(1), at)}`
    if (go.startsWith("[]")) return `[]${this.expression(go.slice(2), at)}`
    const map = /^map\[[\w.]+\](.+)$/.exec(go)
    if (map !== null) return `{}${this.expression(map[1] ?? "", at)}`
    const [prefix, name = prefix ?? ""] = go.includes(".") ? go.split(".") : [undefined, go]
    const path = prefix === undefined ? undefined : at.imports.get(prefix)
    return this.named(
      name,
      prefix === undefined ? at : path === undefined ? undefined : this.packageAt(path),
      `${path}.${name}`
    )
  }

  private packageAt(path: string): Declarations | undefined {
    return [...this.declarations.values()].find(({ of }) => of.folder.replace(/@v[\d.]+/, "") === path)
  }

  private named(name: string, at: Declarations | undefined, path: string): string {
    const id = at === undefined ? path : `${at.of.id}.${name}`
    const other = special.get(id)
    if (other !== undefined) return other
    if (at?.structs.has(name)) {
      this.read(name, at)
      return id
    }
    const alias = at?.aliases.get(name)
    if (at === undefined || alias === undefined) throw new Error(`no Go type ${id}`)
    // A list that has a name of its own is a message on the wire.
    if (alias === "[]string" && at.messages.has(name)) return "Strings"
    return this.expression(alias, at)
  }

  private read(name: string, at: Declarations): void {
    const id = `${at.of.id}.${name}`
    if (this.lines.has(id)) return
    this.lines.set(id, "")
    const fields = at.structs.get(name) ?? []
    const isKind = fields.some(({ inline, name: field }) => inline && field === "TypeMeta")
    const line = fields.flatMap(({ go, inline, json, number, omitEmpty, omitZero }) => {
      if (number === undefined) return []
      const type = this.expression(go, at)
      const short = type.startsWith(`${at.of.id}.`) ? type.slice(at.of.id.length + 1) : type
      const own = short.replace(`]${at.of.id}.`, "]").replace(`}${at.of.id}.`, "}").replace(`*${at.of.id}.`, "*")
      // A struct is never empty.
      const isStruct = structs.has(type) || (/^[a-z]/.test(type) && type.includes("."))
      const omitted = omitZero || (omitEmpty && !isStruct)
      return `${number} ${inline ? "" : `${json}${omitted ? "?" : ""} `}${own}`
    })
    this.lines.set(id, `${isKind ? "@" : ""}${line.join(", ")}`)
  }

  all(): ReadonlyMap<string, string> {
    for (const at of this.declarations.values())
      for (const [name, fields] of at.structs)
        if (fields.some((field) => field.inline && field.name === "TypeMeta")) this.read(name, at)
    // Without their kind: on the wire they are within something else.
    const machinery = this.declarations.get("meta.k8s.io/v1")
    if (machinery !== undefined) this.read("WatchEvent", machinery)
    return new Map([...this.lines].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** The text of `protobufTypes.ts`. */
export const protobufTypesSource = (cache: string): string =>
  [
    "/** How Kubernetes' API types are written as protobuf. Generated: see `test/wire/protobuf/protobufTypes.test.ts`. */",
    "",
    "/**",
    " * By group, version and name (`apps/v1.Deployment`) the fields of a type in the order of Go: `number name type`, without a name if it is",
    " * a part of the object itself; `name?` is left out of the JSON when it is empty. A kind begins with `@`. Types: `*T` may be nil, `[]T`",
    " * is a list, `{}T` maps text to T; the rest are scalars and names of this table, of the same group and version if they say none.",
    " */",
    "export const protobufTypes: { readonly [type: string]: string } = {",
    [...new Reader(cache).all()]
      .map(([name, line]) => `  ${JSON.stringify(name)}: ${JSON.stringify(line)}`)
      .join(",\n"),
    "}",
    ""
  ].join("\n")
