/** How the API server reads a body: strictly, as kubectl asks for (`k8s.io/apiserver/pkg/endpoints/handlers/create.go`; C-001, C-043). */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { apiVersionOf, isKnownKind, type Misfit, misfits } from "./apiTypes.ts"
import { badRequest, type Status } from "./status.ts"

export const pathText = (path: Misfit["path"]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    ""
  )

const groupOf = (apiVersion: string): string => apiVersion.split("/")[0] ?? ""

/**
 * The body as an object of its kind, or 400.
 *
 * A wrong type is named alone, as Go's decoder stops there; unknown fields are named together. Kinds without a table of
 * types pass as they are. `duplicates`: what the text said more than once, which is named beside them.
 */
export const decodeObject = (body: Json, duplicates: ReadonlyArray<string> = []): Result.Result<JsonObject, Status> => {
  if (!isJsonObject(body))
    return Result.fail(badRequest("the object provided is unrecognized (must be of type Object)"))
  const { apiVersion, kind } = body
  if (typeof kind !== "string" || kind === "") return Result.fail(badRequest("Object 'Kind' is missing"))
  if (typeof apiVersion !== "string" || apiVersion === "")
    return Result.fail(badRequest("Object 'apiVersion' is missing"))
  const known = apiVersionOf(kind)
  if (known !== undefined && known !== apiVersion && groupOf(known) === groupOf(apiVersion) && known.includes("/")) {
    const why = `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`
    const version = JSON.stringify(apiVersion.split("/").at(-1))
    return Result.fail(badRequest(`${kind} in version ${version} cannot be handled as a ${kind}: ${why}`))
  }
  if (!isKnownKind(apiVersion, kind)) return Result.succeed(body)
  const found = misfits(kind, body)
  const version = apiVersion.split("/").at(-1) ?? apiVersion
  const refuse = (why: string) =>
    Result.fail(badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${why}`))
  const mistyped = found.find((misfit) => misfit.kind === "type")
  if (mistyped !== undefined) return refuse(mistyped.message)
  const problems = [
    ...found.map(({ path }) => `unknown field ${JSON.stringify(pathText(path))}`),
    ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`)
  ]
  return problems.length === 0 ? Result.succeed(body) : refuse(`strict decoding error: ${problems.join(", ")}`)
}
