/** The body of a request as JSON, whatever form it came in. */
import { badRequest, duplicateFields, isJsonObject, type Json, type JsonObject, type Status } from "@kubereel/core"
import { Result } from "effect"
import { negotiateBody, type WireFormat } from "../wire/negotiate.ts"
import { decodeProtobuf, type KindOfBody } from "../wire/protobuf.ts"
import { fromYaml } from "../wire/yaml.ts"
import { type ApiRequest, headerOf } from "./Reply.ts"

const decoder = new TextDecoder("utf-8", { fatal: false })

const fromJson = (text: string): Result.Result<Json, string> => {
  try {
    return Result.succeed(JSON.parse(text) as Json)
  } catch (cause) {
    return Result.fail(cause instanceof Error ? cause.message : String(cause))
  }
}

const decoded = (bytes: Uint8Array, format: WireFormat, expected?: KindOfBody): Result.Result<Json, Status> => {
  const read =
    format === "protobuf"
      ? decodeProtobuf(bytes, expected)
      : (format === "yaml" ? fromYaml : fromJson)(decoder.decode(bytes))
  return Result.mapError(read, (problem) => badRequest(`the object provided is unrecognized: ${problem}`))
}

/** The object that a request brings; `{}` for an empty body. `expected`: its kind, should it not say it. */
export const bodyObject = ({ body, headers }: ApiRequest, expected?: KindOfBody): Result.Result<JsonObject, Status> => {
  const format = negotiateBody(headerOf({ headers }, "content-type"))
  if (Result.isFailure(format)) return Result.fail(format.failure)
  if (body.length === 0) return Result.succeed({})
  const object = decoded(body, format.success, expected)
  if (Result.isFailure(object)) return Result.fail(object.failure)
  return isJsonObject(object.success)
    ? Result.succeed(object.success)
    : Result.fail(badRequest("the object provided is unrecognized (must be of type Object)"))
}

/** What a body of JSON says more than once; in YAML that is an error, and in protobuf it cannot be. */
export const duplicatesIn = ({ body, headers }: ApiRequest): ReadonlyArray<string> => {
  const format = negotiateBody(headerOf({ headers }, "content-type"))
  return Result.isSuccess(format) && format.success === "json" ? duplicateFields(decoder.decode(body)) : []
}

/** A patch: JSON, but for server-side apply, which is YAML. */
export const bodyPatch = (bytes: Uint8Array, yaml: boolean): Result.Result<Json, Status> =>
  decoded(bytes, yaml ? "yaml" : "json")
