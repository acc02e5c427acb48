/** The checks of the level `baseline`, in the order of their ids (`k8s.io/pod-security-admission/policy/check_*.go`). */
import type { Json, JsonObject } from "../../../../event/Json.ts"
import { entries, integer, mapping, specOf, text } from "../../fields.ts"
import {
  badContainers,
  type Check,
  containersOf,
  hasOwnUsers,
  nameOf,
  plural,
  quoted,
  saying,
  securityOf,
  setters,
  sorted,
  those,
  verb
} from "./podParts.ts"

const annotationsOf = (pod: JsonObject): JsonObject => mapping(mapping(pod, "metadata"), "annotations")
const listOf = (value: Json | undefined): ReadonlyArray<string> => (Array.isArray(value) ? value.map(String) : [])

const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"

const appArmorProfile: Check = (pod) => {
  const { containers, own } = saying(pod, "appArmorProfile")
  const bad = (profile: JsonObject) => !["RuntimeDefault", "Localhost"].includes(text(profile, "type"))
  const wrong = containers.filter(({ said }) => bad(said))
  const annotations = annotationsOf(pod)
  const forbidden = Object.keys(annotations)
    .filter((key) => key.startsWith(APP_ARMOR) && !/^($|runtime\/default$|localhost\/)/.test(text(annotations, key)))
    .map((key) => `${key}=${JSON.stringify(annotations[key])}`)
    .sort()
  const ownIsBad = own !== undefined && bad(own)
  const types = sorted([...(ownIsBad ? [own] : []), ...wrong.map(({ said }) => said)].map((said) => text(said, "type")))
  const who = [
    setters(
      ownIsBad,
      wrong.map(({ name }) => name)
    ),
    forbidden.length === 0 ? "" : plural("annotation", forbidden.length)
  ].filter((part) => part !== "")
  if (who.length === 0) return undefined
  const values = [...types, ...forbidden]
  return {
    reason: plural("forbidden AppArmor profile", values.length),
    detail: `${who.join(" and ")} must not set AppArmor profile type to ${quoted(values)}`
  }
}

const harmless = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " "
  )
)

export const addedOf = (container: JsonObject): ReadonlyArray<string> =>
  listOf(mapping(securityOf(container), "capabilities")["add"])

export const capabilitiesBaseline: Check = (pod) => {
  const bad = (container: JsonObject) => addedOf(container).filter((one) => !harmless.has(one))
  const names = badContainers(pod, (container) => bad(container).length > 0)
  if (names.length === 0) return undefined
  const values = quoted(sorted(containersOf(pod).flatMap(bad)))
  const detail = `${those("container", names)} must not include ${values} in securityContext.capabilities.add`
  return { reason: "non-default capabilities", detail }
}

const hostNamespaces: Check = (pod) => {
  const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => specOf(pod)[field] === true)
  if (shared.length === 0) return undefined
  return { reason: "host namespaces", detail: shared.map((field) => `${field}=true`).join(", ") }
}

export const hostPathVolumes: Check = (pod) => {
  const names = entries(specOf(pod), "volumes")
    .filter((volume) => (volume["hostPath"] ?? null) !== null)
    .map(nameOf)
  return names.length === 0 ? undefined : { reason: "hostPath volumes", detail: those("volume", names) }
}

const hostPorts: Check = (pod) => {
  const ports = (container: JsonObject) =>
    entries(container, "ports").flatMap((port) => (integer(port, "hostPort") ?? 0) || [])
  const names = badContainers(pod, (container) => ports(container).length > 0)
  if (names.length === 0) return undefined
  const used = sorted(containersOf(pod).flatMap(ports).map(String))
  const detail = `${those("container", names)} ${verb(names.length)} ${plural("hostPort", used.length)} ${used.join(", ")}`
  return { reason: "hostPort", detail }
}

const hostsOf = (container: JsonObject): ReadonlyArray<string> => {
  const lifecycle = mapping(container, "lifecycle")
  const handlers = [
    ...["livenessProbe", "readinessProbe", "startupProbe"].map((name) => mapping(container, name)),
    ...["postStart", "preStop"].map((name) => mapping(lifecycle, name))
  ]
  return handlers
    .flatMap((handler) => ["httpGet", "tcpSocket"].map((kind) => text(mapping(handler, kind), "host")))
    .filter((host) => host !== "")
}

const hostProbesAndHostLifecycle: Check = (pod, minor) => {
  const names = sorted(badContainers(pod, (container) => hostsOf(container).length > 0))
  if (minor < 34 || names.length === 0) return undefined
  const hosts = sorted(containersOf(pod).flatMap(hostsOf))
  const what = plural("probe or lifecycle host", hosts.length)
  return {
    reason: "probe or lifecycle host",
    detail: `${those("container", names)} ${verb(names.length)} ${what} ${quoted(hosts)}`
  }
}

