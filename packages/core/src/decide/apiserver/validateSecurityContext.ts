/** What the API server refuses in a container's security context (`pkg/apis/core/validation/validation.go`, ValidateSecurityContext). */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { integer, mapping, text } from "./fields.ts"
import { internalJson } from "./internalJson.ts"
import { between } from "./nameRules.ts"
import { type FieldError, invalid, invalidPointer, notSupported, required, tooLong } from "./status.ts"
import { descending } from "./validateVolumeMounts.ts"
import { validateWindowsOptions } from "./validateWindows.ts"

const MAX_INT32 = 2_147_483_647

/** IsValidUserID, IsValidGroupID. */
export const idErrors = (id: number | undefined, path: string): ReadonlyArray<FieldError> =>
  id === undefined || (id >= 0 && id <= MAX_INT32) ? [] : [invalid(path, id, between(0, MAX_INT32))]

const procMountErrors = (mount: string, path: string, hostUsers: boolean): ReadonlyArray<FieldError> => {
  if (mount === "") return []
  if (mount === "Unmasked" && hostUsers) return [invalid(path, mount, "`hostUsers` must be false to use `Unmasked`")]
  return ["Default", "Unmasked"].includes(mount) ? [] : [notSupported(path, mount, ["Default", "Unmasked"])]
}

const types = ["Localhost", "RuntimeDefault", "Unconfined"]

/** validateSeccompProfileField: profiles of the node have a name, others have none. */
export const validateSeccompProfile = (context: JsonObject, path: string): ReadonlyArray<FieldError> => {
  if (!isJsonObject(context["seccompProfile"])) return []
  const profile = context["seccompProfile"]
  const [type, local, at] = [text(profile, "type"), profile["localhostProfile"], `${path}.seccompProfile`]
  const ofType = (): ReadonlyArray<FieldError> => {
    if (type === "") return [required(`${at}.type`, "type is required when seccompProfile is set")]
    return types.includes(type) ? [] : [notSupported(`${at}.type`, type, types)]
  }
  const ofName = (): ReadonlyArray<FieldError> => {
    const field = `${at}.localhostProfile`
    if (type === "Localhost")
      return typeof local === "string"
        ? descending(local, field)
        : [required(field, "must be set when seccomp type is Localhost")]
    if (typeof local !== "string") return []
    return [invalid(field, internalJson("SeccompProfile", profile), "can only be set when seccomp type is Localhost")]
  }
  return [...ofType(), ...ofName()]
}

/** As long as a path of Linux can be. */
const MAX_PROFILE = 4095

/** ValidateAppArmorProfileField. */
export const validateAppArmorProfile = (context: JsonObject, path: string): ReadonlyArray<FieldError> => {
  if (!isJsonObject(context["appArmorProfile"])) return []
  const profile = context["appArmorProfile"]
  const [type, local, at] = [text(profile, "type"), profile["localhostProfile"], `${path}.appArmorProfile`]
  const field = `${at}.localhostProfile`
  const needed = required(field, "must be set when AppArmor type is Localhost")
  if (type === "") return [required(`${at}.type`, "type is required when appArmorProfile is set")]
  if (!types.includes(type)) return [notSupported(`${at}.type`, type, types)]
  if (type !== "Localhost")
    return typeof local === "string"
      ? [invalidPointer(field, local, "can only be set when AppArmor type is Localhost")]
      : []
  if (typeof local !== "string") return [needed]
  return [
    ...(local.trim() === local ? [] : [invalid(field, local, "must not be padded with whitespace")]),
    ...(local === "" ? [needed] : []),
    ...(local.length > MAX_PROFILE ? [tooLong(field, MAX_PROFILE)] : [])
  ]
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
    ...idErrors(integer(context, "runAsUser"), `${path}.runAsUser`),
    ...idErrors(integer(context, "runAsGroup"), `${path}.runAsGroup`),
    ...procMountErrors(text(context, "procMount"), `${path}.procMount`, hostUsers),
    ...validateSeccompProfile(context, path),
    ...(bounded && context["privileged"] === true ? [wrong("`privileged` to true")] : []),
    ...(bounded && Array.isArray(added)
      ? added.filter((one) => one === "CAP_SYS_ADMIN").map(() => wrong("`capabilities.Add` CAP_SYS_ADMIN"))
      : []),
    ...validateWindowsOptions(context, path),
    ...validateAppArmorProfile(context, path)
  ]
}
