/** What of a pod stands in an EndpointSlice (`k8s.io/endpointslice/utils.go`; C-338…C-340). */
import type { JsonObject } from "../../../event/Json.ts"
import type { ContainerSpec, KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, mapping, text } from "../../apiserver/fields.ts"
import { isPodReady } from "../podAvailability.ts"

/** ShouldPodBeInEndpoints: it has an address and has not ended. `withEnding`: pods that are about to end count, too. */
export const isInEndpoints = ({ metadata, status }: PodObject, withEnding: boolean): boolean =>
  status.phase !== "Failed" &&
  status.phase !== "Succeeded" &&
  (status.podIP ?? "") !== "" &&
  (withEnding || metadata.deletionTimestamp === undefined)

/** ShouldSetHostname: it has one that the Service makes known. */
export const setsHostname = ({ spec }: PodObject, { metadata }: KubernetesObject): boolean =>
  text(spec, "hostname") !== "" && text(spec, "subdomain") === metadata.name

export const endpointAddressesOf = ({ status }: PodObject): ReadonlyArray<string> =>
  (status.podIPs ?? []).map((one) => text(one, "ip")).filter((ip) => ip !== "" && !ip.includes(":"))

/** `zone`: of the pod's node. */
export const podToEndpoint = (pod: PodObject, service: KubernetesObject, zone: string | undefined): JsonObject => {
  const spec = mapping(service, "spec")
  const serving = isPodReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const ready = spec["publishNotReadyAddresses"] === true || (serving && !terminating)
  const { name, namespace = "", uid = "" } = pod.metadata
  return {
    addresses: endpointAddressesOf(pod),
    conditions: { ready, serving, terminating },
    ...(setsHostname(pod, service) ? { hostname: text(pod.spec, "hostname") } : {}),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...((pod.spec.nodeName ?? "") === "" ? {} : { nodeName: pod.spec.nodeName ?? "" }),
    ...(zone === undefined || zone === "" ? {} : { zone })
  }
}

const portOfName = (containers: ReadonlyArray<ContainerSpec>, name: string, protocol: string): number | undefined => {
  for (const { ports = [] } of containers) {
    const found = ports.find((port) => port.name === name && (text(port, "protocol") || "TCP") === protocol)
    if (found !== undefined) return found.containerPort
  }
  return undefined
}

/** FindPort: a name is looked for in the containers, then in the sidecars. */
export const findPort = ({ spec }: PodObject, port: JsonObject): number | undefined => {
  const target = port["targetPort"]
  if (typeof target === "number") return target
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always")
  return portOfName([...spec.containers, ...sidecars], String(target), text(port, "protocol"))
}

/** getEndpointPorts: without those that the pod does not have. */
export const endpointPorts = (service: KubernetesObject, pod: PodObject): ReadonlyArray<JsonObject> =>
  entries(mapping(service, "spec"), "ports").flatMap((port) => {
    const found = findPort(pod, port)
    if (found === undefined) return []
    const appProtocol = text(port, "appProtocol")
    return [
      {
        name: text(port, "name"),
        protocol: text(port, "protocol"),
        port: found,
        ...(appProtocol === "" ? {} : { appProtocol })
      }
    ]
  })

/** Which slices endpoints with these ports share (NewPortMapKey). */
export const portKey = (ports: ReadonlyArray<JsonObject>): string =>
  JSON.stringify(
    ports
      .map((port) => [
        text(port, "name"),
        text(port, "protocol"),
        integer(port, "port") ?? 0,
        text(port, "appProtocol")
      ])
      .map((port) => JSON.stringify(port))
      .sort()
  )
