/** Nodes as rows (`printNode`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { age, at, itemsAt, nameOf, orElse, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer, wide } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Status", "The status of the node"),
  column("Roles", "The roles of the node"),
  ageColumn,
  column("Version", "Kubelet Version reported by the node."),
  wide(
    "Internal-IP",
    "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP)."
  ),
  wide(
    "External-IP",
    "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP)."
  ),
  wide("OS-Image", "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy))."),
  wide("Kernel-Version", "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64)."),
  wide(
    "Container-Runtime",
    "ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2)."
  )
]

export const printNode = printer(columns, (node, now) => {
  const { nodeInfo } = statusOf(node)
  const info = isJsonObject(nodeInfo) ? nodeInfo : {}
  const architecture = textAt(info, "architecture")
  return [
    nameOf(node),
    statusCell(node),
    orElse(rolesOf(at(node.metadata, "labels")).join(","), "<none>"),
    age(node, now),
    textAt(info, "kubeletVersion"),
    addressOf(node, "InternalIP"),
    addressOf(node, "ExternalIP"),
    orElse(textAt(info, "osImage"), "<unknown>"),
    `${orElse(textAt(info, "kernelVersion"), "<unknown>")}${architecture === "" ? "" : ` (${architecture})`}`,
    orElse(textAt(info, "containerRuntimeVersion"), "<unknown>")
  ]
})

/** The last condition of that type counts. */
const statusCell = (node: KubernetesObject): string => {
  const ready = itemsAt(statusOf(node), "conditions").findLast(({ type }) => type === "Ready")
  const told = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady"
  return specOf(node)["unschedulable"] === true ? `${told},SchedulingDisabled` : told
}

const rolePrefix = "node-role.kubernetes.io/"

/** `findNodeRoles`: from labels that name one, and from the label whose value is one. */
const rolesOf = (labels: JsonObject): ReadonlyArray<string> => {
  const roles = Object.keys(labels).map((key) =>
    key.startsWith(rolePrefix) ? key.slice(rolePrefix.length) : key === "kubernetes.io/role" ? textAt(labels, key) : ""
  )
  return [...new Set(roles)].filter((role) => role !== "").sort()
}

const addressOf = (node: KubernetesObject, wanted: string): string => {
  const found = itemsAt(statusOf(node), "addresses").find(({ type }) => type === wanted)
  return found === undefined ? "<none>" : textAt(found, "address")
}
