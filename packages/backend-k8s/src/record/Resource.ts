/** A kind of object as the API serves it: where it is listed and watched. */
import { groupVersionOf, resourceName } from "@kubereel/core"

export interface Resource {
  /** As kubectl names it: `pods`, `deployments.apps`. */
  readonly name: string
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
}

export const resourceOf = (parts: Omit<Resource, "name">): Resource => ({
  name: resourceName({ group: parts.group, resource: parts.plural }),
  ...parts
})

const resource = (group: string, plural: string, kind: string, namespaced = true): Resource =>
  resourceOf({ group, version: "v1", plural, kind, namespaced })

/** What is recorded unless somebody asks for something else. */
export const defaultResources: ReadonlyArray<Resource> = [
  resource("", "pods", "Pod"),
  resource("", "nodes", "Node", false),
  resource("", "events", "Event"),
  resource("", "namespaces", "Namespace", false),
  resource("apps", "deployments", "Deployment"),
  resource("apps", "replicasets", "ReplicaSet"),
  resource("apps", "statefulsets", "StatefulSet"),
  resource("apps", "daemonsets", "DaemonSet"),
  resource("batch", "jobs", "Job"),
  resource("batch", "cronjobs", "CronJob")
]

/** What of the cluster is recorded. */
export interface Scope {
  /** Absent: all of them. Nodes are recorded whatever it says; of the namespaces only this one. */
  readonly namespace?: string
  /** A label selector, for pods, workloads and whatever else carries the labels of an application. */
  readonly selector?: string
}

export const pathOf = (self: Resource, { namespace }: Scope): string => {
  const group = self.group === "" ? "/api" : "/apis"
  const inside = self.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ""
  return `${group}/${groupVersionOf(self)}${inside}/${self.plural}`
}

/** Events, nodes and namespaces do not carry the labels of those whom they concern. */
const unlabelled: ReadonlySet<string> = new Set(["events", "events.events.k8s.io", "nodes", "namespaces"])

export const queryOf = (self: Resource, { namespace, selector }: Scope) => ({
  labelSelector: unlabelled.has(self.name) ? undefined : selector,
  fieldSelector: self.name === "namespaces" && namespace !== undefined ? `metadata.name=${namespace}` : undefined
})
