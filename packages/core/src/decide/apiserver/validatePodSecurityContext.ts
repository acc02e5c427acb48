/** What the API server refuses in what a pod shares with its host and its containers (`pkg/apis/core/validation/validation.go`, validatePodSpecSecurityContext, validateHostUsers). */
import type { JsonObject } from "../../event/Json.ts"
import { entries, integer, integers, mapping, numbered, text, visitContainers } from "./fields.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
import { idErrors, validateAppArmorProfile, validateSeccompProfile } from "./validateSecurityContext.ts"
import { validateWindowsOptions } from "./validateWindows.ts"

const PATH = "spec.securityContext"
const SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
const SYSCTL = `^(${SEGMENT}[\\./])*${SEGMENT}$`
const SYSCTL_SHAPE = new RegExp(SYSCTL)
const MAX_SYSCTL = 253

/** The semaphores, shared memory and messages of the kernel are a namespace of their own (`component-helpers/node/util/sysctl`). */
const ofIpc = [
  ...["kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced", "kernel.shm"],
  ...["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.msg"]
]

/** NormalizeName: of `net/ipv4.x` the first separator says which one it is. */
const normalized = (name: string): string => {
  const first = /[./]/.exec(name)?.[0]
  if (first !== "/") return name
  return name.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"))
}

/** ValidateHostSysctl: what is the host's is not the pod's to set. */
const hostSysctlErrors = (name: string, spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const key = normalized(name).split("*")[0] ?? ""
  if (spec["hostNetwork"] === true && key.startsWith("net."))
    return [invalid(at, name, "may not be specified when 'hostNetwork' is true")]
  if (spec["hostIPC"] === true && (ofIpc.includes(key) || key.startsWith("fs.mqueue.")))
    return [invalid(at, name, "may not be specified when 'hostIPC' is true")]
  return []
}

const sysctlErrors = (context: JsonObject, spec: JsonObject): ReadonlyArray<FieldError> => {
  const names = new Set<string>()
  return numbered(entries(context, "sysctls"), `${PATH}.sysctls`).flatMap(({ at, item }) => {
    const [name, field] = [text(item, "name"), `${at}.name`]
    const ofName = (): ReadonlyArray<FieldError> => {
      if (name === "") return [required(field)]
      if (name.length > MAX_SYSCTL || !SYSCTL_SHAPE.test(name))
        return [invalid(field, name, `must have at most ${MAX_SYSCTL} characters and match regex ${SYSCTL}`)]
      return names.has(name) ? [duplicate(field, name)] : []
    }
    const errors = [...ofName(), ...hostSysctlErrors(name, spec, field)]
    names.add(name)
    return errors
  })
}

const oneOf = (context: JsonObject, field: string, supported: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const value = context[field]
  return typeof value !== "string" || supported.includes(value)
    ? []
    : [notSupported(`${PATH}.${field}`, value, supported)]
}

export const validatePodSecurityContext = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const context = mapping(spec, "securityContext")
  const both = spec["shareProcessNamespace"] === true && spec["hostPID"] === true
  return [
    ...["fsGroup", "runAsUser", "runAsGroup"].flatMap((field) => idErrors(integer(context, field), `${PATH}.${field}`)),
    ...integers(context, "supplementalGroups").flatMap((id, i) => idErrors(id, `${PATH}.supplementalGroups[${i}]`)),
    ...(both
      ? [invalid(`${PATH}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled")]
      : []),
    ...sysctlErrors(context, spec),
    ...oneOf(context, "fsGroupChangePolicy", ["Always", "OnRootMismatch"]),
    ...validateSeccompProfile(context, PATH),
    ...validateWindowsOptions(context, PATH),
    ...validateAppArmorProfile(context, PATH),
    ...oneOf(context, "supplementalGroupsPolicy", ["Merge", "Strict"]),
    ...oneOf(context, "seLinuxChangePolicy", ["Recursive"])
  ]
}

/** A pod with users of its own does not share the namespaces of the host. */
export const validateHostUsers = (spec: JsonObject): ReadonlyArray<FieldError> => {
  if (spec["hostUsers"] !== false) return []
  const shared: ReadonlyArray<readonly [field: string, path: string]> = [
    ["hostNetwork", "spec.hostNetwork"],
    ["hostPID", "spec.HostPID"],
    ["hostIPC", "spec.HostIPC"]
  ]
  const why = "when `hostUsers` is false"
  return [
    ...shared.filter(([field]) => spec[field] === true).map(([, path]) => fieldForbidden(path, why)),
    ...visitContainers(spec)
      .filter(({ item }) => entries(item, "volumeDevices").length > 0)
      .map(({ at }) => fieldForbidden(`${at}.volumeDevices`, why))
  ]
}
