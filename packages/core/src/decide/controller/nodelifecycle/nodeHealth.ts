/** Whether a node is still heard of (`pkg/controller/nodelifecycle/node_lifecycle_controller.go`, tryUpdateNodeHealth; C-319, C-321, C-322). */
import { type Instant, later, type Micros, parseInstant, SECOND, toTime } from "../../../event/Instant.ts"
import type { Json, JsonObject } from "../../../event/Json.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import type { NodeObject } from "../../scheduler/NodeInfo.ts"

/** `--node-monitor-period`, `--node-monitor-grace-period`, `--node-startup-grace-period`. */
export const NODE_MONITOR_PERIOD: Micros = 5 * SECOND
const MONITOR_GRACE: Micros = 50 * SECOND
const STARTUP_GRACE: Micros = 60 * SECOND

/** What was known at the last look, by the controller's own clock: nodes' clocks may be wrong. */
export interface NodeHealth {
  /** When it was last seen to be alive. */
  readonly probe: Instant
  /** What its Ready condition said of its last heartbeat; `undefined`: it had none. */
  readonly heartbeat: Json | undefined
}

export interface Examined {
  readonly health: NodeHealth
  /** The status of Ready as it was found, and as it is now. */
  readonly observed: string
  readonly current: string | undefined
  /** To be written, if it says something new. */
  readonly status: JsonObject | undefined
}

/** NetworkUnavailable is not the kubelet's to tell. */
const told = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]

const conditionOf = (node: NodeObject, type: string): JsonObject | undefined =>
  entries(mapping(node, "status"), "conditions").find((condition) => text(condition, "type") === type)

export const readyStatus = (node: NodeObject): string | undefined => {
  const ready = conditionOf(node, "Ready")
  return ready === undefined ? undefined : text(ready, "status")
}

const asUnknown = (condition: JsonObject, now: Instant): JsonObject =>
  text(condition, "status") === "Unknown"
    ? condition
    : {
        ...condition,
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
        lastTransitionTime: toTime(now)
      }

const neverTold = (type: string, node: NodeObject, now: Instant): JsonObject => ({
  type,
  status: "Unknown",
  lastHeartbeatTime: node.metadata.creationTimestamp ?? null,
  lastTransitionTime: toTime(now),
  reason: "NodeStatusNeverUpdated",
  message: "Kubelet never posted node status."
})

/** All that the kubelet tells is unknown from now on. */
const unknownStatus = (node: NodeObject, now: Instant): JsonObject => {
  const conditions = entries(mapping(node, "status"), "conditions")
  const missing = told.filter((type) => conditionOf(node, type) === undefined)
  return {
    ...node.status,
    conditions: [
      ...conditions.map((condition) =>
        told.includes(text(condition, "type")) ? asUnknown(condition, now) : condition
      ),
      ...missing.map((type) => neverTold(type, node, now))
    ]
  }
}

const seen = (node: NodeObject, before: NodeHealth | undefined, now: Instant): NodeHealth => {
  const ready = conditionOf(node, "Ready")
  const heartbeat = ready?.["lastHeartbeatTime"] ?? undefined
  if (ready === undefined && before === undefined)
    return { probe: parseInstant(node.metadata.creationTimestamp ?? "") ?? now, heartbeat }
  if (before === undefined || before.heartbeat !== heartbeat) return { probe: now, heartbeat }
  return before
}

/** `renewed`: when its lease was last seen to be renewed, if it has one. */
export const examineNode = (
  node: NodeObject,
  before: NodeHealth | undefined,
  renewed: Instant | undefined,
  now: Instant
): Examined => {
  const known = seen(node, before, now)
  const health = { ...known, probe: Math.max(known.probe, renewed ?? known.probe) as Instant }
  const current = readyStatus(node)
  const observed = current ?? "Unknown"
  if (!isSilent(node, health, now)) return { health, observed, current, status: undefined }
  const ready = conditionOf(node, "Ready")
  const status = unknownStatus(node, now)
  const news = ready === undefined || text(ready, "status") !== "Unknown"
  return { health, observed, current: "Unknown", status: news ? status : undefined }
}

const graceOf = (node: NodeObject): Micros => (readyStatus(node) === undefined ? STARTUP_GRACE : MONITOR_GRACE)

const isSilent = (node: NodeObject, { probe }: NodeHealth, now: Instant): boolean => now > later(probe, graceOf(node))

/** The last moment at which silence since then is nothing yet. */
export const silenceEnds = (node: NodeObject, since: Instant): Instant => later(since, graceOf(node))
