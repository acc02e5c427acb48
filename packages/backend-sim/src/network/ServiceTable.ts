/** Services and their EndpointSlices as somebody knows them who watches them (`pkg/proxy/servicechangetracker.go`, `pkg/proxy/endpointslicecache.go`). */
import { type DnsRecords, type KubernetesObject, SERVICE_NAME, type ServicePort, servicePorts } from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`
const serviceOf = ({ metadata }: KubernetesObject): string =>
  keyOf(metadata.namespace ?? "", metadata.labels?.[SERVICE_NAME] ?? "")

/** Everything under which connections to a port come in. */
const frontends = (port: ServicePort): ReadonlyArray<string> => [
  ...[port.clusterIP, ...port.externalIPs].map((ip) => `${port.protocol}/${ip}/${port.port}`),
  ...(port.nodePort === 0 ? [] : [`${port.protocol}//${port.nodePort}`])
]

export class ServiceTable implements DnsRecords {
  readonly #services = new Map<string, KubernetesObject>()
  readonly #slices = new Map<string, Map<string, KubernetesObject>>()
  /** By protocol, address (none: the node's own) and port. */
  readonly #ports = new Map<string, ServicePort>()

  copy(): ServiceTable {
    const made = new ServiceTable()
    for (const service of this.#services.values()) made.apply("ADDED", service)
    for (const slices of this.#slices.values()) for (const slice of slices.values()) made.apply("ADDED", slice)
    return made
  }

  apply(change: Change, object: KubernetesObject): void {
    if (object.kind === "Service") this.#applyService(change, object)
    else this.#applySlice(change, object)
  }

  service(namespace: string, name: string): KubernetesObject | undefined {
    return this.#services.get(keyOf(namespace, name))
  }

  slices(namespace: string, service: string): ReadonlyArray<KubernetesObject> {
    return this.slicesOf(keyOf(namespace, service))
  }

  /** `service`: namespace and name. */
  slicesOf(service: string): ReadonlyArray<KubernetesObject> {
    return [...(this.#slices.get(service)?.values() ?? [])]
  }

  /** The port of a Service that is reached under an address of its own. */
  portAt(protocol: string, ip: string, port: number): ServicePort | undefined {
    return this.#ports.get(`${protocol}/${ip}/${port}`)
  }

  /** The port of a Service that is reached under a node's address. */
  nodePort(protocol: string, port: number): ServicePort | undefined {
    return this.#ports.get(`${protocol}//${port}`)
  }

  #applyService(change: Change, service: KubernetesObject): void {
    const { name, namespace = "" } = service.metadata
    const key = keyOf(namespace, name)
    const before = this.#services.get(key)
    for (const port of before === undefined ? [] : servicePorts(before))
      for (const frontend of frontends(port))
        if (this.#ports.get(frontend)?.service === key) this.#ports.delete(frontend)
    if (change === "DELETED") {
      this.#services.delete(key)
      return
    }
    this.#services.set(key, service)
    for (const port of servicePorts(service)) for (const frontend of frontends(port)) this.#ports.set(frontend, port)
  }

  #applySlice(change: Change, slice: KubernetesObject): void {
    const key = serviceOf(slice)
    const slices = this.#slices.get(key) ?? new Map<string, KubernetesObject>()
    if (change === "DELETED") slices.delete(slice.metadata.name)
    else slices.set(slice.metadata.name, slice)
    if (slices.size === 0) this.#slices.delete(key)
    else this.#slices.set(key, slices)
  }
}
