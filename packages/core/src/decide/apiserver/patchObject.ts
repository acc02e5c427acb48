/** From a stored object and a PATCH's body to what the client asks to store (`k8s.io/apiserver/pkg/endpoints/handlers/patch.go`). */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { isKnownKind, misfits } from "./apiTypes.ts"
import { pathText } from "./decodeObject.ts"
import { goText } from "./goText.ts"
import { jsonPatch } from "./jsonPatch.ts"
import { mergePatch } from "./mergePatch.ts"
import { withoutUnknown } from "./readBody.ts"
import { badRequest, conflict, type GroupResource, invalid, invalidObject, rejected, type Status } from "./status.ts"
import { strategicMergePatch } from "./strategicMergePatch.ts"

export interface Patch {
  readonly type: "merge" | "strategic" | "json"
  readonly body: Json
}

/** A server-side apply. */
export interface ApplyPatch {
  readonly type: "apply"
  readonly body: Json
  /** Takes fields that others own. */
  readonly force?: boolean
}

type Patched = Result.Result<JsonObject, Status>

const wordOf = (value: Json): string =>
  Array.isArray(value)
    ? "array"
    : isJsonObject(value)
      ? "object"
      : typeof value === "boolean"
        ? "bool"
        : value === null
          ? "null"
          : typeof value

const unreadable = (body: Json, type: string): string =>
  `json: cannot unmarshal ${wordOf(body)} into Go value of type ${type}`

const applied = (object: KubernetesObject, { body, type }: Patch): Patched => {
  if (type === "json") {
    if (!Array.isArray(body))
      return Result.fail(badRequest(`error decoding patch: ${unreadable(body, "[]handlers.jsonPatchOp")}`))
    const patched = jsonPatch(object, body)
    return isJsonObject(patched) ? Result.succeed(patched) : Result.fail(rejected(422))
  }
  if (!isJsonObject(body)) {
    const problem = unreadable(body, "map[string]interface {}")
    return Result.fail(badRequest(type === "merge" ? `error decoding patch: ${problem}` : problem))
  }
  if (type === "merge") return Result.succeed(mergePatch(object, body) as JsonObject)
  const merged = strategicMergePatch(object, body, object.kind)
  if (Result.isSuccess(merged)) return Result.succeed(merged.success)
  const { code, message } = merged.failure
  return Result.fail(code === 400 ? badRequest(message) : rejected(code, message))
}

/** A patch may not make of the object what its type has no place for. */
const fits = (kind: string, patched: JsonObject, { body, type }: Patch): Status | undefined => {
  const found = misfits(kind, patched)
  const mistyped = found.find((misfit) => misfit.kind === "type")
  if (found.length === 0) return undefined
  const why =
    (type === "strategic" ? mistyped?.converted : mistyped?.message) ??
    `strict decoding error: ${found.map(({ path }) => `unknown field ${JSON.stringify(pathText(path))}`).join(", ")}`
  const shown = type === "strategic" ? goText(body) : JSON.stringify(patched)
  return invalidObject({ group: "", kind: "" }, "", [invalid("patch", shown, why)])
}

const known = (
  { apiVersion, kind }: KubernetesObject,
  patched: JsonObject,
  dropped: (warnings: ReadonlyArray<string>) => void
): JsonObject => {
  if (!isKnownKind(apiVersion, kind)) return patched
  const { object, warnings } = withoutUnknown(kind, patched)
  dropped(warnings)
  return object
}

/**
 * `object` as the patch wants it, its identity checked; what may be changed is the object's kind's to say. `dropped` hears of fields that
 * the kind does not have, which are left out then; without it they are refused.
 */
export const patchObject = (
  object: KubernetesObject,
  patch: Patch,
  resource: GroupResource,
  dropped?: (warnings: ReadonlyArray<string>) => void
): Patched => {
  const asked = applied(object, patch)
  if (Result.isFailure(asked)) return asked
  const patched = dropped === undefined ? asked.success : known(object, asked.success, dropped)
  const metadata = isJsonObject(patched["metadata"]) ? patched["metadata"] : {}
  const misfit = isKnownKind(object.apiVersion, object.kind) ? fits(object.kind, patched, patch) : undefined
  if (misfit !== undefined) return Result.fail(misfit)
  const { name, namespace, resourceVersion } = object.metadata
  if ((metadata["namespace"] ?? namespace) !== namespace)
    return Result.fail(
      badRequest("the namespace of the provided object does not match the namespace sent on the request")
    )
  if (metadata["name"] !== name)
    return Result.fail(
      badRequest(`the name of the object (${metadata["name"] ?? ""}) does not match the name on the URL (${name})`)
    )
  if ((metadata["resourceVersion"] ?? resourceVersion) !== resourceVersion) {
    const why = "the object has been modified; please apply your changes to the latest version and try again"
    return Result.fail(conflict(resource, name, why))
  }
  return Result.succeed(patched)
}
