/**
 * What the lines of a list that is streamed mean (`sendInitialEvents=true`, KEP-3157): objects until a bookmark says that they
 * were all. Kubernetes: staging/src/k8s.io/client-go/tools/cache/reflector.go, `watchList`.
 */
import { isJsonObject, type JsonObject } from "@kubereel/core"
import type { WatchLine } from "../client/ApiClient.ts"
import { type ApiFailure, failureOf, Garbled } from "../client/failures.ts"
import { identified } from "./Known.ts"
import type { Resource } from "./Resource.ts"

/** An object of the list; `MODIFIED`, `DELETED`: it changed while the list was on its way. */
export interface Item {
  readonly _tag: "Item"
  readonly change: "ADDED" | "MODIFIED" | "DELETED"
  readonly object: JsonObject
  readonly rounded: string | undefined
}

/** The list was whole at that version. */
export interface Whole {
  readonly _tag: "Whole"
  readonly resourceVersion: string
}

/** This is a watch like any other: the server does not know what it was asked. */
export interface Unstreamed {
  readonly _tag: "Unstreamed"
}

/** The failure that an ERROR line tells. */
export const refusalOf = (status: JsonObject): ApiFailure =>
  failureOf({
    server: "the API server",
    status: typeof status.code === "number" ? status.code : 0,
    detail: typeof status.message === "string" ? status.message : `the watch ended with ${JSON.stringify(status)}`
  })

/** What ends a list, so that nobody has to compare with what comes after it. */
export const INITIAL_EVENTS_END = "k8s.io/initial-events-end"

const bookmark = ({ metadata }: JsonObject): Whole | Unstreamed => {
  const { annotations, resourceVersion } = isJsonObject(metadata) ? metadata : ({} as JsonObject)
  const isEnd = isJsonObject(annotations) && annotations[INITIAL_EVENTS_END] === "true"
  return isEnd && typeof resourceVersion === "string" && resourceVersion !== ""
    ? { _tag: "Whole", resourceVersion }
    : { _tag: "Unstreamed" }
}

/** A line before the list was whole. */
export const initialOf = (
  { object, rounded, type }: WatchLine,
  resource: Resource
): Item | Whole | Unstreamed | ApiFailure => {
  if (type === "ERROR") return refusalOf(object)
  if (type === "BOOKMARK") return bookmark(object)
  if ((type === "ADDED" || type === "MODIFIED" || type === "DELETED") && identified(object) !== undefined)
    return { _tag: "Item", change: type, object, rounded }
  return new Garbled({ detail: `a line of the streamed list is no event of ${resource.name}` })
}
