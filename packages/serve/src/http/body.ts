/** The body of a request as JSON, whatever form it came in. */
import { badRequest, isJsonObject, type Json, type JsonObject, type Status } from "@kubereel/core"
import { Result } from "effect"
import { parse } from "yaml"
import { negotiateBody, type WireFormat } from "../wire/negotiate.ts"
import { type ApiRequest, headerOf } from "./Reply.ts"

const decoder = new TextDecoder("utf-8", { fatal: false })

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const decoded = (bytes: Uint8Array, format: WireFormat): Result.Result<Json, Status> => {
  const text = decoder.decode(bytes)
  try {
    return Result.succeed(
      format === "yaml" ? (parse(text, { maxAliasCount: 100 }) as Json) : (JSON.parse(text) as Json)
    )
  } catch (cause) {
    return Result.fail(badRequest(`the object provided is unrecognized: ${messageOf(cause)}`))
  }
}

/** The object that a request brings; `{}` for an empty body. */
export const bodyObject = ({ body, headers }: ApiRequest): Result.Result<JsonObject, Status> => {
  const format = negotiateBody(headerOf({ headers }, "content-type"))
  if (Result.isFailure(format)) return Result.fail(format.failure)
  if (body.length === 0) return Result.succeed({})
  const object = decoded(body, format.success)
  if (Result.isFailure(object)) return Result.fail(object.failure)
  return isJsonObject(object.success)
    ? Result.succeed(object.success)
    : Result.fail(badRequest("the object provided is unrecognized (must be of type Object)"))
}

/** A patch: JSON, but for server-side apply, which is YAML. */
export const bodyPatch = (bytes: Uint8Array, yaml: boolean): Result.Result<Json, Status> =>
  decoded(bytes, yaml ? "yaml" : "json")