const privileged: Check = (pod) => {
  const names = badContainers(pod, (container) => securityOf(container)["privileged"] === true)
  if (names.length === 0) return undefined
  return { reason: "privileged", detail: `${those("container", names)} must not set securityContext.privileged=true` }
}

export const procMountAlways: Check = (pod) => {
  const mount = (container: JsonObject) => text(securityOf(container), "procMount")
  const bad = (container: JsonObject) => !["", "Default"].includes(mount(container))
  const names = badContainers(pod, bad)
  if (names.length === 0) return undefined
  const types = quoted(sorted(containersOf(pod).filter(bad).map(mount)))
  return {
    reason: "procMount",
    detail: `${those("container", names)} must not set securityContext.procMount to ${types}`
  }
}

export const procMount: Check = (pod, minor) =>
  minor >= 35 && hasOwnUsers(pod) ? undefined : procMountAlways(pod, minor)

const seLinuxOptions: Check = (pod, minor) => {
  const allowed = ["", "container_t", "container_init_t", "container_kvm_t"]
  if (minor >= 31) allowed.push("container_engine_t")
  const { containers, own } = saying(pod, "seLinuxOptions")
  const isSet = (options: JsonObject, field: string) => text(options, field) !== ""
  const bad = (options: JsonObject) =>
    !allowed.includes(text(options, "type")) || isSet(options, "user") || isSet(options, "role")
  const wrong = containers.filter(({ said }) => bad(said))
  const who = setters(
    own !== undefined && bad(own),
    wrong.map(({ name }) => name)
  )
  if (who === "") return undefined
  const all = [...(own === undefined ? [] : [own]), ...containers.map(({ said }) => said)]
  const types = sorted(all.map((options) => text(options, "type")).filter((type) => !allowed.includes(type)))
  const what = [
    ...(types.length > 0 ? [those("type", types)] : []),
    ...["user", "role"]
      .filter((field) => all.some((one) => isSet(one, field)))
      .map((field) => `${field} may not be set`)
  ]
  return {
    reason: "seLinuxOptions",
    detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join("; ")}`
  }
}

const SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"

/** Before 1.19 there were annotations only. */
const seccompAnnotations: Check = (pod) => {
  const annotations = annotationsOf(pod)
  const keys = [SECCOMP, ...containersOf(pod).map((container) => `${SECCOMP_CONTAINER}${nameOf(container)}`)]
  const bad = keys.filter((key) => !/^(runtime\/default$|docker\/default$|localhost\/)/.test(text(annotations, key)))
  const told = sorted(
    bad.filter((key) => Object.hasOwn(annotations, key)).map((key) => `${key}=${JSON.stringify(annotations[key])}`)
  )
  if (told.length === 0) return undefined
  return { reason: "seccompProfile", detail: `forbidden ${plural("annotation", told.length)} ${told.join(", ")}` }
}

export const isSafeSeccomp = (profile: JsonObject): boolean =>
  ["RuntimeDefault", "Localhost"].includes(text(profile, "type"))

export const unsafeSeccomp: Check = (pod) => {
  const { containers, own } = saying(pod, "seccompProfile")
  const wrong = containers.filter(({ said }) => !isSafeSeccomp(said))
  const ownIsBad = own !== undefined && !isSafeSeccomp(own)
  const who = setters(
    ownIsBad,
    wrong.map(({ name }) => name)
  )
  if (who === "") return undefined
  const types = [...(ownIsBad ? [own] : []), ...wrong.map(({ said }) => said)].map((profile) => text(profile, "type"))
  const detail = `${who} must not set securityContext.seccompProfile.type to ${quoted(sorted(types))}`
  return { reason: "seccompProfile", detail }
}

export const seccompProfileBaseline: Check = (pod, minor) =>
  minor < 19 ? seccompAnnotations(pod, minor) : unsafeSeccomp(pod, minor)

/** By the version since which each may be set. */
const sysctlsSince: ReadonlyArray<readonly [minor: number, names: string]> = [
  [
    0,
    "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_unprivileged_port_start"
  ],
  [27, "net.ipv4.ip_local_reserved_ports"],
  [
    29,
    "net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes"
  ],
  [32, "net.ipv4.tcp_rmem net.ipv4.tcp_wmem"]
]

const sysctls: Check = (pod, minor) => {
  const allowed = sysctlsSince.filter(([since]) => minor >= since).flatMap(([, names]) => names.split(" "))
  const names = entries(securityOf(specOf(pod)), "sysctls")
    .map(nameOf)
    .filter((name) => !allowed.includes(name))
  return names.length === 0 ? undefined : { reason: "forbidden sysctls", detail: names.join(", ") }
}

const windowsHostProcess: Check = (pod) => {
  const isHost = (options: JsonObject | undefined) => options?.["hostProcess"] === true
  const { containers, own } = saying(pod, "windowsOptions")
  const who = setters(
    isHost(own),
    containers.filter(({ said }) => isHost(said)).map(({ name }) => name)
  )
  if (who === "") return undefined
  return { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` }
}

export const baselineChecks: ReadonlyArray<Check> = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess
]
