/** Bookmarks: how far a watch has come, told by an object that is none (C-036, C-168, C-170; `k8s.io/apiserver/pkg/storage/cacher`). */
import type { JsonObject } from "../../../event/Json.ts"
import { emptyObjects } from "./emptyObjects.ts"

/** Which kind is watched, as its objects say it. */
export interface WatchedKind {
  readonly apiVersion: string
  readonly kind: string
}

/** The annotation of the bookmark that ends the initial events. */
export const INITIAL_EVENTS_END = "k8s.io/initial-events-end"

/**
 * The object of a bookmark: of the kind that is watched, with nothing but a resourceVersion. `ends`: the first one of a watch
 * that began with what there was.
 */
export const bookmark = ({ apiVersion, kind }: WatchedKind, resourceVersion: string, ends = false): JsonObject => {
  const key = `${apiVersion}/${kind}`
  const annotations = {
    // What apps/v1 says of the generation that extensions/v1beta1 had in the spec.
    ...(key === "apps/v1/DaemonSet" ? { "deprecated.daemonset.template.generation": "0" } : {}),
    ...(ends ? { [INITIAL_EVENTS_END]: "true" } : {})
  }
  return {
    kind,
    apiVersion,
    metadata: { resourceVersion, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    ...(Object.hasOwn(emptyObjects, key) ? emptyObjects[key] : {})
  }
}
