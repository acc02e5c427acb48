/** Ports of a pod's containers that are in each other's way (`pkg/api/pod/warnings.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, integer, numbered, text } from "../fields.ts"

interface Port {
  readonly at: string
  readonly name: string
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: string
  readonly hostIP: string
}

const portAt = ({ at, item }: { readonly item: JsonObject; readonly at: string }): Port => ({
  at,
  name: text(item, "name"),
  hostPort: integer(item, "hostPort") ?? 0,
  containerPort: integer(item, "containerPort") ?? 0,
  protocol: text(item, "protocol"),
  hostIP: text(item, "hostIP")
})

/** As Go prints the struct. */
const shown = ({ containerPort, hostIP, hostPort, name, protocol }: Port): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`

const clash = (port: Port, other: Port): string | undefined => {
  if (port.hostIP === other.hostIP && port.hostPort === other.hostPort) return "duplicate"
  if (port.hostPort === 0 || other.hostPort === 0) return "overlapping"
  const oneHasAny = (port.hostIP === "") !== (other.hostIP === "")
  return port.hostPort === other.hostPort && oneHasAny ? "dangerously ambiguous" : undefined
}

const ofPort = (port: Port, before: ReadonlyArray<Port>): ReadonlyArray<string> => [
  ...(port.hostIP !== "" && port.hostPort === 0 ? [`${port.at}: hostIP set without hostPort: ${shown(port)}`] : []),
  ...before
    .filter(({ containerPort, protocol }) => containerPort === port.containerPort && protocol === port.protocol)
    .flatMap((other) => {
      const how = clash(port, other)
      return how === undefined ? [] : [`${port.at}: ${how} port definition with ${other.at}`]
    })
]

/** `containers`: all of them, with their paths. */
export const portWarnings = (
  containers: ReadonlyArray<{ readonly item: JsonObject; readonly at: string }>
): ReadonlyArray<string> => {
  const ports = containers.flatMap(({ at, item }) => numbered(entries(item, "ports"), `${at}.ports`).map(portAt))
  const first = new Map<string, string>()
  const named = ports.flatMap(({ at, name }) => {
    const other = first.get(name)
    if (name !== "" && other === undefined) first.set(name, at)
    return other === undefined
      ? []
      : [
          `${at}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`
        ]
  })
  return [...ports.flatMap((port, i) => ofPort(port, ports.slice(0, i))), ...named]
}
