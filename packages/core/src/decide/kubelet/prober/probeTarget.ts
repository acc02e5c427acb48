/** Whom a probe asks: host, port and command (`pkg/kubelet/prober/prober.go`, runProbe; `pkg/probe/util.go`; K-157, K-166, K-167). */
import type { ContainerSpec, Probe } from "../../../event/KubernetesObject.ts"
import { expand } from "./expansion.ts"

/** `net.JoinHostPort`: an IPv6 address stands in brackets. */
export const hostPort = (host: string, port: number): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`

/** A port by number or by name, or why there is none (ResolveContainerPort). */
export const resolveContainerPort = (
  port: number | string,
  container: Pick<ContainerSpec, "ports">
): { readonly port: number } | { readonly error: string } => {
  const named = typeof port === "string" ? container.ports?.find(({ name }) => name === port)?.containerPort : port
  const number = named ?? (/^[+-]?\d+$/.test(String(port)) ? Number(port) : undefined)
  if (number === undefined) return { error: `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax` }
  return number > 0 && number < 65_536 ? { port: number } : { error: `invalid port number: ${number}` }
}

export type ProbeTarget =
  | { readonly _tag: "Exec"; readonly command: ReadonlyArray<string> }
  | {
      readonly _tag: "Http"
      readonly scheme: string
      readonly host: string
      readonly port: number
      readonly path: string
    }
  | { readonly _tag: "Tcp"; readonly host: string; readonly port: number }
  | { readonly _tag: "Grpc"; readonly host: string; readonly port: number; readonly service: string }
  | { readonly _tag: "Error"; readonly error: string }

/** `podIP`: as the status manager has it; before it is known the host is empty. */
export const probeTarget = (probe: Probe, container: ContainerSpec, podIP: string): ProbeTarget => {
  const { exec, grpc, httpGet, tcpSocket } = probe
  if (exec !== undefined)
    return { _tag: "Exec", command: (exec.command ?? []).map((part) => expand(part, container.env ?? [])) }
  if (httpGet !== undefined) {
    const resolved = resolveContainerPort(httpGet.port, container)
    if ("error" in resolved) return { _tag: "Error", error: resolved.error }
    const scheme = (httpGet.scheme ?? "HTTP").toLowerCase()
    return { _tag: "Http", scheme, host: httpGet.host || podIP, port: resolved.port, path: httpGet.path ?? "" }
  }
  if (tcpSocket !== undefined) {
    const resolved = resolveContainerPort(tcpSocket.port, container)
    return "error" in resolved
      ? { _tag: "Error", error: resolved.error }
      : { _tag: "Tcp", host: tcpSocket.host || podIP, port: resolved.port }
  }
  if (grpc !== undefined) return { _tag: "Grpc", host: podIP, port: grpc.port, service: grpc.service ?? "" }
  return { _tag: "Error", error: "missing probe handler" }
}
