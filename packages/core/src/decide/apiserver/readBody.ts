/** How the API server reads the body of a write that came over HTTP (`k8s.io/apiserver/pkg/endpoints/handlers/{create,update}.go`; C-001, C-043). */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { isKnownKind, type Misfit, misfits } from "./apiTypes.ts"
import { decodeObject, pathText } from "./decodeObject.ts"
import { text } from "./fields.ts"
import { type ApiResource, groupVersionOf } from "./RestStrategy.ts"
import { badRequest, type Status } from "./status.ts"

/** What becomes of fields that a kind does not have: refused, dropped with a warning, or dropped. */
export type FieldValidation = "Ignore" | "Warn" | "Strict"

export interface ReadBody {
  readonly object: JsonObject
  readonly warnings: ReadonlyArray<string>
}

type Path = ReadonlyArray<string | number>

/** `value` without what stands at the path; lists keep their other items. */
const without = (value: Json, [first, ...rest]: Path): Json => {
  if (Array.isArray(value)) return value.map((item: Json, i) => (i === first ? without(item, rest) : item))
  if (!isJsonObject(value) || first === undefined) return value
  const inner = value[first]
  if (rest.length > 0) return inner === undefined ? value : { ...value, [first]: without(inner, rest) }
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== first)) as JsonObject
}

/** The fields that its kind does not have, as they are named in warnings, and the object without them. */
export const withoutUnknown = (kind: string, object: JsonObject): ReadBody => {
  const unknown = misfits(kind, object).filter((misfit): misfit is Extract<Misfit, { kind: "unknown" }> => {
    return misfit.kind === "unknown"
  })
  return {
    object: unknown.reduce<Json>((rest, { path }) => without(rest, path), object) as JsonObject,
    warnings: unknown.map(({ path }) => `unknown field ${JSON.stringify(pathText(path))}`)
  }
}

const internalPackage = (group: string): string => (group === "" ? "core" : (group.split(".")[0] ?? ""))

/** An object of one kind cannot be read as another. */
const otherKind = (apiVersion: string, kind: string, resource: ApiResource): Status => {
  const version = apiVersion.split("/").at(-1) ?? ""
  const why = `converting (${version}.${kind}) to (${internalPackage(resource.group)}.${resource.kind}): unknown conversion`
  return badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}: ${why}`)
}

/** The body of a POST or PUT to that resource. What it does not say of its kind its path says. `duplicates`: fields that it says twice. */
export const readBody = (
  body: Json,
  resource: ApiResource,
  validation: FieldValidation,
  duplicates: ReadonlyArray<string> = []
): Result.Result<ReadBody, Status> => {
  if (!isJsonObject(body)) return Result.map(decodeObject(body), (object) => ({ object, warnings: [] }))
  const expected = groupVersionOf(resource)
  const [apiVersion, kind] = [text(body, "apiVersion") || expected, text(body, "kind") || resource.kind]
  if (kind !== resource.kind) return Result.fail(otherKind(apiVersion, kind, resource))
  if (apiVersion !== expected)
    return Result.fail(
      badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`)
    )
  const named = { ...body, apiVersion, kind }
  const isWhole = validation === "Strict" || !isKnownKind(apiVersion, kind)
  const { object, warnings } = isWhole ? { object: named, warnings: [] } : withoutUnknown(kind, named)
  const twice = duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`)
  return Result.map(decodeObject(object, validation === "Strict" ? duplicates : []), (decoded) => ({
    object: decoded,
    warnings: validation === "Warn" ? [...warnings, ...twice] : []
  }))
}
