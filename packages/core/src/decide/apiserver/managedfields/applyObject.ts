/** A PATCH of type apply: refused as such, or carried out on what is there (`k8s.io/apiserver/pkg/endpoints/handlers/patch.go`, applyPatcher). */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { apiVersionOf, misfits } from "../apiTypes.ts"
import { pathText } from "../decodeObject.ts"
import { mapping, text } from "../fields.ts"
import { badRequest, fieldForbidden, invalidObject, rejected, type Status } from "../status.ts"
import { type Applied, applyManagedFields } from "./applyManagedFields.ts"
import type { ManagedFields } from "./ManagedFields.ts"
import type { Writer } from "./updateManagedFields.ts"
import { emptyObject, type VersionedKind } from "./versions.ts"

const shownKind = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`

/** What its type has no place for. Kubernetes names these as errors of its own. */
const undeclared = (
  of: VersionedKind & { readonly name: string; readonly namespace: string },
  body: JsonObject
): Status | undefined => {
  // Of kinds whose fields are not known, all of them are taken.
  if (apiVersionOf(of.kind) === undefined) return undefined
  const found = misfits(of.kind, body)
  const [mistyped] = found.filter((misfit) => misfit.kind === "type")
  if (mistyped !== undefined) return badRequest(mistyped.message)
  const lines = found.map(({ path }) => `.${pathText(path)}: field not declared in schema`)
  if (lines.length === 0) return undefined
  const version = of.apiVersion.includes("/") ? of.apiVersion : `/${of.apiVersion}`
  const why = lines.length === 1 ? lines[0] : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n")
  const object = `${of.namespace}/${of.name}; ${version}, Kind=${of.kind}`
  return rejected(500, `failed to create typed patch object (${object}): ${why}`)
}

/** ValidatePatchOptions: only an apply can take what others own. */
export const forceWithoutApply: Status = invalidObject({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [
  fieldForbidden("force", "may not be specified for non-apply patch")
])

const refusal = (
  of: VersionedKind & { readonly name: string; readonly namespace: string },
  body: Json
): Status | undefined => {
  if (!isJsonObject(body)) return badRequest("error decoding YAML: the applied configuration must be an object")
  const [apiVersion, kind] = [text(body, "apiVersion"), text(body, "kind")]
  if (apiVersion !== of.apiVersion || kind !== of.kind)
    return badRequest(`invalid object type: ${shownKind(apiVersion, kind)}`)
  const { managedFields, name, namespace = of.namespace } = mapping(body, "metadata")
  if (managedFields !== undefined && managedFields !== null) return badRequest("metadata.managedFields must be nil")
  if (name !== undefined && name !== of.name)
    return badRequest(`the name of the object (${String(name)}) does not match the name on the URL (${of.name})`)
  if (namespace !== of.namespace)
    return badRequest("the namespace of the provided object does not match the namespace sent on the request")
  return undeclared(of, body)
}

/** `live`: `undefined` if there is none yet. */
export const applyObject = (
  of: VersionedKind & { readonly name: string; readonly namespace: string },
  {
    body,
    entries,
    live
  }: { readonly body: Json; readonly entries: ManagedFields; readonly live: KubernetesObject | undefined },
  writer: Writer & { readonly force: boolean }
): Result.Result<Applied, Status> => {
  const refused = refusal(of, body)
  if (refused !== undefined) return Result.fail(refused)
  const config = body as JsonObject
  const named = { ...config, metadata: { ...mapping(config, "metadata"), name: of.name } }
  return applyManagedFields(of, { config: named, entries, live: live ?? emptyObject(of) }, writer)
}
