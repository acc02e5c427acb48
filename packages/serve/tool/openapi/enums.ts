/**
 * Which values a field may have. The documents in the sources of Kubernetes are those that clients are generated from, and leave that out
 * (`hack/update-openapi-spec.sh`, OpenAPIEnums=false); a server knows it from its generated Go code, and says it.
 */
import type { JsonObject } from "@kubereel/core"

/** In the module cache of Go. */
export const definitionsSource = "k8s.io/kubernetes@v1.36.3/pkg/generated/openapi/zz_generated.openapi.go"

interface Enum {
  /** Of the field itself, or of what its list or its mapping holds. */
  readonly within: "items" | "additionalProperties" | undefined
  readonly values: ReadonlyArray<string>
  /** With what each value means. */
  readonly description: string | undefined
}

/** By the schema's name and the field. */
export type Enums = ReadonlyMap<string, ReadonlyMap<string, Enum>>

/** `k8sio_api_core_v1_Container` → `io.k8s.api.core.v1.Container`. */
const schemaName = (goName: string): string => {
  const [, group, version, type] = /^k8sio_api_(\w+)_(v\w+?)_(\w+)$/.exec(goName) ?? []
  if (group !== undefined) return `io.k8s.api.${group}.${version}.${type}`
  const [, versionOfExtensions, kind] = /^pkg_apis_apiextensions_(v\w+?)_(\w+)$/.exec(goName) ?? []
  if (kind === undefined) throw new Error(`cannot tell which schema ${goName} is`)
  return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${versionOfExtensions}.${kind}`
}

const MEANINGS = "Possible enum values:"
const PROPERTY = /^\t{5}"([^"]+)": \{$/
const DESCRIPTION = /^\t{7}Description:\s+("(?:[^"\\]|\\.)*"),$/
const VALUES = /^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$/

export const readEnums = (code: string): Enums => {
  const found = new Map<string, Map<string, Enum>>()
  let [schema, field] = ["", ""]
  let [within, description]: [Enum["within"], string | undefined] = [undefined, undefined]
  for (const line of code.split("\n")) {
    schema = /^func schema_(\w+)\(/.exec(line)?.[1] ?? schema
    const begun = PROPERTY.exec(line)?.[1]
    if (begun !== undefined) [field, within, description] = [begun, undefined, undefined]
    if (line.startsWith("\t\t\t\t\t\t\tItems: ")) within = "items"
    if (line.startsWith("\t\t\t\t\t\t\tAdditionalProperties: ")) within = "additionalProperties"
    const said = DESCRIPTION.exec(line)?.[1]
    if (said !== undefined) description = JSON.parse(said) as string
    const values = VALUES.exec(line)?.[1]
    if (values === undefined) continue
    const name = schemaName(schema)
    const fields = found.get(name) ?? new Map<string, Enum>()
    found.set(name, fields)
    const told = description?.includes(MEANINGS) === true ? description : undefined
    fields.set(field, { within, values: JSON.parse(`[${values}]`) as ReadonlyArray<string>, description: told })
  }
  return found
}

const property = (given: JsonObject, { description, values, within }: Enum): JsonObject => {
  const told: JsonObject = { ...given, ...(description === undefined ? {} : { description }) }
  return within === undefined
    ? { ...told, enum: values }
    : { ...told, [within]: { ...(told[within] as JsonObject), enum: values } }
}

/** The schemas of a document with the values that their fields may have. */
export const withEnums = (schemas: JsonObject, enums: Enums): JsonObject =>
  Object.fromEntries(
    Object.entries(schemas as { readonly [name: string]: JsonObject }).map(([name, schema]) => {
      const fields = enums.get(name)
      const properties = schema["properties"] as { readonly [field: string]: JsonObject } | undefined
      if (fields === undefined || properties === undefined) return [name, schema]
      const next = Object.entries(properties).map(([field, given]) => {
        const of = fields.get(field)
        return [field, of === undefined ? given : property(given, of)]
      })
      return [name, { ...schema, properties: Object.fromEntries(next) }]
    })
  )
