/**
 * What the API server refuses of pods by their operating system (`pkg/apis/core/validation/validation.go`, validateOS,
 * validateLinux, validateWindows, validateWindowsSecurityContextOptions, validateWindowsHostProcessPod).
 */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import { mapping, text, visitContainers } from "./fields.ts"
import { dns1123Subdomain } from "./nameRules.ts"
import { type FieldError, fieldForbidden, invalid, invalidPointer, notSupported, required } from "./status.ts"

const MAX_SPEC_KIB = 64
const MAX_DOMAIN = 256
const MAX_USER = 104

const CONTROL = /\p{Cc}/u
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
const DNS = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`)
const DOTS_AND_SPACES = /^[. ]+$/
const BAD_USER = /["/\\:;|=,+*?<>@[\]]/

/** `DOMAIN\USER`, or a user alone. */
const userNameErrors = (name: string): ReadonlyArray<string> => {
  if (name === "") return ["runAsUserName cannot be an empty string"]
  if (CONTROL.test(name)) return ["runAsUserName cannot contain control characters"]
  const parts = name.split("\\")
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"]
  const [domain, user = ""] = parts.length === 2 ? parts : [undefined, name]
  const why = (wrong: boolean, message: string): ReadonlyArray<string> => (wrong ? [message] : [])
  return [
    ...why(
      domain !== undefined && domain.length >= MAX_DOMAIN,
      `runAsUserName's Domain length must be under ${MAX_DOMAIN} characters`
    ),
    ...why(
      domain !== undefined && !NET_BIOS.test(domain) && !DNS.test(domain),
      "runAsUserName's Domain doesn't match the NetBios nor the DNS format"
    ),
    ...why(user === "", "runAsUserName's User cannot be empty"),
    ...why(user.length > MAX_USER, `runAsUserName's User length must not be longer than ${MAX_USER} characters`),
    ...why(DOTS_AND_SPACES.test(user), "runAsUserName's User cannot contain only periods or spaces"),
    ...why(BAD_USER.test(user), "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
  ]
}

/** `context`: of a pod or a container; `path`: where it stands. */
export const validateWindowsOptions = (context: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const [options, at] = [mapping(context, "windowsOptions"), `${path}.windowsOptions`]
  const check = (field: string, rule: (value: string) => ReadonlyArray<string>): ReadonlyArray<FieldError> => {
    const value = options[field]
    if (typeof value !== "string") return []
    return rule(value).map((message) => invalidPointer(`${at}.${field}`, value, message))
  }
  const specErrors = (spec: string): ReadonlyArray<string> => {
    if (spec === "") return ["gmsaCredentialSpec cannot be an empty string"]
    return spec.length > MAX_SPEC_KIB * 1024 ? [`gmsaCredentialSpec size must be under ${MAX_SPEC_KIB} KiB`] : []
  }
  return [
    ...check("gmsaCredentialSpecName", dns1123Subdomain),
    ...check("gmsaCredentialSpec", specErrors),
    ...check("runAsUserName", userNameErrors)
  ]
}

const hostProcessOf = (holder: JsonObject): boolean | undefined => {
  const value = mapping(mapping(holder, "securityContext"), "windowsOptions")["hostProcess"]
  return typeof value === "boolean" ? value : undefined
}

/** All containers are the host's own processes, or none is. */
export const validateHostProcess = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const [ofPod, containers] = [hostProcessOf(spec), visitContainers(spec)]
  const network = spec["hostNetwork"] === true
  const differing = containers.flatMap(({ at, item }) => {
    const own = hostProcessOf(item)
    if (own === undefined || ofPod === undefined || own === ofPod) return []
    const why = `pod hostProcess value must be identical if both are specified, was ${ofPod}`
    return [invalid(`${at}.securityContext.windowsOptions.hostProcess`, own, why)]
  })
  const count = containers.filter(({ item }) => hostProcessOf(item) ?? ofPod ?? false).length
  if (count === 0) return differing
  const all = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
  return [
    ...differing,
    ...(count === containers.length ? [] : [invalid("spec", "", all)]),
    ...(network
      ? []
      : [invalid("spec.hostNetwork", false, "hostNetwork must be true if pod contains any hostProcess containers")])
  ]
}

const CONTEXT = "securityContext"
const LINUX_ONLY = "cannot be set for a windows pod"

/** In the order in which Kubernetes looks at them: of the pod's spec, or of its security context. */
const ofPods: ReadonlyArray<readonly [holder: "spec" | typeof CONTEXT, field: string]> = [
  [CONTEXT, "appArmorProfile"],
  [CONTEXT, "seLinuxOptions"],
  ["spec", "hostUsers"],
  ["spec", "hostPID"],
  ["spec", "hostIPC"],
  [CONTEXT, "seccompProfile"],
  [CONTEXT, "fsGroup"],
  [CONTEXT, "fsGroupChangePolicy"],
  [CONTEXT, "sysctls"],
  ["spec", "shareProcessNamespace"],
  [CONTEXT, "runAsUser"],
  [CONTEXT, "runAsGroup"],
  [CONTEXT, "supplementalGroups"],
  [CONTEXT, "supplementalGroupsPolicy"],
  [CONTEXT, "seLinuxChangePolicy"]
]

const ofContainers = [
  ...["appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged"],
  ...["allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup"]
]

const isSet = (holder: JsonObject, field: string): boolean => {
  const value = holder[field]
  // These two are no pointers: `false` is the same as nothing.
  if (field === "hostPID" || field === "hostIPC") return value === true
  return value !== undefined && value !== null
}

const windowsErrors = (spec: JsonObject): ReadonlyArray<FieldError> => [
  ...ofPods
    .filter(([holder, field]) => isSet(holder === "spec" ? spec : mapping(spec, holder), field))
    .map(([holder, field]) =>
      fieldForbidden(holder === "spec" ? `spec.${field}` : `spec.${holder}.${field}`, LINUX_ONLY)
    ),
  ...visitContainers(spec).flatMap(({ at, item }) =>
    ofContainers
      .filter((field) => isSet(mapping(item, CONTEXT), field))
      .map((field) => fieldForbidden(`${at}.${CONTEXT}.${field}`, LINUX_ONLY))
  )
]

const linuxErrors = (spec: JsonObject): ReadonlyArray<FieldError> =>
  [{ at: "spec", item: spec }, ...visitContainers(spec)]
    .filter(({ item }) => isSet(mapping(item, CONTEXT), "windowsOptions"))
    .map(({ at }) => fieldForbidden(`${at}.${CONTEXT}.windowsOptions`, "windows options cannot be set for a linux pod"))

export const validateOS = (spec: JsonObject): ReadonlyArray<FieldError> => {
  if (!isJsonObject(spec["os"])) return []
  const name = text(spec["os"], "name")
  if (name === "") return [required("spec.os.name")]
  if (name === "linux") return linuxErrors(spec)
  return name === "windows" ? windowsErrors(spec) : [notSupported("spec.os", name, ["linux", "windows"])]
}
