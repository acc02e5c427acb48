/** What the API server refuses in a container's security context (`pkg/apis/core/validation/validation.go`, ValidateSecurityContext). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { integer, mapping, text } from "./fields.ts"
import { internalJson } from "./internalJson.ts"
import { between } from "./nameRules.ts"
import { type FieldError, invalid, notSupported, required } from "./status.ts"

const MAX_INT32 = 2_147_483_647

const idErrors = (context: JsonObject, field: string, path: string): ReadonlyArray<FieldError> => {
  const id = integer(context, field)
  return id === undefined || (id >= 0 && id <= MAX_INT32)
    ? []
    : [invalid(`${path}.${field}`, id, between(0, MAX_INT32))]
}

const procMountErrors = (mount: string, path: string, hostUsers: boolean): ReadonlyArray<FieldError> => {
  if (mount === "") return []
  if (mount === "Unmasked" && hostUsers) return [invalid(path, mount, "`hostUsers` must be false to use `Unmasked`")]
  return ["Default", "Unmasked"].includes(mount) ? [] : [notSupported(path, mount, ["Default", "Unmasked"])]
}

/** validateSeccompProfileField, ValidateAppArmorProfileField: profiles of the node have a name, others have none. */
const profileErrors = (profile: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const [type, local] = [text(profile, "type"), profile["localhostProfile"]]
  const needs = "must be set when seccomp type is Localhost"
  if (type === "") return [required(`${path}.type`, "type is required when seccompProfile is set")]
  if (type === "Localhost") return typeof local === "string" ? [] : [required(`${path}.localhostProfile`, needs)]
  return typeof local === "string"
    ? [invalid(`${path}.localhostProfile`, local, "can only be set when seccomp type is Localhost")]
    : []
}

/** `hostUsers`: the pod has no users of its own. */
export const validateSecurityContext = (
  context: JsonObject,
  path: string,
  hostUsers: boolean
): ReadonlyArray<FieldError> => {
  const added = mapping(context, "capabilities")["add"]
  const still = "cannot set `allowPrivilegeEscalation` to false and"
  const wrong = (what: string): FieldError =>
    invalid(path, internalJson("SecurityContext", context), `${still} ${what}`)
  const bounded = context["allowPrivilegeEscalation"] === false
  return [
    ...idErrors(context, "runAsUser", path),
    ...idErrors(context, "runAsGroup", path),
    ...procMountErrors(text(context, "procMount"), `${path}.procMount`, hostUsers),
    ...(isJsonObject(context["seccompProfile"])
      ? profileErrors(mapping(context, "seccompProfile"), `${path}.seccompProfile`)
      : []),
    ...(bounded && context["privileged"] === true ? [wrong("`privileged` to true")] : []),
    ...(bounded && Array.isArray(added) && added.includes("CAP_SYS_ADMIN")
      ? [wrong("`capabilities.Add` CAP_SYS_ADMIN")]
      : [])
  ]
}
