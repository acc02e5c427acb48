/**
 * The variables of a container that the kubelet sets, by name (`pkg/kubelet/kubelet_pods.go`, makeEnvironmentVariables; K-390, K-392).
 * What a process or its image sets beside them, HOSTNAME for one, is not among them.
 */
import { textOfBase64 } from "../../event/base64.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { ContainerSpec, KubernetesObject } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import type { ConfigKind, ConfigLookup } from "./objectReferences.ts"
import { expandWith } from "./prober/expansion.ts"

export interface EnvironmentView {
  readonly pod: Pod
  readonly lookup: ConfigLookup
  readonly hostIPs: ReadonlyArray<string>
  readonly podIPs: ReadonlyArray<string>
}

/** The cluster's own Service is there for every pod, whether it wants links to Services or not. */
const serviceLinks: ReadonlyArray<readonly [name: string, value: string]> = [
  ["KUBERNETES_SERVICE_HOST", "10.96.0.1"],
  ["KUBERNETES_SERVICE_PORT", "443"],
  ["KUBERNETES_SERVICE_PORT_HTTPS", "443"],
  ["KUBERNETES_PORT", "tcp://10.96.0.1:443"],
  ["KUBERNETES_PORT_443_TCP", "tcp://10.96.0.1:443"],
  ["KUBERNETES_PORT_443_TCP_PROTO", "tcp"],
  ["KUBERNETES_PORT_443_TCP_PORT", "443"],
  ["KUBERNETES_PORT_443_TCP_ADDR", "10.96.0.1"]
]

const dataOf = (kind: ConfigKind, object: KubernetesObject | undefined): ReadonlyMap<string, string> => {
  const data = object === undefined ? {} : mapping(object, "data")
  const read = (value: string) => (kind === "Secret" ? (textOfBase64(value) ?? "") : value)
  return new Map(Object.keys(data).map((key) => [key, read(text(data, key))]))
}

/** podFieldSelectorRuntimeValue: one label or annotation, or a field. */
const fieldValue = (path: string, { hostIPs, pod, podIPs }: EnvironmentView): string => {
  const [, map = "", key = ""] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? []
  const metadata: JsonObject = pod.metadata
  if (map !== "") return text(mapping(metadata, map), key)
  const fields: { readonly [path: string]: string } = {
    "metadata.name": pod.metadata.name,
    "metadata.namespace": pod.metadata.namespace ?? "",
    "metadata.uid": pod.metadata.uid ?? "",
    "spec.nodeName": pod.spec.nodeName ?? "",
    "spec.serviceAccountName": text(pod.spec, "serviceAccountName"),
    "status.hostIP": hostIPs[0] ?? "",
    "status.hostIPs": hostIPs.join(","),
    "status.podIP": podIPs[0] ?? "",
    "status.podIPs": podIPs.join(",")
  }
  return fields[path] ?? ""
}

const configKinds = [
  ["ConfigMap", "configMapRef", "configMapKeyRef"],
  ["Secret", "secretRef", "secretKeyRef"]
] as const

/** `undefined`: the source is optional and not there, so there is no such variable. */
const valueFrom = (from: JsonObject, view: EnvironmentView): string | undefined => {
  if (isJsonObject(from["fieldRef"])) return fieldValue(text(from["fieldRef"], "fieldPath"), view)
  for (const [kind, , one] of configKinds) {
    const reference = mapping(from, one)
    if (from[one] !== undefined)
      return dataOf(kind, view.lookup(kind, text(reference, "name"))).get(text(reference, "key"))
  }
  // A resource: some number, whichever.
  return from["resourceFieldRef"] === undefined ? "" : "1"
}

export const environmentValues = (container: ContainerSpec, view: EnvironmentView): ReadonlyMap<string, string> => {
  const own = new Map<string, string>()
  for (const from of entries(container, "envFrom"))
    for (const [kind, whole] of configKinds)
      if (from[whole] !== undefined)
        for (const [key, value] of dataOf(kind, view.lookup(kind, text(mapping(from, whole), "name"))))
          own.set(text(from, "prefix") + key, value)
  const services = new Map(serviceLinks)
  for (const variable of entries(container, "env")) {
    const literal = text(variable, "value")
    const value =
      literal === ""
        ? valueFrom(mapping(variable, "valueFrom"), view)
        : expandWith(literal, (name) => own.get(name) ?? services.get(name))
    if (value !== undefined) own.set(text(variable, "name"), value)
  }
  return new Map([...services, ...own])
}
