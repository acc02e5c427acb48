/**
 * L80: who is not heard of is said to be. A kubelet renews its lease every 10 s, and tells its node's status every 5 min where nothing
 * changes, half of that sooner or later after a change: the node controller waits for the grace period after what it saw last, and looks
 * every 5 s.
 */
import type { Micros } from "../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { and, eventually, on, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type NodeSeen, nodeWithLease } from "../slice/node.ts"
import { isUnreachable } from "../vocabulary/node.ts"

const renewalOf = ({ spec }: KubernetesObject): string | undefined =>
  isJsonObject(spec) && typeof spec.renewTime === "string" ? spec.renewTime : undefined

const heartbeatOf = ({ status }: KubernetesObject): string | undefined => {
  if (!isJsonObject(status) || !Array.isArray(status.conditions)) return undefined
  const ready = (status.conditions as ReadonlyArray<JsonObject>).find(({ type }) => type === "Ready")
  return typeof ready?.lastHeartbeatTime === "string" ? ready.lastHeartbeatTime : undefined
}

const leaseOf = ({ nodeName, world }: NodeSeen): KubernetesObject | undefined =>
  world.named("Lease", "kube-node-lease", nodeName)

/** When the kubelet spoke last, where this is told by that change. */
const beat =
  (kind: "Lease" | "Node") =>
  (seen: NodeSeen): string | undefined => {
    const { before, object } = seen.change
    if (object.kind !== kind || seen.change.isDeleted || isUnreachable(seen.node)) return undefined
    const of = kind === "Lease" ? renewalOf : heartbeatOf
    const at = of(object)
    return before !== undefined && of(before) === at ? undefined : at
  }

/** Speaks again, is said to be silent, or is no more. */
const noticed = (kind: "Lease" | "Node", at: string) =>
  when("speaks again, or is said to be silent", (seen: NodeSeen) => {
    if (seen.isDeleted || isUnreachable(seen.node)) return true
    if (kind === "Node") return heartbeatOf(seen.node) !== at
    const lease = leaseOf(seen)
    return lease === undefined || renewalOf(lease) !== at
  })

const within = (kind: "Lease" | "Node", limit: Micros) =>
  on(kind === "Lease" ? "lease renewed" : "status told", beat(kind), (at) =>
    eventually(noticed(kind, at)).within(limit)
  )

export const silentNodeIsNoticed = property(
  "L80",
  {
    name: "node/silent-node-is-noticed",
    says: "A node whose kubelet is not heard of for the grace period is said to be in an unknown state",
    source: "pkg/controller/nodelifecycle/node_lifecycle_controller.go, tryUpdateNodeHealth",
    each: nodeWithLease,
    params: { grace: "50 s", reports: "7m30s", slack: "20 s" }
  },
  ({ params: { grace, reports, slack } }) =>
    and(within("Lease", grace + slack), within("Node", reports + grace + slack))
)
