/** Events of `events.k8s.io/v1`, which give the fields of those of `v1` other names; they are stored as v1 (`pkg/apis/events/v1/conversion.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"

/** The fields of `v1` with their names in `events.k8s.io/v1`, in the order in which that has them. */
const names = [
  ["metadata", "metadata"],
  ["eventTime", "eventTime"],
  ["series", "series"],
  ["reportingComponent", "reportingController"],
  ["reportingInstance", "reportingInstance"],
  ["action", "action"],
  ["reason", "reason"],
  ["involvedObject", "regarding"],
  ["related", "related"],
  ["message", "note"],
  ["type", "type"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"]
] as const

const renamed = (object: JsonObject, from: 0 | 1): JsonObject => {
  const to = from === 0 ? 1 : 0
  const known = names.flatMap((pair) => (object[pair[from]] === undefined ? [] : [[pair[to], object[pair[from]]]]))
  const taken = new Set<string>(names.map((pair) => pair[from]))
  const others = Object.entries(object).filter(([name]) => !taken.has(name))
  return Object.fromEntries([...others, ...known]) as JsonObject
}

export const toEventsV1 = (event: KubernetesObject): KubernetesObject =>
  ({ ...renamed(event, 0), apiVersion: "events.k8s.io/v1" }) as KubernetesObject

/** What it does not know stays under its name, for the server to say so. */
export const fromEventsV1 = (event: KubernetesObject): KubernetesObject =>
  ({ ...renamed(event, 1), apiVersion: "v1" }) as KubernetesObject
