/**
 * What a kubelet says of its node (`pkg/kubelet/nodestatus/setters.go`, ReadyCondition after those of pressure; K-345, K-346), and
 * whether that is news (`pkg/kubelet/kubelet_node_status.go`, nodeStatusHasChanged; K-341).
 */
import { type Instant, toTime } from "../../../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { type PressureConditions, pressureConditions } from "./pressureConditions.ts"

/** `notReady`: why the kubelet cannot do its work. `Ready` is the last one, and a new one has no Event. */
export const nodeConditions = (
  before: ReadonlyArray<JsonObject>,
  pressure: ReadonlyArray<string>,
  now: Instant,
  notReady?: string
): PressureConditions => {
  const pressed = pressureConditions(before, pressure, now)
  const old = pressed.conditions.find((condition) => condition["type"] === "Ready")
  const status = notReady === undefined ? "True" : "False"
  const same = old?.["status"] === status
  const ready: JsonObject = {
    type: "Ready",
    status,
    lastHeartbeatTime: toTime(now),
    lastTransitionTime: (same ? old["lastTransitionTime"] : undefined) ?? toTime(now),
    reason: notReady === undefined ? "KubeletReady" : "KubeletNotReady",
    message: notReady ?? "kubelet is posting ready status"
  }
  return {
    conditions:
      old === undefined
        ? [...pressed.conditions, ready]
        : pressed.conditions.map((condition) => (condition === old ? ready : condition)),
    events:
      old === undefined || same ? pressed.events : [...pressed.events, status === "True" ? "NodeReady" : "NodeNotReady"]
  }
}

const withoutHeartbeats = (status: Json | undefined): JsonObject => {
  const { conditions = [], ...others } = isJsonObject(status) ? status : {}
  const told = (Array.isArray(conditions) ? conditions : []).map((condition: Json): Json => {
    const { lastHeartbeatTime: _, ...rest } = isJsonObject(condition) ? condition : {}
    return rest
  })
  return { ...others, conditions: told }
}

/** Does a node's status say anything but that its kubelet is alive? */
export const nodeStatusHasChanged = (before: Json | undefined, after: Json | undefined): boolean =>
  !jsonEqual(withoutHeartbeats(before), withoutHeartbeats(after))
