/** What somebody who watches with a selector is told of a change (C-136, C-174, C-175; `convertToWatchEvent`, k8s.io/apiserver/pkg/storage/cacher/cache_watcher.go). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import type { Status } from "../status.ts"

/** A change of an object: `previous` is the version before, absent if the object is new; of what is gone `object` is the last version. */
export interface ObjectChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED"
  readonly object: KubernetesObject
  readonly previous?: KubernetesObject
}

/** A frame of a watch. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR"
  readonly object: JsonObject
}

/**
 * Who selects sees what comes into the selection as new, and what leaves it as gone: the version that was selected last, with the
 * resourceVersion of what took it away. `undefined`: nothing that it need be told.
 */
export const selectedChange = (
  { type, object, previous }: ObjectChange,
  selects: (object: KubernetesObject) => boolean
): WatchEvent | undefined => {
  const isSelected = type !== "DELETED" && selects(object)
  const before = previous ?? (type === "DELETED" ? object : undefined)
  const wasSelected = before !== undefined && selects(before)
  if (isSelected) return { type: wasSelected ? "MODIFIED" : "ADDED", object }
  return before !== undefined && wasSelected
    ? { type: "DELETED", object: withResourceVersion(before, object.metadata.resourceVersion ?? "") }
    : undefined
}

const withResourceVersion = (object: KubernetesObject, resourceVersion: string): KubernetesObject =>
  object.metadata.resourceVersion === resourceVersion
    ? object
    : { ...object, metadata: { ...object.metadata, resourceVersion } }

/** C-172, C-173: the last frame of a watch that cannot go on; the response itself is a 200. */
export const errorEvent = (status: Status): WatchEvent => ({ type: "ERROR", object: status })
