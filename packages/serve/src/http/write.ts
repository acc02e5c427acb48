/** POST, PUT, PATCH and DELETE (`k8s.io/apiserver/pkg/endpoints/handlers`: create.go, update.go, patch.go, delete.go). */
import {
  type Answer,
  badRequest,
  type DeleteOptions,
  groupVersionOf,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
  readFlag,
  type ServedCluster,
  type ServedWrite,
  type Status,
  type WriteOptions
} from "@kubereel/core"
import { Result } from "effect"
import type { Asked } from "./asked.ts"
import { bodyObject, bodyPatch, duplicatesIn } from "./body.ts"
import { readOptions } from "./options.ts"
import { type ApiRequest, headerOf, type Reply } from "./Reply.ts"
import { invalidWriteOption, notAllowed, readOnly, unknownPatchType } from "./refusals.ts"
import { representObject } from "./representation.ts"
import type { RequestInfo } from "./requestInfo.ts"

export interface Writing {
  readonly asked: Asked
  readonly info: RequestInfo
  readonly request: ApiRequest
}

const validations = ["Ignore", "Warn", "Strict"] as const

/** What the query says of the write; a body of DeleteOptions may say it instead. */
const writeOptions = ({ headers, query }: ApiRequest, body: JsonObject = {}): Result.Result<WriteOptions, Status> => {
  const dryRun = query.getAll("dryRun").concat(Array.isArray(body["dryRun"]) ? body["dryRun"].map(String) : [])
  const wrong = dryRun.find((value) => value !== "" && value !== "All")
  if (wrong !== undefined) return Result.fail(invalidWriteOption("dryRun", wrong, ["All"]))
  const asked = query.get("fieldValidation") ?? ""
  const fieldValidation = asked === "" ? "Warn" : validations.find((one) => one === asked)
  if (fieldValidation === undefined)
    return Result.fail(invalidWriteOption("fieldValidation", asked, ["", ...validations.toSorted()]))
  // DefaultFieldManager: the program's name as it stands in its User-Agent.
  const manager = query.get("fieldManager") || headerOf({ headers }, "user-agent")?.split("/")[0]
  return Result.succeed({
    dryRun: dryRun.includes("All"),
    fieldValidation,
    ...(manager === undefined || manager === "" ? {} : { fieldManager: manager.slice(0, 128) })
  })
}

const number = (value: string | null): number | undefined =>
  value === null || !/^-?\d+$/.test(value) ? undefined : Number(value)

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** C-129: the body has the word, the query only where there is none. */
const deleteOptions = (query: URLSearchParams, body: JsonObject): DeleteOptions => {
  const given = Object.keys(body).length > 0
  const preconditions = isJsonObject(body["preconditions"]) ? body["preconditions"] : undefined
  const asked = query.get("orphanDependents")
  const orphans = given ? body["orphanDependents"] : asked === null ? undefined : readFlag(asked)
  const orphaning = orphans === true ? "Orphan" : orphans === false ? "Background" : undefined
  const grace = given ? body["gracePeriodSeconds"] : number(query.get("gracePeriodSeconds"))
  return {
    gracePeriodSeconds: typeof grace === "number" ? grace : undefined,
    propagationPolicy: text(given ? body["propagationPolicy"] : query.get("propagationPolicy")) ?? orphaning,
    preconditions: preconditions && {
      uid: text(preconditions["uid"]),
      resourceVersion: text(preconditions["resourceVersion"])
    }
  }
}

const patchTypes: { readonly [mediaType: string]: "json" | "merge" | "strategic" | "apply" } = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply"
}

const patchOf = ({
  body,
  headers,
  query
}: ApiRequest): Result.Result<Extract<ServedWrite, { verb: "patch" }>["patch"], Status> => {
  const mediaType = headerOf({ headers }, "content-type")?.split(";")[0]?.trim() ?? ""
  const type = patchTypes[mediaType]
  if (type === undefined) return Result.fail(unknownPatchType(Object.keys(patchTypes)))
  const read = bodyPatch(body, type === "apply")
  if (Result.isFailure(read)) return Result.fail(read.failure)
  return Result.succeed(
    type === "apply" ? { type, body: read.success, force: readFlag(query.get("force")) } : { type, body: read.success }
  )
}

/** What a body is that does not say it: an object of the resource that is written. */
const kindOf = ({ of: { resource } }: Asked) => ({ apiVersion: groupVersionOf(resource), kind: resource.kind })

const writeOf = ({ asked, info, request }: Writing): Result.Result<ServedWrite, Status> => {
  const { method } = request
  const { name, subresource } = info
  const isDelete = method === "DELETE"
  const body =
    method === "PATCH" ? Result.succeed({}) : bodyObject(request, method === "DELETE" ? undefined : kindOf(asked))
  if (Result.isFailure(body)) return Result.fail(body.failure)
  const options = writeOptions(request, isDelete ? body.success : {})
  if (Result.isFailure(options)) return Result.fail(options.failure)
  const duplicates =
    isDelete || method === "PATCH" || options.success.fieldValidation === "Ignore" ? [] : duplicatesIn(request)
  const said = duplicates.length === 0 ? {} : { duplicateFields: duplicates }
  const base = { ...asked.of, ...options.success, ...said, subresource }
  if (method === "POST") {
    const object = body.success
    return Result.succeed({ ...base, verb: "create", object, ...(name === undefined ? {} : { name }) })
  }
  if (isDelete && name === undefined) return deletion(base, asked, request, body.success)
  if (name === undefined) return Result.fail(notAllowed)
  if (isDelete)
    return Result.succeed({ ...base, verb: "delete", name, options: deleteOptions(request.query, body.success) })
  if (method === "PUT") return Result.succeed({ ...base, verb: "update", name, object: body.success })
  if (method !== "PATCH") return Result.fail(notAllowed)
  return Result.map(patchOf(request), (patch) => ({ ...base, verb: "patch", name, patch }) as const)
}

const deletion = (
  base: Omit<Extract<ServedWrite, { verb: "deletecollection" }>, "verb" | "options" | "selects">,
  { of }: Asked,
  { query }: ApiRequest,
  body: JsonObject
): Result.Result<ServedWrite, Status> =>
  Result.map(readOptions(query, of.resource, { watching: false }), ({ selects = () => true }) => ({
    ...base,
    verb: "deletecollection",
    options: deleteOptions(query, body),
    selects
  }))

/** A pod's `exec`, `attach` and `portforward` are no writes: they ask for another protocol. */
const streams = new Set(["exec", "attach", "portforward"])

const isShown = (body: Answer["body"]): body is JsonObject & KubernetesObject =>
  isJsonObject(body["metadata"]) && body["kind"] !== "Status" && !String(body["kind"]).endsWith("List")

export const write = async (cluster: ServedCluster, writing: Writing): Promise<Reply> => {
  const { asked, info } = writing
  if (streams.has(info.subresource) && cluster.write !== undefined)
    return asked.refuse(badRequest("Upgrade request required"))
  const asking = writeOf(writing)
  const isTried = Result.isSuccess(asking) && asking.success.dryRun
  const carryOut = cluster.write ?? (isTried ? cluster.tryWrite : undefined)
  if (carryOut === undefined) return asked.refuse(readOnly)
  if (Result.isFailure(asking)) return asked.refuse(asking.failure)
  const { body, status, warnings } = await carryOut(asking.success)
  const object = isShown(body) && info.subresource === "" ? representObject(body, asked.shown) : body
  const reply = asked.reply(status, object)
  return warnings === undefined ? reply : { ...reply, warnings }
}
