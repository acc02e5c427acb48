/** Sysctls that a pod may set (`pkg/kubelet/sysctl/allowlist.go`, `safe_sysctls.go`, `component-helpers/node/util/sysctl/namespace.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { type PodAdmitHandler, refusal } from "./PodAdmitHandler.ts"

type Namespace = "IPC" | "Net"

/** On a kernel that namespaces all of them; nothing unsafe is allowed unless a node is told to. */
const safe: { readonly [sysctl: string]: Namespace } = {
  "kernel.shm_rmid_forced": "IPC",
  "net.ipv4.ip_local_port_range": "Net",
  "net.ipv4.tcp_syncookies": "Net",
  "net.ipv4.ping_group_range": "Net",
  "net.ipv4.ip_unprivileged_port_start": "Net",
  "net.ipv4.ip_local_reserved_ports": "Net",
  "net.ipv4.tcp_keepalive_time": "Net",
  "net.ipv4.tcp_fin_timeout": "Net",
  "net.ipv4.tcp_keepalive_intvl": "Net",
  "net.ipv4.tcp_keepalive_probes": "Net",
  "net.ipv4.tcp_rmem": "Net",
  "net.ipv4.tcp_wmem": "Net"
}

/** With slashes where the kernel's names have dots, unless the first separator is a slash (NormalizeName). */
const normalized = (name: string): string => {
  const first = /[./]/.exec(name)?.[0]
  return first === "/" ? name.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/")) : name
}

const problem = (name: string, host: { readonly IPC: boolean; readonly Net: boolean }): string | undefined => {
  const sysctl = normalized(name)
  const namespace = Object.hasOwn(safe, sysctl) ? safe[sysctl] : undefined
  if (namespace === undefined) return `${JSON.stringify(sysctl)} not allowlisted`
  return host[namespace] ? `${JSON.stringify(sysctl)} not allowed with host ${namespace} enabled` : undefined
}

export const admitSysctls: PodAdmitHandler = ({ pod: { spec } }) => {
  const context = spec["securityContext"] as { readonly sysctls?: ReadonlyArray<JsonObject> } | undefined
  const host = { IPC: spec["hostIPC"] === true, Net: spec.hostNetwork === true }
  for (const { name } of context?.sysctls ?? []) {
    const found = problem(String(name), host)
    if (found !== undefined) return refusal("SysctlForbidden", `forbidden sysctl: ${found}`)
  }
  return undefined
}
